import { Duration } from 'aws-cdk-lib';
import { Connections, IPeer, IVpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { EndpointCapabilities } from './capabilities';
import { IngressConfig } from './ingress-config';
import { Profile } from '../server';

export * from './capabilities';

/**
 * What an endpoint is bound with.
 */
export interface EndpointBindOptions {
  /**
   * The profile that gives the defaults.
   */
  readonly profile: Profile;

  /**
   * The network that the server runs in.
   */
  readonly vpc: IVpc;

  /**
   * The TCP port that the server listens on.
   */
  readonly port: number;

  /**
   * The HTTP path that answers 200 while the server is up, without credentials.
   */
  readonly healthCheckPath: string;
}

/**
 * How clients reach the server.
 */
export interface EndpointConfig {
  /**
   * The scheme and host, such as `https://mlflow.example.com`, with the port unless it is the scheme's own.
   */
  readonly origin: string;

  /**
   * The names by which clients address the server, without ports. The server refuses requests for any other name.
   */
  readonly hostNames: string[];

  /**
   * The endpoint's network connections, with the port that clients use as the default port.
   *
   * @default - clients do not reach the endpoint over the VPC
   */
  readonly connections?: Connections;

  /**
   * The load balancer's target group that the server joins.
   *
   * @default - there is no load balancer
   */
  readonly targetGroup?: ApplicationTargetGroup;

  /**
   * The time after which the load balancer closes an idle connection. The server keeps connections open for longer.
   *
   * @default - there is no load balancer
   */
  readonly idleTimeout?: Duration;

  /**
   * Who may connect to the server itself.
   *
   * @default - nobody but the load balancer
   */
  readonly clients?: IPeer[];

  /**
   * The allocation id of the Elastic IP that the server takes. It then runs in public subnets.
   *
   * @default - the server has no fixed address
   */
  readonly elasticIpAllocationId?: string;

  /**
   * Whether clients come through AWS Systems Manager Session Manager. The compute gives the command for it.
   *
   * @default false
   */
  readonly sessionManager?: boolean;

  /**
   * What the cluster's ingress controller is told. The compute makes the ingress, for the first of `hostNames`.
   *
   * @default - there is no ingress
   */
  readonly ingress?: IngressConfig;
}

/**
 * How people and programs reach the server.
 *
 * Choose one with `Endpoint`, or implement this interface for an endpoint of your own.
 */
export interface IEndpoint {
  /**
   * What the endpoint offers. Read before anything is defined.
   */
  readonly capabilities: EndpointCapabilities;

  /**
   * Define the endpoint. Called once, by the construct.
   *
   * @param scope The scope that belongs to the endpoint alone.
   * @param options What the endpoint is bound with.
   */
  bind(scope: Construct, options: EndpointBindOptions): EndpointConfig;
}
