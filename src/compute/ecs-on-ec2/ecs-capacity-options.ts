import { Size } from 'aws-cdk-lib';
import { IMachineImage, InstanceType, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CapacityProviderStrategy, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { EcsOnEc2SpotOptions } from './ecs-on-ec2-spot-options';

/**
 * Options for the capacity of an existing cluster.
 */
export interface EcsExistingCapacityOptions {
  /**
   * The capacity providers of the cluster that the tasks use, and their weights.
   *
   * @default - the default strategy of the cluster or, if it has none, any of its instances
   */
  readonly capacityProviderStrategies?: CapacityProviderStrategy[];
}

/**
 * Options for a new cluster with an Auto Scaling group, whose number of instances follows the number of tasks. Each task
 * has its own instance.
 */
export interface EcsAutoScalingCapacityOptions {
  /**
   * The type of the instances: Graviton or x86. A task must fit in its memory, of which the system uses 7.5 percent and
   * 256 MiB.
   *
   * @default - the smallest t4g, or t3 with `CpuArchitecture.X86_64`, that fits a task: t4g.small in the development
   * profile, t4g.medium in the production profile
   */
  readonly instanceType?: InstanceType;

  /**
   * The number of vCPUs of an instance, for an instance type that the library does not know.
   *
   * @default - that of the instance type
   */
  readonly vcpus?: number;

  /**
   * The memory of an instance, for an instance type that the library does not know.
   *
   * @default - that of the instance type
   */
  readonly memory?: Size;

  /**
   * An Amazon Linux AMI with the ECS agent, such as one that your organization has hardened.
   *
   * @default - the newest ECS-optimized Amazon Linux 2023 AMI at each deployment; a newer one replaces the instances one
   * by one
   */
  readonly machineImage?: IMachineImage;

  /**
   * The size of the encrypted disk of each instance, from 30 to 16384 GiB. The server buffers each upload on this disk
   * before it sends it to Amazon S3. Allow for the image, and the largest artifact times the number of concurrent uploads.
   *
   * @default Size.gibibytes(30)
   */
  readonly volumeSize?: Size;

  /**
   * The minimum number of instances. With 0, there are only instances for tasks, and none outside `workingHours`.
   *
   * @default 0
   */
  readonly minCapacity?: number;

  /**
   * The maximum number of instances. At least the maximum number of tasks.
   *
   * @default - the maximum number of tasks, or `minCapacity` if it is greater
   */
  readonly maxCapacity?: number;

  /**
   * Which of the instances are Spot Instances: spare capacity, which AWS interrupts with a warning of two minutes, and
   * which is sometimes unavailable. During the warning the tasks finish open requests.
   *
   * @default - On-Demand Instances
   */
  readonly spot?: EcsOnEc2SpotOptions;

  /**
   * The IAM role of the instances. It must trust `ec2.amazonaws.com`. The construct adds the permissions that the ECS agent
   * and Session Manager need.
   *
   * @default - a new role
   */
  readonly role?: IRole;

  /**
   * The security group of the instances. It needs no inbound rules, and must allow outbound HTTPS traffic.
   *
   * @default - a new security group without inbound rules
   */
  readonly securityGroup?: ISecurityGroup;

  /**
   * Whether the Auto Scaling group keeps the instances that run tasks when it scales in.
   *
   * AWS CloudFormation cannot delete such a group. The stack therefore contains a function that deletes the group and its
   * instances when the compute or the stack is deleted. The stack also contains it without this protection, so that you
   * can turn the protection on and off.
   *
   * @default true
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-termination-protection.html
   */
  readonly managedTerminationProtection?: boolean;

  /**
   * The Container Insights of the cluster.
   *
   * @default - ContainerInsights.DISABLED in the development profile, ContainerInsights.ENABLED in the production profile
   */
  readonly containerInsights?: ContainerInsights;

  /**
   * For a stack without assets, such as that of a published template. A stack must never change it while the group exists.
   *
   * @internal
   */
  readonly _withoutGroupRemoval?: true;
}
