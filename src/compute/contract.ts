import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { ArtifactStoreConfig } from '../artifact-store/contract';
import { EndpointConfig } from '../endpoint/contract';
import { Profile, ServerDefinition } from '../server';
import { ComputeCapabilities, ComputeSize } from './capabilities';
import { ComputeConfig } from './config';

export * from './config';

/**
 * What a compute is bound with.
 */
export interface ComputeBindOptions {
  /**
   * The profile that gives the defaults.
   */
  readonly profile: Profile;

  /**
   * How large the servers are: the compute's own capabilities, completed from the profile.
   */
  readonly size: ComputeSize;

  /**
   * Where the artifacts live. The construct grants the access.
   */
  readonly artifactStore: ArtifactStoreConfig;

  /**
   * The network to run in.
   *
   * @default - none, where the compute brings the network
   */
  readonly vpc?: IVpc;

  /**
   * How the server will be reached. The construct joins the compute and the load balancer.
   *
   * @default - none, where the compute brings the endpoint
   */
  readonly endpoint?: EndpointConfig;

  /**
   * What to run.
   *
   * @default - none, where the compute brings the server process
   */
  readonly server?: ServerDefinition;
}

/**
 * Where the MLflow server runs: choose one with `Compute`, or implement this interface for a place of your own.
 */
export interface ICompute {
  /**
   * What the compute can do. Read before anything is defined.
   */
  readonly capabilities: ComputeCapabilities;

  /**
   * Define the compute. Called once, by the construct.
   * @param scope The scope that belongs to the compute alone.
   * @param options What the compute is bound with.
   */
  bind(scope: Construct, options: ComputeBindOptions): ComputeConfig;
}
