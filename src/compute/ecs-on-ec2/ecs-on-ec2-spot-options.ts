import { InstanceType } from 'aws-cdk-lib/aws-ec2';

/**
 * How many instances of a server on Amazon ECS are Spot Instances.
 */
export interface EcsOnEc2SpotOptions {
  /**
   * The number of instances that are on demand before any is a Spot Instance.
   *
   * @default 0
   */
  readonly onDemandBase?: number;

  /**
   * The share of the instances beyond `onDemandBase` that are on demand, in percent. From 0 to 99.
   *
   * @default 0
   */
  readonly onDemandPercent?: number;

  /**
   * Other types that will do, beside `instanceType`: AWS takes those that it has most of. Each must hold a task, and have
   * the architecture of `instanceType`.
   *
   * @default - none
   */
  readonly otherInstanceTypes?: InstanceType[];
}
