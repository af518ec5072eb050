import { Annotations, CfnResource, Duration, Stack } from 'aws-cdk-lib';
import { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  AvailabilityZoneRebalancing,
  BaseService,
  BaseServiceOptions,
  Cluster,
  ContainerInsights,
  ICluster,
  PropagatedTagSource,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { EcsComputeProps } from './ecs-compute-props';
import { defineScaling, isScaled } from './scaling';
import { profileDefaults } from '../../server/profile-defaults';
import { ecsConnectCommand } from '../common/connect-command';
import { ComputeConfig } from '../contract';
import { ServerBindOptions } from '../self-hosted';

/** Enough for the slowest start: two containers import MLflow on half a vCPU, and the database may be upgraded. */
const START_GRACE = Duration.minutes(10);

/** A new cluster for the server. */
export function defineCluster(
  scope: Construct,
  containerInsights: ContainerInsights | undefined,
  options: ServerBindOptions,
): Cluster {
  const defaults = profileDefaults(options.profile);
  return new Cluster(scope, 'Cluster', {
    vpc: options.vpc,
    containerInsightsV2:
      containerInsights ?? (defaults.containerInsights ? ContainerInsights.ENABLED : ContainerInsights.DISABLED),
  });
}

interface ServiceSettings extends Omit<BaseServiceOptions, 'cluster'> {
  readonly availabilityZoneRebalancing: AvailabilityZoneRebalancing;
  readonly securityGroups?: ISecurityGroup[];
}

/** The settings of an ECS service that runs the server with any capacity. */
export function serverServiceSettings(options: ServerBindOptions, props: EcsComputeProps): ServiceSettings {
  const { endpoint, size } = options;
  const { enable = true, rollback = enable } = props.circuitBreaker ?? {};
  return {
    // Deployments do not reset a number of tasks that is scaled.
    desiredCount: isScaled(props) ? undefined : size.replicas,
    // Stop first, then start: MLflow does not support two versions on one database.
    minHealthyPercent: 0,
    maxHealthyPercent: 100,
    circuitBreaker: { enable, rollback },
    // The default of ECS for new services requires an additional task, which stop-first does not allow.
    availabilityZoneRebalancing: AvailabilityZoneRebalancing.DISABLED,
    // ECS rejects a grace period without a load balancer.
    healthCheckGracePeriod: endpoint.targetGroup ? (props.healthCheckGracePeriod ?? START_GRACE) : undefined,
    enableExecuteCommand: props.enableExecuteCommand || endpoint.sessionManager || undefined,
    enableECSManagedTags: true,
    propagateTags: PropagatedTagSource.SERVICE,
    securityGroups: props.securityGroups,
  };
}

/** Scales the service, and warns of what is risky. */
export function completeService(
  scope: Construct,
  service: BaseService,
  props: EcsComputeProps,
  options: ServerBindOptions,
): void {
  if (isScaled(props)) defineScaling(service, props, options);
  if (props.enableExecuteCommand) {
    Annotations.of(scope).addWarningV2(
      'cdk-mlflow:executeCommand',
      "any principal that has the ecs:ExecuteCommand permission can open a shell in the container of the server, as root, and read its secrets; remove 'enableExecuteCommand' once it is not needed",
    );
  }
}

/** The resource that starts the tasks. */
export function workloadOf(service: BaseService): CfnResource {
  return service.node.findChild('Service') as CfnResource;
}

/** What the compute of a service returns to the construct. */
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
