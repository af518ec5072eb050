import { ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { EcsScalingOptions } from './ecs-scaling-options';
import { WorkingHours } from './working-hours';
import { ServiceChoices } from '../private/ecs-task';

/** What a user may decide about an ECS service and its own cluster, whatever the containers run on. */
export interface EcsServiceChoices extends Omit<ServiceChoices, 'scaled'> {
  readonly scaling?: EcsScalingOptions;
  readonly workingHours?: WorkingHours;
  readonly containerInsights?: ContainerInsights;
}
