/**
 * How the number of tasks follows the load. Without a target, the CPU is kept at 60 percent.
 */
export interface EcsScalingOptions {
  /**
   * The smallest number of tasks.
   *
   * @default 1
   */
  readonly minReplicas?: number;

  /**
   * The largest number of tasks. The database must accept the connections of so many.
   */
  readonly maxReplicas: number;

  /**
   * The CPU utilization, averaged over the tasks, that is aimed at. From 10 to 90 percent.
   *
   * @default - 60, or none where `requestsPerTarget` is set
   */
  readonly cpuUtilizationPercent?: number;

  /**
   * The requests per minute and task that are aimed at. Needs an endpoint with a load balancer.
   *
   * @default - the number of tasks does not follow the requests
   */
  readonly requestsPerTarget?: number;
}
