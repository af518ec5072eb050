import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { InstanceArchitecture, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { CpuArchitecture, Ec2ServiceProps, ICluster } from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { Problems } from '../../private/problems';
import { EcsComputeProps } from '../ecs/ecs-compute-props';
import { ServerBindOptions } from '../self-hosted';
import { ComputeDeploymentContext } from '../validation';

/** The props of the tasks that the capacity depends on. */
export interface TaskProps extends EcsComputeProps {
  readonly cpuArchitecture?: CpuArchitecture;
  readonly vpcSubnets?: SubnetSelection;
}

/** Where tasks run: the instances of an existing cluster, or of a new one. */
export interface CapacitySource {
  /** The existing cluster. */
  readonly cluster?: ICluster;
  /** The architecture of the instances, if all of them have the same. */
  architecture(props: TaskProps): InstanceArchitecture | undefined;
  /** Notes props of the tasks that are incompatible with the instances. */
  checkProps(problems: Problems, props: TaskProps): void;
  /** Notes what is incompatible with the other parts. */
  checkDeployment(problems: Problems, props: TaskProps, context: ComputeDeploymentContext): void;
  define(scope: Construct, props: TaskProps, options: ServerBindOptions, vpcSubnets: SubnetSelection): DefinedCapacity;
}

export interface DefinedCapacity {
  readonly cluster: ICluster;
  readonly autoScalingGroup?: AutoScalingGroup;
  /** How ECS places the tasks. */
  readonly placement: Pick<
    Ec2ServiceProps,
    'capacityProviderStrategies' | 'placementConstraints' | 'placementStrategies'
  >;
  /** What the tasks depend on. */
  readonly dependencies: Construct[];
}
