import { SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  BuiltInAttributes,
  CapacityProviderStrategy,
  Ec2Service,
  ICluster,
  PlacementConstraint,
  PlacementStrategy,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { EcsOnEc2ComputeProps } from './ecs-on-ec2-compute-props';
import { instanceArchitecture } from './instance-choice';
import { completeService, isScaled } from '../ecs/service';
import { serverServiceSettings } from '../ecs/task';
import { ServerBindOptions } from '../self-hosted';

export interface PlacedTask {
  readonly cluster: ICluster;
  readonly taskDefinition: TaskDefinition;
  readonly vpcSubnets: SubnetSelection;
  /** None where the cluster's own default is good enough. */
  readonly capacityProviderStrategies?: CapacityProviderStrategy[];
}

/** Keeps the tasks running, as many as there should be. */
export function defineEc2Service(
  scope: Construct,
  props: EcsOnEc2ComputeProps,
  options: ServerBindOptions,
  task: PlacedTask,
): Ec2Service {
  const service = new Ec2Service(scope, 'Service', {
    ...serverServiceSettings(options, { ...props, scaled: isScaled(props) }),
    ...task,
    ...(props.cluster ? amongOthers(props) : ALONE),
  });
  completeService(scope, service, props, options);
  return service;
}

/** An instance that is lost takes one server with it, and no small instance runs out of network interfaces. */
const ALONE = { placementConstraints: [PlacementConstraint.distinctInstances()] };

/** In a cluster of the user's, the tasks are spread as far as there is room. */
function amongOthers(props: EcsOnEc2ComputeProps) {
  const architecture = instanceArchitecture(props);
  return {
    placementStrategies: [
      PlacementStrategy.spreadAcross(BuiltInAttributes.AVAILABILITY_ZONE),
      PlacementStrategy.spreadAcrossInstances(),
    ],
    placementConstraints: architecture
      ? [PlacementConstraint.memberOf(`attribute:ecs.cpu-architecture == ${architecture}`)]
      : undefined,
  };
}
