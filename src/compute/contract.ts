import { CfnResource } from 'aws-cdk-lib';
import { Connections, IVpc } from 'aws-cdk-lib/aws-ec2';
import { IApplicationLoadBalancerTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ArtifactStoreConfig } from '../artifact-store/contract';
import { EndpointConfig } from '../endpoint/contract';
import { Profile, ServerDefinition } from '../server';
import { ComputeCapabilities, ComputeSize } from './capabilities';

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
 * What a bound compute offers to the construct, which wires it to the other parts.
 */
export interface ComputeConfig {
  /**
   * The identity of the server. It is granted the access to the artifacts.
   */
  readonly grantee: IGrantable;

  /**
   * The network connections of the server. They are allowed to reach the database.
   *
   * @default - the compute has no connections of its own
   */
  readonly connections?: Connections;

  /**
   * What a load balancer sends requests to.
   *
   * @default - the compute cannot be a load balancer's target
   */
  readonly loadBalancerTarget?: IApplicationLoadBalancerTarget;

  /**
   * The resources that start the server. They wait until everything that the server needs exists.
   *
   * @default - nothing waits
   */
  readonly workloads?: CfnResource[];

  /**
   * The address for MLflow clients.
   *
   * @default - the endpoint's
   */
  readonly trackingUri?: string;
}

/**
 * Where the MLflow server runs.
 *
 * Choose one with `Compute`, or implement this interface to run the server in a place of your own.
 */
export interface ICompute {
  /**
   * What the compute can do. Read before anything is defined.
   */
  readonly capabilities: ComputeCapabilities;

  /**
   * Define the compute. Called once, by the construct.
   *
   * @param scope The scope that belongs to the compute alone.
   * @param options What the compute is bound with.
   */
  bind(scope: Construct, options: ComputeBindOptions): ComputeConfig;
}
