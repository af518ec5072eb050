import { InstanceArchitecture } from 'aws-cdk-lib/aws-ec2';
import {
  Capability,
  ContainerDefinition,
  ContainerDependencyCondition,
  ContainerImage,
  CpuArchitecture,
  LinuxParameters,
  LogDriver,
  Secret,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { EcsContainer, ecsContainers } from './containers';
import { EcsComputeProps } from './ecs-compute-props';
import { requireRoomInTask } from './task-size';
import { ServerDefinition } from '../../server';
import { serverLogGroup } from '../common/log-group';
import { ServerBindOptions } from '../self-hosted';

/** The volume with the only directory that the containers can write to. */
export const SCRATCH_VOLUME = 'scratch';

/**
 * Adds the containers that run the server to a task that has the scratch volume.
 *
 * @param sessionPaths Where the Session Manager agent writes to, by the name of a volume for it.
 */
export function addServerContainers(
  scope: Construct,
  task: TaskDefinition,
  props: EcsComputeProps,
  { server, profile, endpoint }: ServerBindOptions,
  sessionPaths: Record<string, string>,
): void {
  const logGroup = serverLogGroup(scope, profile, props);
  const defined = new Map<string, ContainerDefinition>();
  const containers = ecsContainers(server);
  requireRoomInTask(containers, server);
  for (const { after, ...container } of containers) {
    const definition = addContainer(task, container, server, logGroup);
    const previous = after === undefined ? undefined : defined.get(after);
    if (previous) {
      definition.addContainerDependencies({ container: previous, condition: ContainerDependencyCondition.SUCCESS });
    }
    defined.set(container.name, definition);
  }
  if (!endpoint.sessionManager && !props.enableExecuteCommand) return;
  for (const [name, containerPath] of Object.entries(sessionPaths)) {
    task.addVolume({ name });
    defined.get('server')?.addMountPoints({ sourceVolume: name, containerPath, readOnly: false });
  }
}

/** The architecture under the name that instance types use. */
export function architectureOf({ _cpuArchitecture }: CpuArchitecture): InstanceArchitecture | undefined {
  const name = _cpuArchitecture.toLowerCase();
  return Object.values(InstanceArchitecture).find((architecture) => architecture === name);
}

function addContainer(
  task: TaskDefinition,
  { name, program, configured, ...options }: Omit<EcsContainer, 'after'>,
  server: ServerDefinition,
  logGroup: ILogGroup,
): ContainerDefinition {
  const definition = task.addContainer(name, {
    ...options,
    image: containerImage(server),
    // The task definition contains the program, so that any image with Python and MLflow can be used.
    entryPoint: ['python', '-c', program],
    environment: configured ? { ...server.environment } : { TMPDIR: server.scratchPath },
    secrets: configured ? ecsSecrets(server) : undefined,
    readonlyRootFilesystem: true,
    linuxParameters: hardened(task, name),
    logging: LogDriver.awsLogs({ logGroup, streamPrefix: 'mlflow' }),
  });
  definition.addMountPoints({ sourceVolume: SCRATCH_VOLUME, containerPath: server.scratchPath, readOnly: false });
  return definition;
}

/** Grants the execution role permissions to pull the image, and no more. */
function containerImage(server: ServerDefinition): ContainerImage {
  const { imageUri, imageRepository, imageTagOrDigest, imageCredentials: credentials } = server;
  return imageRepository
    ? ContainerImage.fromEcrRepository(imageRepository, imageTagOrDigest)
    : // Only a compute whose capabilities state `runtime.mlflowVersion` gets a server without an image.
      ContainerImage.fromRegistry(imageUri!, { credentials });
}

function hardened(task: TaskDefinition, containerName: string): LinuxParameters {
  // The init process reaps the processes that MLflow's parent process leaves behind, and forwards the stop signal to it.
  const parameters = new LinuxParameters(task, `Linux-${containerName}`, { initProcessEnabled: true });
  parameters.dropCapabilities(Capability.ALL);
  return parameters;
}

function ecsSecrets(server: ServerDefinition): Record<string, Secret> {
  return Object.fromEntries(
    Object.entries(server.secrets).map(([name, { secret, field }]) => [name, Secret.fromSecretsManager(secret, field)]),
  );
}
