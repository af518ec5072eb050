import { Duration } from 'aws-cdk-lib';
import { ContainerDefinitionOptions } from 'aws-cdk-lib/aws-ecs';
import { preparationProgram, preparedProgram } from '../../private/server-program';
import { ServerDefinition } from '../../server';

type PlainOptions = Pick<
  ContainerDefinitionOptions,
  'command' | 'user' | 'essential' | 'portMappings' | 'healthCheck' | 'stopTimeout'
>;

/** A container of the task: how it differs from the others, and which one it depends on. */
export interface EcsContainer extends PlainOptions {
  readonly name: string;
  /** The source of its Python program. */
  readonly program: string;
  /** The container that must have succeeded before it starts. */
  readonly after?: string;
  /** Whether it has the environment and the secrets of the server. */
  readonly configured: boolean;
}

/** The containers that run a server as an ECS task, in the order in which they start. */
export function ecsContainers(server: ServerDefinition): EcsContainer[] {
  const user = `${server.userId}:${server.userId}`;
  return [
    // ECS mounts an empty volume that only root can write to, and the image may not be one that the library builds.
    {
      name: 'prepare',
      program: preparationProgram(),
      // Once for all containers: a task definition is limited to 64 KiB.
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

/** In Python, because the image may have no HTTP client. */
function healthCheck(server: ServerDefinition): string {
  return `import urllib.request; urllib.request.urlopen('http://127.0.0.1:${server.port}${server.healthCheckPath}', timeout=8)`;
}
