import { Size } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Cluster, ContainerImage, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { Compute, MlflowTrackingServer, Profile } from '../../../src';
import { preparationProgram, preparedProgram, serverProgram } from '../../../src/private/server-program';
import { FakeEndpoint } from '../../support/fakes';
import { ALL_KINDS, givenVpc } from '../../support/networks';
import { newStack } from '../../support/new-app';
import {
  actionsOn,
  containersOf,
  idsOf,
  only,
  permissionsOf,
  serverContainer,
  templateWith,
} from '../../support/templates';

const template = templateWith();
const [prepare, migrate, server] = containersOf(template);
const service = only(template, 'AWS::ECS::Service');
const task = only(template, 'AWS::ECS::TaskDefinition');

describe('the task', () => {
  test('runs on Fargate, on ARM', () => {
    expect(task.Properties).toMatchObject({
      Cpu: '512',
      Memory: '1024',
      NetworkMode: 'awsvpc',
      RequiresCompatibilities: ['FARGATE'],
      RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
      Volumes: [{ Name: 'scratch' }],
    });
    expect(task.Properties).not.toHaveProperty('EphemeralStorage');
  });

  test('prepares, migrates, then serves', () => {
    expect(containersOf(template).map(({ Name, Essential, DependsOn }) => ({ Name, Essential, DependsOn }))).toEqual([
      { Name: 'prepare', Essential: false, DependsOn: undefined },
      { Name: 'migrate', Essential: false, DependsOn: [{ ContainerName: 'prepare', Condition: 'SUCCESS' }] },
      { Name: 'server', Essential: true, DependsOn: [{ ContainerName: 'migrate', Condition: 'SUCCESS' }] },
    ]);
    expect(migrate.Command).toEqual(['migrate']);
  });

  test('is not root but where the volume is prepared', () => {
    expect([prepare.User, migrate.User, server.User]).toEqual(['0:0', '1000:1000', '1000:1000']);
  });

  test.each([
    ['prepare', prepare],
    ['migrate', migrate],
    ['server', server],
  ])('%s has a read-only root, no capabilities, an init process and one volume', (_name, container) => {
    expect(container).toMatchObject({
      ReadonlyRootFilesystem: true,
      LinuxParameters: { Capabilities: { Drop: ['ALL'] }, InitProcessEnabled: true },
      MountPoints: [{ ContainerPath: '/tmp', SourceVolume: 'scratch', ReadOnly: false }],
    });
    expect(container).not.toHaveProperty('Privileged');
    expect(container.LinuxParameters).not.toHaveProperty('Capabilities.Add');
  });

  test('runs the program that travels in the first container', () => {
    expect(prepare.EntryPoint).toEqual(['python', '-c', preparationProgram()]);
    expect(prepare.Command).toEqual([serverProgram()]);
    for (const { EntryPoint } of [migrate, server]) expect(EntryPoint).toEqual(['python', '-c', preparedProgram()]);
  });

  test('migrates with the server’s own environment and secrets; the preparation has neither', () => {
    expect(migrate.Environment).toEqual(server.Environment);
    expect(migrate.Secrets).toEqual(server.Secrets);
    expect(prepare.Environment).toEqual([{ Name: 'TMPDIR', Value: '/tmp' }]);
    expect(prepare).not.toHaveProperty('Secrets');
  });

  test('is checked from inside and given time to stop', () => {
    expect(server).toMatchObject({
      PortMappings: [{ ContainerPort: 5000, Protocol: 'tcp' }],
      StopTimeout: 120,
      HealthCheck: { Interval: 30, Timeout: 10, Retries: 5, StartPeriod: 300 },
    });
    expect((server.HealthCheck as any).Command.slice(0, 3)).toEqual(['CMD', 'python', '-c']);
  });

  test('logs to a group that stays', () => {
    const logs = only(template, 'AWS::Logs::LogGroup');
    expect([logs.DeletionPolicy, logs.UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain']);
    for (const container of containersOf(template)) {
      expect(container.LogConfiguration).toMatchObject({
        LogDriver: 'awslogs',
        Options: { 'awslogs-group': { Ref: logs.id }, 'awslogs-stream-prefix': 'mlflow' },
      });
    }
  });
});

describe('the service', () => {
  test('stops the old tasks before it starts the new ones, and rolls back', () => {
    expect(service.Properties).toMatchObject({
      DesiredCount: 1,
      LaunchType: 'FARGATE',
      AvailabilityZoneRebalancing: 'DISABLED',
      DeploymentConfiguration: {
        MinimumHealthyPercent: 0,
        MaximumPercent: 100,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      },
      EnableECSManagedTags: true,
      PropagateTags: 'SERVICE',
    });
  });

  test('is in private subnets, without public addresses', () => {
    expect(service.Properties.NetworkConfiguration.AwsvpcConfiguration).toEqual({
      AssignPublicIp: 'DISABLED',
      SecurityGroups: [{ 'Fn::GetAtt': [only(template, 'AWS::EC2::SecurityGroup', 'MlflowCompute').id, 'GroupId'] }],
      Subnets: [
        { Ref: expect.stringMatching(/^MlflowVpcPrivateSubnet1/) },
        { Ref: expect.stringMatching(/^MlflowVpcPrivateSubnet2/) },
      ],
    });
  });

  test('is the load balancer’s target, and reached by nothing else', () => {
    expect(service.Properties.LoadBalancers).toEqual([
      {
        ContainerName: 'server',
        ContainerPort: 5000,
        TargetGroupArn: { Ref: only(template, 'AWS::ElasticLoadBalancingV2::TargetGroup').id },
      },
    ]);
    expect(service.Properties.HealthCheckGracePeriodSeconds).toBe(600);
    const group = only(template, 'AWS::EC2::SecurityGroup', 'MlflowCompute');
    expect(group.Properties).not.toHaveProperty('SecurityGroupIngress');
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress'))
      .map(({ Properties }) => Properties)
      .filter(({ GroupId }) => GroupId['Fn::GetAtt'][0] === group.id);
    expect(rules).toEqual([
      expect.objectContaining({
        FromPort: 5000,
        ToPort: 5000,
        SourceSecurityGroupId: {
          'Fn::GetAtt': [only(template, 'AWS::EC2::SecurityGroup', 'MlflowEndpoint').id, 'GroupId'],
        },
      }),
    ]);
  });

  test('waits for everything that the first task needs', () => {
    const expected = [
      only(template, 'AWS::RDS::DBInstance').id,
      only(template, 'AWS::ElasticLoadBalancingV2::Listener').id,
      ...idsOf(template, 'AWS::EC2::SecurityGroupIngress').filter((id) => id.startsWith('MlflowBackendStore')),
      ...idsOf(template, 'AWS::IAM::Policy'),
      ...idsOf(template, 'AWS::EC2::Route').filter((id) => id.includes('Private')),
    ];
    expect(expected).toHaveLength(7);
    expect(service.DependsOn).toEqual(expect.arrayContaining(expected));
  });

  test('has no grace period without a load balancer, which ECS would refuse', () => {
    const { Properties } = only(templateWith({ endpoint: new FakeEndpoint() }), 'AWS::ECS::Service');
    expect(Properties).not.toHaveProperty('HealthCheckGracePeriodSeconds');
    expect(Properties).not.toHaveProperty('LoadBalancers');
  });
});

describe('the execution role', () => {
  test('reads the server’s secrets only', () => {
    const secrets = [
      ...idsOf(template, 'AWS::SecretsManager::Secret').filter((id) => !id.startsWith('MlflowBackendStore')),
      ...idsOf(template, 'AWS::SecretsManager::SecretTargetAttachment'),
    ];
    expect(secrets).toHaveLength(5);
    for (const Ref of secrets) {
      expect(actionsOn(template, 'MlflowComputeTaskExecutionRole', { Ref })).toEqual([
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
      ]);
    }
    const others = permissionsOf(template).filter(({ action }) => action.startsWith('secretsmanager:'));
    expect(others).toHaveLength(10);
  });

  test('the server itself reads no secret', () => {
    const own = permissionsOf(template).filter(({ role }) => role.startsWith('MlflowComputeTaskTaskRole'));
    expect(own.map(({ action }) => action.split(':')[0])).toEqual(Array(8).fill('s3'));
  });
});

describe('settings', () => {
  test('size, architecture, disk and number of tasks', () => {
    const sized = templateWith({
      compute: Compute.fargate({
        cpu: 2048,
        memoryLimitMiB: 4096,
        cpuArchitecture: CpuArchitecture.X86_64,
        replicas: 3,
        ephemeralStorage: Size.gibibytes(50),
      }),
    });
    expect(only(sized, 'AWS::ECS::TaskDefinition').Properties).toMatchObject({
      Cpu: '2048',
      Memory: '4096',
      RuntimePlatform: { CpuArchitecture: 'X86_64' },
      EphemeralStorage: { SizeInGiB: 50 },
    });
    expect(only(sized, 'AWS::ECS::Service').Properties.DesiredCount).toBe(3);
    expect(serverContainer(sized).Environment).toContainEqual({ Name: 'MLFLOW_WORKERS', Value: '2' });
  });

  test('the profile gives the defaults', () => {
    const production = templateWith({ profile: Profile.PRODUCTION });
    expect(only(production, 'AWS::ECS::TaskDefinition').Properties).toMatchObject({ Cpu: '1024', Memory: '2048' });
    expect(only(production, 'AWS::ECS::Service').Properties.DesiredCount).toBe(2);
    expect(only(production, 'AWS::Logs::LogGroup', 'MlflowCompute').Properties.RetentionInDays).toBe(365);
    production.hasResourceProperties('AWS::ECS::Cluster', {
      ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }],
    });
    expect(only(template, 'AWS::Logs::LogGroup').Properties.RetentionInDays).toBe(30);
    template.hasResourceProperties('AWS::ECS::Cluster', {
      ClusterSettings: [{ Name: 'containerInsights', Value: 'disabled' }],
    });
  });

  test('a given cluster brings its VPC', () => {
    const stack = newStack();
    const cluster = new Cluster(stack, 'Given', { vpc: givenVpc(stack, ALL_KINDS) });
    const compute = Compute.fargate({ cluster });
    const given = templateWith({ compute }, stack);
    expect(compute.cluster).toBe(cluster);
    given.resourceCountIs('AWS::EC2::VPC', 1);
    expect(only(given, 'AWS::ECS::Cluster').id).toMatch(/^Given/);
    expect(only(given, 'AWS::ECS::Service').Properties.Cluster).toEqual({ Ref: only(given, 'AWS::ECS::Cluster').id });
    for (const id of idsOf(given, 'AWS::EC2::SecurityGroup')) {
      expect(given.toJSON().Resources[id].Properties.VpcId).toEqual({ Ref: expect.stringMatching(/^GivenVpc/) });
    }
  });
});

test('cluster, service and task can be reached for what the props do not have', () => {
  const stack = newStack();
  const compute = Compute.fargate();
  new MlflowTrackingServer(stack, 'Mlflow', { compute });
  compute.service.autoScaleTaskCount({ maxCapacity: 4 });
  compute.taskDefinition.addContainer('sidecar', { image: ContainerImage.fromRegistry('example.com/sidecar') });
  expect(compute.cluster.node.path).toBe('Stack/Mlflow/Compute/Cluster');
  const extended = Template.fromStack(stack);
  extended.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 1);
  extended.hasResourceProperties('AWS::ECS::TaskDefinition', {
    ContainerDefinitions: Match.arrayWith([Match.objectLike({ Name: 'sidecar' })]),
  });
});
