import { Metric } from 'aws-cdk-lib/aws-cloudwatch';

/**
 * Metrics of a backend store.
 */
export interface BackendStoreMetrics {
  /**
   * The CPU utilization, in percent.
   *
   * @default - no such metric
   */
  readonly cpuUtilization?: Metric;

  /**
   * The free storage space, in bytes.
   *
   * @default - no such metric
   */
  readonly freeStorageSpace?: Metric;

  /**
   * The number of connections that are in use.
   *
   * @default - no such metric
   */
  readonly databaseConnections?: Metric;
}
