import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AvailabilityZoneRebalancing,
  BaseServiceOptions,
  Capability,
  ContainerDependencyCondition,
  ContainerImage,
  LinuxParameters,
  LogDriver,
  PropagatedTagSource,
  Secret,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ComputeBindOptions } from '../compute/contract';
import { ServerDefinition } from '../server';
import { EcsContainer, ecsContainers } from './ecs-containers';
import { profileDefaults } from './profile-defaults';

/** The volume that holds the only directory that the containers may write to. */
export const SCRATCH_VOLUME = 'scratch';

/** The slowest start that is still one: two containers import MLflow on half a CPU, and the database may be upgraded. */
const START_GRACE = Duration.minutes(10);

/** Adds the containers that run the server to a task that has the scratch volume. */
export function addServerContainers(task: TaskDefinition, server: ServerDefinition, logGroup: ILogGroup): void {
  for (const container of ecsContainers(server)) {
    addContainer(task, container, server, logGroup);
  }
}

/** Where the containers log to. It stays when the compute is swapped, and its lines expire by themselves. */
export function serverLogGroup(scope: Construct, options: ComputeBindOptions): LogGroup {
  return new LogGroup(scope, 'Logs', {
    retention: profileDefaults(options.profile).logRetentionDays,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
}

interface ServiceSettings extends Omit<BaseServiceOptions, 'cluster'> {
  readonly availabilityZoneRebalancing: AvailabilityZoneRebalancing;
}

/** How an ECS service runs the server, whatever the containers run on. */
export function serverServiceSettings(options: ComputeBindOptions): ServiceSettings {
  return {
    desiredCount: options.size.replicas,
    // Stop first, then start: MLflow forbids two versions on one database.
    minHealthyPercent: 0,
    maxHealthyPercent: 100,
    circuitBreaker: { enable: true, rollback: true },
    // ECS's default for new services; it needs room for an extra task, which stop-first does not give.
    availabilityZoneRebalancing: AvailabilityZoneRebalancing.DISABLED,
    // ECS refuses a grace period without a load balancer.
    healthCheckGracePeriod: options.endpoint?.targetGroup ? START_GRACE : undefined,
    enableECSManagedTags: true,
    propagateTags: PropagatedTagSource.SERVICE,
  };
}

function addContainer(
  task: TaskDefinition,
  container: EcsContainer,
  server: ServerDefinition,
  logGroup: ILogGroup,
): void {
  const { name, after, configured, ...options } = container;
  const definition = task.addContainer(name, {
    ...options,
    image: ContainerImage.fromRegistry(server.imageUri),
    // The program travels in the definition itself: any image that has Python and MLflow will do.
    entryPoint: ['python', '-c', server.program],
    environment: configured ? { ...server.environment } : { TMPDIR: server.scratchPath },
    secrets: configured ? ecsSecrets(server) : undefined,
    readonlyRootFilesystem: true,
    linuxParameters: hardened(task, name),
    logging: LogDriver.awsLogs({ logGroup, streamPrefix: 'mlflow' }),
  });
  definition.addMountPoints({ sourceVolume: SCRATCH_VOLUME, containerPath: server.scratchPath, readOnly: false });
  if (after) {
    definition.addContainerDependencies({
      container: task.findContainer(after)!,
      condition: ContainerDependencyCondition.SUCCESS,
    });
  }
}

function hardened(task: TaskDefinition, containerName: string): LinuxParameters {
  // The init process reaps what MLflow's parent process leaves behind, and hands the signal to stop on to it.
  const parameters = new LinuxParameters(task, `Linux-${containerName}`, { initProcessEnabled: true });
  parameters.dropCapabilities(Capability.ALL);
  return parameters;
}

function ecsSecrets(server: ServerDefinition): Record<string, Secret> {
  return Object.fromEntries(
    Object.entries(server.secrets).map(([name, { secret, field }]) => [name, Secret.fromSecretsManager(secret, field)]),
  );
}
