import { Duration } from 'aws-cdk-lib';
import { Connections, IPeer, IVpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { EndpointCapabilities } from './capabilities';
import { IngressConfig } from './ingress-config';
import { Profile } from '../server';

export * from './capabilities';

/**
 * Options for binding an endpoint.
 */
export interface EndpointBindOptions {
  /**
   * The profile of the deployment.
   */
  readonly profile: Profile;

  /**
   * The VPC of the server.
   */
  readonly vpc: IVpc;

  /**
   * The TCP port that the server listens on.
   */
  readonly port: number;

  /**
   * The HTTP path for health checks, which returns 200 without credentials while the server is running.
   */
  readonly healthCheckPath: string;
}

/**
 * A bound endpoint.
 */
export interface EndpointConfig {
  /**
   * The scheme and host, such as `https://mlflow.example.com`, with the port unless it is the default port of
   * the scheme.
   */
  readonly origin: string;

  /**
   * The host names that clients use, without ports. The server rejects requests for any other name.
   */
  readonly hostNames: string[];

  /**
   * The network connections of the endpoint. Their default port is the one that clients connect to.
   *
   * @default - the endpoint has no security groups
   */
  readonly connections?: Connections;

  /**
   * The target group of the load balancer. The servers are registered as its targets.
   *
   * @default - no load balancer
   */
  readonly targetGroup?: ApplicationTargetGroup;

  /**
   * The time after which the load balancer closes an idle connection. The server keeps connections open for longer.
   *
   * @default - unknown
   */
  readonly idleTimeout?: Duration;

  /**
   * The clients that can connect to the servers directly.
   *
   * @default - only the load balancer can connect to the servers
   */
  readonly clients?: IPeer[];

  /**
   * The allocation ID of the Elastic IP address to associate with the server, which then runs in public subnets.
   *
   * @default - no Elastic IP address
   */
  readonly elasticIpAllocationId?: string;

  /**
   * Whether clients connect through AWS Systems Manager Session Manager. The compute then returns a `connectCommand`.
   *
   * @default false
   */
  readonly sessionManager?: boolean;

  /**
   * The settings of the Kubernetes ingress that the compute creates, for the first of `hostNames`.
   *
   * @default - no ingress
   */
  readonly ingress?: IngressConfig;
}

/**
 * How clients reach the server: create one with `Endpoint`, or implement this interface for your own.
 */
export interface IEndpoint {
  /**
   * The capabilities of the endpoint. They are read before anything is defined.
   */
  readonly capabilities: EndpointCapabilities;

  /**
   * Binds the endpoint. Called once by the construct.
   *
   * @param scope The scope of the endpoint.
   * @param options Options for binding.
   */
  bind(scope: Construct, options: EndpointBindOptions): EndpointConfig;
}
