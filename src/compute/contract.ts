import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { ArtifactStoreConfig } from '../artifact-store/contract';
import { EndpointConfig } from '../endpoint/contract';
import { Profile, ServerDefinition } from '../server';
import { ComputeCapabilities, ComputeSize } from './capabilities';
import { ComputeConfig } from './config';

export * from './config';

/**
 * Options for binding a compute.
 */
export interface ComputeBindOptions {
  /**
   * The profile of the deployment.
   */
  readonly profile: Profile;

  /**
   * The artifact store. The construct grants permissions on it.
   */
  readonly artifactStore: ArtifactStoreConfig;

  /**
   * What to run, and where. Set unless the compute is a managed service.
   *
   * @default - the compute is a managed service
   */
  readonly selfHosted?: SelfHostedBindOptions;
}

/**
 * Options for binding a compute that runs the server process of the construct.
 */
export interface SelfHostedBindOptions {
  /**
   * The server to run.
   */
  readonly server: ServerDefinition;

  /**
   * The size of the servers: the compute's own capabilities, completed from the profile.
   */
  readonly size: ComputeSize;

  /**
   * The VPC of the server and the database.
   */
  readonly vpc: IVpc;

  /**
   * How clients reach the server. The construct connects the compute and the load balancer. If the compute has its own
   * endpoint, this is what its capabilities state.
   */
  readonly endpoint: EndpointConfig;
}

/**
 * Where the MLflow server runs: create one with `Compute`, or implement this interface for your own.
 */
export interface ICompute {
  /**
   * The capabilities of the compute. They are read before anything is defined.
   */
  readonly capabilities: ComputeCapabilities;

  /**
   * Binds the compute. Called once by the construct.
   *
   * @param scope The scope of the compute.
   * @param options Options for binding.
   */
  bind(scope: Construct, options: ComputeBindOptions): ComputeConfig;
}
