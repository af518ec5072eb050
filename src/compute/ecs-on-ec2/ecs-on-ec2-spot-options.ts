import { InstanceType } from 'aws-cdk-lib/aws-ec2';

/**
 * Options for Spot Instances.
 */
export interface EcsOnEc2SpotOptions {
  /**
   * The number of On-Demand Instances that are launched before any Spot Instance.
   *
   * @default 0
   */
  readonly onDemandBase?: number;

  /**
   * The percentage of On-Demand Instances above `onDemandBase`, from 0 to 99.
   *
   * @default 0
   */
  readonly onDemandPercent?: number;

  /**
   * Other instance types that are also suitable: AWS launches those with the most spare capacity. Each must fit a task,
   * and have the architecture of `instanceType`.
   *
   * @default - no other instance types
   */
  readonly otherInstanceTypes?: InstanceType[];
}
