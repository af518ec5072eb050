/**
 * Options for scaling the number of tasks with the load. If you set no target, the CPU utilization is kept at 60 percent.
 */
export interface EcsScalingOptions {
  /**
   * The minimum number of tasks.
   *
   * @default 1
   */
  readonly minReplicas?: number;

  /**
   * The maximum number of tasks. The database must support the connections of this many tasks.
   */
  readonly maxReplicas: number;

  /**
   * The target for the average CPU utilization of the tasks, from 10 to 90 percent.
   *
   * @default - 60, or no target if you set `requestsPerTarget`
   */
  readonly cpuUtilizationPercent?: number;

  /**
   * The target for the number of requests per task and minute. Requires an endpoint with a load balancer.
   *
   * @default - the number of tasks does not follow the number of requests
   */
  readonly requestsPerTarget?: number;
}
