import { Size } from 'aws-cdk-lib';
import { IMachineImage, InstanceType, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { CapacityProviderStrategy, CpuArchitecture, ICluster } from 'aws-cdk-lib/aws-ecs';
import { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { EcsOnEc2SpotOptions } from './ecs-on-ec2-spot-options';
import { EcsComputeProps } from '../ecs/ecs-compute-props';

/**
 * Settings of a server on Amazon ECS whose tasks run on EC2 instances.
 *
 * Without `cluster`, the server has a cluster of its own, and each of its tasks an instance of its own: with `scaling`, the
 * instances follow the tasks.
 */
export interface EcsOnEc2ComputeProps extends EcsComputeProps {
  /**
   * The CPU of each task, in CPU units: 1024 are one vCPU. From 128 to 196608.
   *
   * @default - 512 in the development profile, 1024 in the production profile
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters_ec2.html#task_size
   */
  readonly cpu?: number;

  /**
   * The processor architecture. The image must support it. In a given cluster, tasks are placed on such instances only.
   *
   * @default - that of `instanceType`, or ARM64; in a given cluster, any
   */
  readonly cpuArchitecture?: CpuArchitecture;

  /**
   * The cluster to run in. It must have EC2 capacity. The server then lives in the cluster's VPC, beside what else runs
   * there, and nothing of the cluster is changed.
   *
   * @default - a cluster of its own, with an Auto Scaling group
   */
  readonly cluster?: ICluster;

  /**
   * The capacity providers of the given cluster that the tasks run on, and their shares.
   *
   * @default - the cluster's own default or, where it has none, any of its instances
   */
  readonly capacityProviderStrategies?: CapacityProviderStrategy[];

  /**
   * The type of the instances: Graviton or x86. It must hold a task: of its memory, the system takes 7.5 percent and
   * 256 MiB. Cannot be set with a given `cluster`.
   *
   * @default - the smallest t4g, or t3 with `CpuArchitecture.X86_64`, that holds a task: t4g.small in the development
   * profile, t4g.medium in the production profile
   */
  readonly instanceType?: InstanceType;

  /**
   * The number of virtual CPUs of an instance whose type the library does not know.
   *
   * @default - the instance type's own
   */
  readonly instanceVcpus?: number;

  /**
   * The memory of an instance whose type the library does not know.
   *
   * @default - the instance type's own
   */
  readonly instanceMemory?: Size;

  /**
   * An image with the ECS agent on Amazon Linux, such as one that your organisation has hardened. Cannot be set with a
   * given `cluster`.
   *
   * @default - the newest ECS-optimised Amazon Linux 2023 at each deployment; a newer one replaces the instances, one
   * after the other
   */
  readonly machineImage?: IMachineImage;

  /**
   * The encrypted disk of each instance, from 30 to 16384 whole GiB. An upload is kept there, whole, while it is on its
   * way to the artifact store: plan for the image and the largest artifact times the uploads at the same time. Cannot be
   * set with a given `cluster`.
   *
   * @default Size.gibibytes(30)
   */
  readonly volumeSize?: Size;

  /**
   * The smallest number of instances. With 0, instances follow the tasks: none runs outside of `workingHours`. Cannot be
   * set with a given `cluster`.
   *
   * @default 0
   */
  readonly minCapacity?: number;

  /**
   * The largest number of instances: as many as there may be tasks, or more. Cannot be set with a given `cluster`.
   *
   * @default - the largest number of tasks, or `minCapacity` if that is more
   */
  readonly maxCapacity?: number;

  /**
   * Whether instances may be Spot Instances: spare capacity, which AWS takes back with two minutes' notice, and at times
   * does not have. The tasks use the notice to finish open requests. Cannot be set with a given `cluster`.
   *
   * @default - instances are on demand
   */
  readonly spot?: EcsOnEc2SpotOptions;

  /**
   * Whether the Auto Scaling group spares an instance that a task runs on when it scales in.
   *
   * Such a group cannot be deleted by AWS CloudFormation. The stack therefore has a function that deletes the group, with
   * its instances, when the compute or the stack is deleted. It has it without this protection too, so that the protection
   * can be switched on and off. Cannot be set with a given `cluster`.
   *
   * @default true
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-termination-protection.html
   */
  readonly managedTerminationProtection?: boolean;

  /**
   * For a stack that cannot have assets, such as that of a published template, and then for as long as the group is there.
   *
   * @internal
   */
  readonly _withoutGroupRemoval?: true;

  /**
   * The upper limit of what the roles of the tasks and the instances may be granted.
   *
   * @default - none
   */
  readonly permissionsBoundary?: IManagedPolicy;

  /**
   * The subnets of the tasks and of the instances. Not public ones: a task on EC2 has no public address.
   *
   * @default - private ones with a way out or, where the VPC has none, isolated ones
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html
   */
  readonly vpcSubnets?: SubnetSelection;
}
