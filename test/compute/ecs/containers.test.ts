import { Duration } from 'aws-cdk-lib';
import { ecsContainers } from '../../../src/compute/ecs/containers';
import { defineServer } from '../../../src/core/define-server';
import { preparationProgram, preparedProgram } from '../../../src/private/server-program';
import { SERVER_INPUTS } from '../../support/server-inputs';

const server = defineServer({ ...SERVER_INPUTS, options: { staticPrefix: '/ml', extraArguments: ['--x'] } });

test('three containers, each after the one before', () => {
  expect(ecsContainers(server)).toEqual([
    {
      name: 'prepare',
      program: preparationProgram(),
      command: ['print(1)'],
      user: '0:0',
      essential: false,
      configured: false,
    },
    {
      name: 'migrate',
      program: preparedProgram(),
      command: ['migrate'],
      user: '1000:1000',
      essential: false,
      configured: true,
      after: 'prepare',
    },
    {
      name: 'server',
      program: preparedProgram(),
      command: ['serve', '--x'],
      user: '1000:1000',
      essential: true,
      configured: true,
      after: 'migrate',
      portMappings: [{ containerPort: 5000 }],
      stopTimeout: Duration.seconds(120),
      healthCheck: {
        command: [
          'CMD',
          'python',
          '-c',
          "import urllib.request; urllib.request.urlopen('http://127.0.0.1:5000/ml/health', timeout=8)",
        ],
        interval: Duration.seconds(30),
        timeout: Duration.seconds(10),
        retries: 5,
        startPeriod: Duration.seconds(300),
      },
    },
  ]);
});

test('user, port and stop timeout are those of the definition', () => {
  const [, migrate, serve] = ecsContainers({ ...server, userId: 7, port: 81, stopTimeout: Duration.seconds(9) });
  expect(migrate.user).toBe('7:7');
  expect(serve).toMatchObject({ user: '7:7', portMappings: [{ containerPort: 81 }], stopTimeout: Duration.seconds(9) });
  expect(serve.healthCheck!.command[3]).toContain('http://127.0.0.1:81/');
});
