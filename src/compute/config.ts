import { CfnResource } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Connections } from 'aws-cdk-lib/aws-ec2';
import { IApplicationLoadBalancerTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { ClientPermissions } from './client-permissions';

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
   * The address for MLflow clients, without `staticPrefix`, which the construct appends. Required if the compute is
   * managed or has its own endpoint.
   *
   * @default - the endpoint's
   */
  readonly trackingUri?: string;

  /**
   * What clients need where AWS Identity and Access Management decides who may use the server.
   *
   * @default - clients sign in as the server's authentication says
   */
  readonly clientPermissions?: ClientPermissions;

  /**
   * The Python packages that a client needs, as `pip install` takes them. They become an output of the stack.
   *
   * @default - MLflow alone, and no output
   */
  readonly clientPackages?: string[];

  /**
   * The shell command by which a person opens a way to the server, where the endpoint leaves that to Session Manager. It
   * becomes an output of the stack.
   *
   * @default - none
   */
  readonly connectCommand?: string;

  /**
   * What the compute measures of itself.
   *
   * @default - nothing
   */
  readonly metrics?: ComputeMetrics;
}

/**
 * What a compute measures of itself. Each is of all servers together.
 */
export interface ComputeMetrics {
  /**
   * The share of the CPU that is used, in percent.
   *
   * @default - not measured
   */
  readonly cpuUtilization?: Metric;

  /**
   * The share of the memory that is used, in percent.
   *
   * @default - not measured
   */
  readonly memoryUtilization?: Metric;
}
