import { Annotations } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { SubnetSelection, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  CfnClusterCapacityProviderAssociations,
  Cluster,
  ContainerInsights,
  FargateService,
  FargateTaskDefinition,
  ICluster,
  ScalableTaskCount,
} from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { ComputeBindOptions } from './contract';
import { FargateComputeProps } from './fargate-compute-props';
import { WorkingHours } from './working-hours';
import { serverServiceSettings } from '../private/ecs-task';
import { serverSubnets } from '../private/network';
import { Problems } from '../private/problems';
import { profileDefaults } from '../private/profile-defaults';

const SPOT = 'FARGATE_SPOT';
const CPU_TARGET = 60;

/** The cluster of a server that was given none. */
export function defineCluster(scope: Construct, props: FargateComputeProps, options: ComputeBindOptions): Cluster {
  const defaults = profileDefaults(options.profile);
  return new Cluster(scope, 'Cluster', {
    vpc: options.vpc,
    containerInsightsV2:
      props.containerInsights ?? (defaults.containerInsights ? ContainerInsights.ENABLED : ContainerInsights.DISABLED),
  });
}

/** Keeps the tasks running, as many as there should be. */
export function defineService(
  scope: Construct,
  props: FargateComputeProps,
  options: ComputeBindOptions,
  task: { readonly cluster: ICluster; readonly taskDefinition: FargateTaskDefinition },
): FargateService {
  requireLoadBalancer(props, options);
  const { scaling, workingHours, spot = false, assignPublicIp = false } = props;
  const scaled = scaling !== undefined || workingHours !== undefined;
  const service = new FargateService(scope, 'Service', {
    ...serverServiceSettings(options, { ...props, scaled }),
    ...task,
    capacityProviderStrategies: spot ? [{ capacityProvider: SPOT, weight: 1 }] : undefined,
    assignPublicIp,
    vpcSubnets: subnetsFor(props, task.cluster),
  });
  if (spot && !props.cluster) offerSpot(scope, task.cluster, service);
  if (scaled) defineScaling(service, props, options);
  if (props.enableExecuteCommand) {
    Annotations.of(scope).addWarningV2(
      'cdk-mlflow:executeCommand',
      "whoever has the right ecs:ExecuteCommand can open a shell in the server's container, as root, and read its secrets; remove 'enableExecuteCommand' once it is not needed",
    );
  }
  return service;
}

/** The subnets of the tasks. */
export function subnetsFor(props: FargateComputeProps, { vpc }: ICluster): SubnetSelection {
  return props.vpcSubnets ?? (props.assignPublicIp ? { subnetType: SubnetType.PUBLIC } : serverSubnets(vpc));
}

/** What has no effect without a load balancer, which ECS or the scaling would refuse. */
function requireLoadBalancer({ scaling, healthCheckGracePeriod }: FargateComputeProps, options: ComputeBindOptions) {
  if (options.endpoint?.targetGroup) return;
  const props = { 'scaling.requestsPerTarget': scaling?.requestsPerTarget, healthCheckGracePeriod };
  const problems = new Problems();
  for (const [name, value] of Object.entries(props)) {
    problems.require(value === undefined, () => {
      return `'${name}' needs an endpoint with a load balancer; remove '${name}' or choose another endpoint`;
    });
  }
  problems.throwIfAny('Compute.fargate()');
}

/** The L2 adds the association in an aspect, too late for the service to wait for it. */
function offerSpot(scope: Construct, cluster: ICluster, service: FargateService): void {
  const association = new CfnClusterCapacityProviderAssociations(scope, 'CapacityProviders', {
    cluster: cluster.clusterName,
    capacityProviders: [SPOT],
    defaultCapacityProviderStrategy: [],
  });
  service.node.findChild('Service').node.addDependency(association);
}

function defineScaling(service: FargateService, props: FargateComputeProps, options: ComputeBindOptions): void {
  const { scaling, workingHours } = props;
  const maxCapacity = options.size.replicas;
  const minCapacity = scaling ? (scaling.minReplicas ?? 1) : maxCapacity;
  const count = service.autoScaleTaskCount({ minCapacity, maxCapacity });
  if (workingHours) followHours(count, workingHours, { minCapacity, maxCapacity });
  if (!scaling) return;
  const { requestsPerTarget, cpuUtilizationPercent = requestsPerTarget === undefined ? CPU_TARGET : undefined } =
    scaling;
  if (cpuUtilizationPercent !== undefined) {
    count.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: cpuUtilizationPercent });
  }
  if (requestsPerTarget !== undefined) {
    count.scaleOnRequestCount('Requests', { requestsPerTarget, targetGroup: options.endpoint!.targetGroup! });
  }
}

function followHours(
  count: ScalableTaskCount,
  { start, stop }: WorkingHours,
  capacity: { readonly minCapacity: number; readonly maxCapacity: number },
): void {
  const at = ({ expressionString, timeZone }: WorkingHours['start']) => ({
    schedule: Schedule.expression(expressionString),
    timeZone,
  });
  count.scaleOnSchedule('Start', { ...at(start), ...capacity });
  count.scaleOnSchedule('Stop', { ...at(stop), minCapacity: 0, maxCapacity: 0 });
}
