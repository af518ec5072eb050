import { SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { EcsCapacity } from './ecs-capacity';
import { EcsComputeProps } from '../ecs/ecs-compute-props';

/**
 * Properties of a server on Amazon ECS with EC2 instances.
 */
export interface EcsOnEc2ComputeProps extends EcsComputeProps {
  /**
   * The instances that the tasks run on.
   *
   * @default EcsCapacity.autoScaling()
   */
  readonly capacity?: EcsCapacity;

  /**
   * The CPU of each task, in CPU units. 1 vCPU is 1024 units. From 128 to 196608.
   *
   * @default - 512 in the development profile, 1024 in the production profile
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters_ec2.html#task_size
   */
  readonly cpu?: number;

  /**
   * The CPU architecture of the tasks. The image must support it. In an existing cluster, the tasks are placed only on
   * instances with this architecture.
   *
   * @default - that of `instanceType`, or ARM64; any in an existing cluster
   */
  readonly cpuArchitecture?: CpuArchitecture;

  /**
   * The subnets of the tasks and of the instances that the construct creates. They cannot be public, because a task on
   * EC2 has no public address.
   *
   * @default - private subnets with internet access or, if the VPC has none, isolated subnets
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html
   */
  readonly vpcSubnets?: SubnetSelection;
}
