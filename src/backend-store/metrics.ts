import { Metric } from 'aws-cdk-lib/aws-cloudwatch';

/**
 * What a backend store measures of itself.
 */
export interface BackendStoreMetrics {
  /**
   * The share of the CPU that is used, in percent.
   *
   * @default - not measured
   */
  readonly cpuUtilization?: Metric;

  /**
   * The free space, in bytes.
   *
   * @default - not measured
   */
  readonly freeStorage?: Metric;

  /**
   * The number of open connections.
   *
   * @default - not measured
   */
  readonly connections?: Metric;
}
