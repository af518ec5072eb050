import { Duration, Size } from 'aws-cdk-lib';
import { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { ITopic } from 'aws-cdk-lib/aws-sns';

/**
 * Options for the alarms of a tracking server. A threshold has no effect if the server does not have its metric.
 */
export interface AlarmOptions {
  /**
   * The Amazon SNS topic to notify when an alarm enters the ALARM state and when it returns to OK.
   *
   * @default - no notifications
   */
  readonly topic?: ITopic;

  /**
   * Additional actions when an alarm enters the ALARM state.
   *
   * @default - no additional actions
   */
  readonly alarmActions?: IAlarmAction[];

  /**
   * The number of HTTP 5xx responses of the server in five minutes at which the alarm fires.
   *
   * @default 10
   */
  readonly serverErrors?: number;

  /**
   * The 90th percentile of the response time, over fifteen minutes, at which the alarm fires. Uploads count: the server
   * responds after it has stored the artifact.
   *
   * @default Duration.seconds(5)
   */
  readonly targetResponseTime?: Duration;

  /**
   * The memory utilization of the servers, in percent, over fifteen minutes, at which the alarm fires.
   *
   * @default 90
   */
  readonly memoryUtilizationPercent?: number;

  /**
   * The CPU utilization of the database, in percent, over fifteen minutes, at which the alarm fires.
   *
   * @default 90
   */
  readonly databaseCpuUtilizationPercent?: number;

  /**
   * The free storage space of the database below which the alarm fires. Storage autoscaling normally adds storage earlier.
   *
   * @default Size.gibibytes(1)
   */
  readonly databaseFreeStorageSpace?: Size;

  /**
   * The share of the database's maximum number of connections, in percent, over fifteen minutes, at which the alarm fires.
   *
   * @default 80
   */
  readonly databaseConnectionsPercent?: number;
}
