import { DeployedResource, DeployedStack } from '../../local/emulator/deployed-stack';
import { workloadOf } from '../../local/workload/choose-workload';
import { checkCoherence } from '../../local/workload/coherence';

const SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Database-a1b2c3';

interface Changes {
  readonly server?: Record<string, unknown>;
  readonly task?: Record<string, unknown>;
  readonly service?: Record<string, unknown>;
  readonly group?: Record<string, unknown>;
}

function stack({ server, task, service, group }: Changes = {}): DeployedStack {
  const resource = (type: string, physicalId: string, properties: object): DeployedResource => ({
    logicalId: physicalId,
    type,
    physicalId,
    properties,
    attributes: {},
  });
  const serverContainer = {
    Name: 'server',
    Image: 'mlflow:1',
    EntryPoint: ['python', '-c', 'code'],
    Command: ['serve', '--app-name', 'basic-auth'],
    Environment: [
      { Name: 'MLFLOW_HOST', Value: '0.0.0.0' },
      { Name: 'MLFLOW_PORT', Value: 5000 },
    ],
    Secrets: [{ Name: 'PGPASSWORD', ValueFrom: `${SECRET}:password::` }],
    MountPoints: [{ ContainerPath: '/tmp', ReadOnly: false, SourceVolume: 'scratch' }],
    PortMappings: [{ ContainerPort: 5000 }],
    User: '1000',
    ...server,
  };
  return new DeployedStack('Stack', [
    resource('AWS::ECS::TaskDefinition', 'task', {
      ContainerDefinitions: [serverContainer],
      ExecutionRoleArn: 'execution-role',
      TaskRoleArn: 'task-role',
      ...task,
    }),
    resource('AWS::ECS::Service', 'service', {
      TaskDefinition: 'task',
      LoadBalancers: [{ ContainerName: 'server', ContainerPort: 5000, TargetGroupArn: 'group' }],
      ...service,
    }),
    resource('AWS::ElasticLoadBalancingV2::TargetGroup', 'group', { HealthCheckPath: '/health', ...group }),
  ]);
}

test('reads the process exactly as the task definition says', () => {
  expect(workloadOf(stack())).toEqual({
    kind: 'ECS task',
    service: 'ecs-tasks.amazonaws.com',
    processes: [
      {
        name: 'server',
        argv: ['python', '-c', 'code', 'serve', '--app-name', 'basic-auth'],
        environment: { MLFLOW_HOST: '0.0.0.0', MLFLOW_PORT: '5000' },
        secrets: [{ variable: 'PGPASSWORD', secretId: SECRET, field: 'password' }],
        secretsRoleArn: 'execution-role',
        roleArn: 'task-role',
        scratchPaths: ['/tmp'],
        stopTimeoutSeconds: 30,
      },
    ],
    healthCheck: { path: '/health', healthyStatus: '200', port: 5000 },
    regionVariables: [],
    deviations: ['container server: a process of this machine, without image mlflow:1, user 1000'],
  });
});

test('takes the stop timeout and the health check from the template', () => {
  const changes = {
    server: { StopTimeout: 120 },
    group: { HealthCheckPath: '/p/health', Matcher: { HttpCode: '204' } },
  };
  const { processes, healthCheck } = workloadOf(stack(changes));
  expect(processes[0].stopTimeoutSeconds).toBe(120);
  expect(healthCheck).toEqual({ path: '/p/health', healthyStatus: '204', port: 5000 });
});

test.each<[string, Changes, string]>([
  [
    'no command',
    { server: { EntryPoint: [], Command: [] } },
    'the container server has neither an entry point nor a command',
  ],
  ['no role', { task: { TaskRoleArn: undefined } }, 'the task task lacks a role'],
  ['no target group', { service: { LoadBalancers: [] } }, 'the service has 0 target groups, expected one'],
  [
    'no such task',
    { service: { TaskDefinition: 'other' } },
    'the service service has no task definition of this stack',
  ],
  ['an unmapped port', { server: { PortMappings: [] } }, 'the container server maps the ports , the service uses 5000'],
  [
    'a health check elsewhere',
    { group: { HealthCheckPort: '80' } },
    'the health check goes to port 80, the server has 5000',
  ],
])('refuses a service with %s', (_, changes, message) => {
  expect(() => workloadOf(stack(changes))).toThrow(message);
});

test('refuses a stack that runs nothing', () => {
  expect(() => workloadOf(new DeployedStack('Stack', []))).toThrow(
    'the template runs nothing that the local run knows',
  );
});

const withVariables = (...Environment: { Name: string; Value: string }[]) => stack({ server: { Environment } });

test.each([
  ['no port', [], 'server has no MLFLOW_PORT'],
  ['another port', [{ Name: 'MLFLOW_PORT', Value: '80' }], 'server listens on port 80, the load balancer uses 5000'],
  ['no reachable address', [{ Name: 'MLFLOW_PORT', Value: '5000' }], 'server listens on undefined: the load balancer'],
])('refuses a server with %s', (_, environment, message) => {
  expect(() => checkCoherence(workloadOf(withVariables(...environment)))).toThrow(message);
});

test.each([
  [['FARGATE'], ['AWS_REGION', 'AWS_DEFAULT_REGION']],
  [['EC2'], []],
  [undefined, []],
])('a task for %j is told the region by %j', (RequiresCompatibilities, names) => {
  expect(workloadOf(stack({ task: { RequiresCompatibilities } })).regionVariables).toEqual(names);
});
