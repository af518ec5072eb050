import { Annotations, CfnResource, Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import {
  BaseService,
  Cluster,
  ContainerInsights,
  ICluster,
  ScalableTaskCount,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { ComputeDeploymentContext } from '../validation';
import { EcsComputeProps } from './ecs-compute-props';
import { AccessPath } from '../../endpoint/access-path';
import { Problems } from '../../private/problems';
import { profileDefaults } from '../../server/profile-defaults';
import { ecsConnectCommand } from '../common/connect-command';
import { WorkingHours } from '../common/working-hours';
import { ComputeConfig } from '../contract';
import { ServerBindOptions } from '../self-hosted';

const CPU_TARGET = 60;

/** The cluster of a server that was given none. */
export function defineCluster(
  scope: Construct,
  { containerInsights }: EcsComputeProps,
  options: ServerBindOptions,
): Cluster {
  const defaults = profileDefaults(options.profile);
  return new Cluster(scope, 'Cluster', {
    vpc: options.vpc,
    containerInsightsV2:
      containerInsights ?? (defaults.containerInsights ? ContainerInsights.ENABLED : ContainerInsights.DISABLED),
  });
}

/** Whether something else than the template sets the number of tasks. */
export function isScaled({ scaling, workingHours }: EcsComputeProps): boolean {
  return scaling !== undefined || workingHours !== undefined;
}

/** What is said of a service once it is defined: how its number of tasks changes, and what is risky. */
export function completeService(
  scope: Construct,
  service: BaseService,
  choices: EcsComputeProps,
  options: ServerBindOptions,
): void {
  if (isScaled(choices)) defineScaling(service, choices, options);
  if (choices.enableExecuteCommand) {
    Annotations.of(scope).addWarningV2(
      'cdk-mlflow:executeCommand',
      "whoever has the right ecs:ExecuteCommand can open a shell in the server's container, as root, and read its secrets; remove 'enableExecuteCommand' once it is not needed",
    );
  }
}

/** Checks what has no effect without a load balancer, which ECS or the scaling would refuse. */
export function checkLoadBalancer(
  problems: Problems,
  { scaling, healthCheckGracePeriod }: EcsComputeProps,
  { endpoint }: ComputeDeploymentContext,
): void {
  if (AccessPath.LOAD_BALANCER.matches(endpoint?.accessPath)) return;
  const props = { 'scaling.requestsPerTarget': scaling?.requestsPerTarget, healthCheckGracePeriod };
  for (const [name, value] of Object.entries(props)) {
    problems.require(value === undefined, () => {
      return `'${name}' needs an endpoint with a load balancer; remove '${name}' or choose another endpoint`;
    });
  }
}

/** The resource that starts the tasks. */
export function workloadOf(service: BaseService): CfnResource {
  return service.node.findChild('Service') as CfnResource;
}

/** What the construct is told of a service. */
export function serviceConfig(
  service: BaseService,
  { cluster, taskDefinition }: { readonly cluster: ICluster; readonly taskDefinition: TaskDefinition },
  options: ServerBindOptions,
): ComputeConfig {
  return {
    grantee: taskDefinition.taskRole,
    connections: service.connections,
    loadBalancerTarget: service.loadBalancerTarget({ containerName: 'server' }),
    workloads: [workloadOf(service)],
    metrics: {
      cpuUtilization: service.metricCpuUtilization(),
      memoryUtilization: service.metricMemoryUtilization(),
    },
    connectCommand: options.endpoint.sessionManager
      ? ecsConnectCommand(Stack.of(service).region, options.server.port, cluster.clusterName, service.serviceName)
      : undefined,
  };
}

function defineScaling(service: BaseService, choices: EcsComputeProps, options: ServerBindOptions): void {
  const { scaling, workingHours } = choices;
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
  const { targetGroup } = options.endpoint;
  if (requestsPerTarget !== undefined && targetGroup) {
    count.scaleOnRequestCount('Requests', { requestsPerTarget, targetGroup });
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
