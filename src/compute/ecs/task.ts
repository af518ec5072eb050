import { Duration } from 'aws-cdk-lib';
import {
  AvailabilityZoneRebalancing,
  BaseServiceOptions,
  Capability,
  ContainerDependencyCondition,
  ContainerImage,
  DeploymentCircuitBreaker,
  LinuxParameters,
  LogDriver,
  PropagatedTagSource,
  Secret,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { EcsContainer, ecsContainers } from './containers';
import { requireRoomInTask } from './task-size';
import { ServerDefinition } from '../../server';
import { ServerBindOptions } from '../self-hosted';

/** The volume that holds the only directory that the containers may write to. */
export const SCRATCH_VOLUME = 'scratch';

/** The slowest start that is still one: two containers import MLflow on half a CPU, and the database may be upgraded. */
const START_GRACE = Duration.minutes(10);

/** Adds the containers that run the server to a task that has the scratch volume. */
export function addServerContainers(task: TaskDefinition, server: ServerDefinition, logGroup: ILogGroup): void {
  const containers = ecsContainers(server);
  requireRoomInTask(containers, server);
  for (const container of containers) {
    addContainer(task, container, server, logGroup);
  }
}

/**
 * Lets sessions into the server's container.
 *
 * @param paths Volumes for what the agent of Session Manager writes to, by their names.
 */
export function openToSessionManager(task: TaskDefinition, paths: Record<string, string>): void {
  for (const [name, containerPath] of Object.entries(paths)) {
    task.addVolume({ name });
    // Added by `addServerContainers` before.
    task.findContainer('server')!.addMountPoints({ sourceVolume: name, containerPath, readOnly: false });
  }
}

interface ServiceSettings extends Omit<BaseServiceOptions, 'cluster'> {
  readonly availabilityZoneRebalancing: AvailabilityZoneRebalancing;
}

/** What a user may decide about the service. */
export interface ServiceChoices {
  /** Whether something else sets the number of tasks. An update then leaves it as it is. */
  readonly scaled?: boolean;
  readonly enableExecuteCommand?: boolean;
  readonly healthCheckGracePeriod?: Duration;
  readonly circuitBreaker?: DeploymentCircuitBreaker;
}

/** How an ECS service runs the server, whatever the containers run on. */
export function serverServiceSettings(options: ServerBindOptions, choices: ServiceChoices = {}): ServiceSettings {
  const { endpoint, size } = options;
  const { enable = true, rollback = enable } = choices.circuitBreaker ?? {};
  return {
    desiredCount: choices.scaled ? undefined : size.replicas,
    // Stop first, then start: MLflow forbids two versions on one database.
    minHealthyPercent: 0,
    maxHealthyPercent: 100,
    circuitBreaker: { enable, rollback },
    // ECS's default for new services; it needs room for an extra task, which stop-first does not give.
    availabilityZoneRebalancing: AvailabilityZoneRebalancing.DISABLED,
    // ECS refuses a grace period without a load balancer.
    healthCheckGracePeriod: endpoint?.targetGroup ? (choices.healthCheckGracePeriod ?? START_GRACE) : undefined,
    enableExecuteCommand: choices.enableExecuteCommand || endpoint?.sessionManager || undefined,
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
  const { name, program, after, configured, ...options } = container;
  const definition = task.addContainer(name, {
    ...options,
    image: containerImage(server),
    // The program travels in the definition itself: any image that has Python and MLflow will do.
    entryPoint: ['python', '-c', program],
    environment: configured ? { ...server.environment } : { TMPDIR: server.scratchPath },
    secrets: configured ? ecsSecrets(server) : undefined,
    readonlyRootFilesystem: true,
    linuxParameters: hardened(task, name),
    logging: LogDriver.awsLogs({ logGroup, streamPrefix: 'mlflow' }),
  });
  definition.addMountPoints({ sourceVolume: SCRATCH_VOLUME, containerPath: server.scratchPath, readOnly: false });
  if (after) {
    definition.addContainerDependencies({
      // The containers are added in the order in which they start.
      container: task.findContainer(after)!,
      condition: ContainerDependencyCondition.SUCCESS,
    });
  }
}

/** The execution role is granted what it takes to pull the image, and no more. */
function containerImage(server: ServerDefinition): ContainerImage {
  const { imageUri, imageRepository, imageTagOrDigest, imageCredentials: credentials } = server;
  return imageRepository
    ? ContainerImage.fromEcrRepository(imageRepository, imageTagOrDigest)
    : // Always set for a compute that does not install MLflow itself.
      ContainerImage.fromRegistry(imageUri!, { credentials });
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
