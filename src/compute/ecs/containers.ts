import { Duration } from 'aws-cdk-lib';
import { ContainerDefinitionOptions } from 'aws-cdk-lib/aws-ecs';
import { preparationProgram, preparedProgram } from '../../private/server-program';
import { ServerDefinition } from '../../server';

type PlainOptions = Pick<
  ContainerDefinitionOptions,
  'command' | 'user' | 'essential' | 'portMappings' | 'healthCheck' | 'stopTimeout'
>;

/** One container of the task: what sets it apart from the others, and what it waits for. */
export interface EcsContainer extends PlainOptions {
  readonly name: string;
  /** The text of its Python program. */
  readonly program: string;
  /** The container that must have succeeded before. */
  readonly after?: string;
  /** Whether it gets the server's environment and secrets. */
  readonly configured: boolean;
}

/** The containers that run a server as an ECS task, in the order in which they start. */
export function ecsContainers(server: ServerDefinition): EcsContainer[] {
  const user = `${server.userId}:${server.userId}`;
  return [
    // ECS mounts an empty volume that only root may write to; the image cannot say otherwise, for it is not ours.
    {
      name: 'prepare',
      program: preparationProgram(),
      // Once for all of them: a task definition has no room for it three times.
      command: [server.program],
      user: '0:0',
      essential: false,
      configured: false,
    },
    {
      name: 'migrate',
      program: preparedProgram(),
      command: server.migrateArguments,
      user,
      essential: false,
      configured: true,
      after: 'prepare',
    },
    {
      name: 'server',
      program: preparedProgram(),
      command: server.serveArguments,
      user,
      essential: true,
      configured: true,
      after: 'migrate',
      portMappings: [{ containerPort: server.port }],
      stopTimeout: server.stopTimeout,
      healthCheck: {
        command: ['CMD', 'python', '-c', healthCheck(server)],
        interval: Duration.seconds(30),
        timeout: Duration.seconds(10),
        retries: 5,
        startPeriod: Duration.seconds(300),
      },
    },
  ];
}

/** The image is only known to have Python. */
function healthCheck(server: ServerDefinition): string {
  return `import urllib.request; urllib.request.urlopen('http://127.0.0.1:${server.port}${server.healthCheckPath}', timeout=8)`;
}
