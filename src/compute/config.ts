import { CfnResource } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Connections } from 'aws-cdk-lib/aws-ec2';
import { IApplicationLoadBalancerTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { ClientPermissions } from './client-permissions';

/**
 * A bound compute. The construct connects it to the other parts.
 */
export interface ComputeConfig {
  /**
   * The identity of the server. It is granted permissions on the artifacts.
   */
  readonly grantee: IGrantable;

  /**
   * The network connections of the servers, with the port of the server as the default port. They are allowed to connect to
   * the database.
   *
   * @default - the servers have no security groups
   */
  readonly connections?: Connections;

  /**
   * The target of a load balancer.
   *
   * @default - the servers cannot be the targets of a load balancer
   */
  readonly loadBalancerTarget?: IApplicationLoadBalancerTarget;

  /**
   * The resources that start the servers. They depend on everything that the servers need.
   *
   * @default - no dependencies are added
   */
  readonly workloads?: CfnResource[];

  /**
   * The address for MLflow clients, without `staticPrefix`, which the construct appends. Required if the compute is
   * managed or has its own endpoint.
   *
   * @default - the origin of the endpoint
   */
  readonly trackingUri?: string;

  /**
   * The permissions that clients need, if IAM controls access to the server.
   *
   * @default - the authentication of the server controls access
   */
  readonly clientPermissions?: ClientPermissions;

  /**
   * The Python packages that clients need, as arguments of `pip install`. They are an output of the stack.
   *
   * @default - only MLflow, and no output
   */
  readonly clientPackages?: string[];

  /**
   * The shell command that opens a tunnel to the server, if clients connect through Session Manager. It is an output of the
   * stack.
   *
   * @default - no command
   */
  readonly connectCommand?: string;

  /**
   * Metrics of the compute.
   *
   * @default - no metrics
   */
  readonly metrics?: ComputeMetrics;
}

/**
 * Metrics of a compute, for all servers together.
 */
export interface ComputeMetrics {
  /**
   * The CPU utilization, in percent.
   *
   * @default - no such metric
   */
  readonly cpuUtilization?: Metric;

  /**
   * The memory utilization, in percent.
   *
   * @default - no such metric
   */
  readonly memoryUtilization?: Metric;
}
