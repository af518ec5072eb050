import { Duration, Size } from 'aws-cdk-lib';
import { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { ITopic } from 'aws-cdk-lib/aws-sns';

/**
 * When the alarms of a tracking server go off, and who learns of it. A threshold of something that the server's parts do
 * not measure has no effect.
 */
export interface AlarmOptions {
  /**
   * The topic that is told when an alarm goes off, and when it is over.
   *
   * @default - nobody is told
   */
  readonly topic?: ITopic;

  /**
   * What else is done when an alarm goes off.
   *
   * @default - nothing
   */
  readonly alarmActions?: IAlarmAction[];

  /**
   * The number of answers of the server with a status of 500 or more, in five minutes, that are too many.
   *
   * @default 10
   */
  readonly serverErrors?: number;

  /**
   * The time that nine of ten answers of the server take no longer than, in the last fifteen minutes. Uploads of
   * artifacts count: the server answers them once they are stored.
   *
   * @default Duration.seconds(5)
   */
  readonly responseTime?: Duration;

  /**
   * The share of the servers' memory, in percent, whose use for fifteen minutes is too much.
   *
   * @default 90
   */
  readonly memoryUtilizationPercent?: number;

  /**
   * The share of the database's CPU, in percent, whose use for fifteen minutes is too much.
   *
   * @default 90
   */
  readonly databaseCpuUtilizationPercent?: number;

  /**
   * The free space of the database that is too little. Its storage should have grown before.
   *
   * @default Size.gibibytes(1)
   */
  readonly databaseFreeStorage?: Size;

  /**
   * The share of the connections that the database accepts, in percent, whose use for fifteen minutes is too much.
   *
   * @default 80
   */
  readonly databaseConnectionsPercent?: number;
}
