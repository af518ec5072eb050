import { Duration, TimeZone } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Compute, DayOfWeek, FargateComputeProps, MlflowTrackingServer, WorkingHours } from '../../../src';
import { ALL_KINDS, givenVpc, WITHOUT_ISOLATED } from '../../support/networks';
import { newStack } from '../../support/new-app';
import { containersOf, idsOf, only, permissionsOf, resourcesOf, templateWith } from '../../support/templates';

const withProps = (props: FargateComputeProps, stack = newStack()) =>
  templateWith({ compute: Compute.fargate(props) }, stack);
const serviceOf = (template: Template) => only(template, 'AWS::ECS::Service');
const targetOf = (template: Template) => only(template, 'AWS::ApplicationAutoScaling::ScalableTarget').Properties;
const policiesOf = (template: Template) =>
  Object.values(template.findResources('AWS::ApplicationAutoScaling::ScalingPolicy')).map(
    ({ Properties }) => Properties.TargetTrackingScalingPolicyConfiguration,
  );

describe('Spot', () => {
  const template = withProps({ spot: true });

  test('is the only capacity, and there before the service', () => {
    expect(serviceOf(template).Properties).not.toHaveProperty('LaunchType');
    expect(serviceOf(template).Properties.CapacityProviderStrategy).toEqual([
      { CapacityProvider: 'FARGATE_SPOT', Weight: 1 },
    ]);
    const offered = only(template, 'AWS::ECS::ClusterCapacityProviderAssociations');
    expect(offered.Properties).toMatchObject({
      Cluster: { Ref: only(template, 'AWS::ECS::Cluster').id },
      CapacityProviders: ['FARGATE_SPOT'],
    });
    expect(serviceOf(template).DependsOn).toContain(offered.id);
  });

  test('is up to a given cluster itself', () => {
    const stack = newStack();
    const given = withProps(
      { spot: true, cluster: new Cluster(stack, 'G', { vpc: givenVpc(stack, ALL_KINDS) }) },
      stack,
    );
    expect(serviceOf(given).Properties.CapacityProviderStrategy).toHaveLength(1);
    given.resourceCountIs('AWS::ECS::ClusterCapacityProviderAssociations', 0);
  });

  test('is off by default', () => {
    expect(serviceOf(withProps({ spot: false })).Properties.LaunchType).toBe('FARGATE');
  });
});

describe('scaling', () => {
  test('follows the CPU unless something else is said, and leaves the number of tasks alone', () => {
    const template = withProps({ scaling: { maxReplicas: 4 } });
    expect(serviceOf(template).Properties).not.toHaveProperty('DesiredCount');
    expect(targetOf(template)).toMatchObject({ MinCapacity: 1, MaxCapacity: 4 });
    expect(policiesOf(template)).toEqual([
      {
        PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
        TargetValue: 60,
      },
    ]);
  });

  test('follows the requests alone', () => {
    const template = withProps({ scaling: { minReplicas: 2, maxReplicas: 4, requestsPerTarget: 500 } });
    expect(targetOf(template)).toMatchObject({ MinCapacity: 2, MaxCapacity: 4 });
    expect(policiesOf(template)).toEqual([
      {
        PredefinedMetricSpecification: {
          PredefinedMetricType: 'ALBRequestCountPerTarget',
          ResourceLabel: expect.anything(),
        },
        TargetValue: 500,
      },
    ]);
  });

  test('follows both', () => {
    const scaling = { maxReplicas: 4, requestsPerTarget: 500, cpuUtilizationPercent: 70 };
    expect(policiesOf(withProps({ scaling })).map(({ TargetValue }) => TargetValue)).toEqual([70, 500]);
  });

  test('counts at its most where the database’s connections are counted', () => {
    const compute = Compute.fargate({ scaling: { maxReplicas: 9 } });
    expect(compute.capabilities.size?.replicas).toBe(9);
    const stack = newStack();
    templateWith({ compute }, stack);
    Annotations.fromStack(stack).hasWarning('/Stack/Mlflow', Match.stringLikeRegexp('^9 servers .* 369 database'));
  });
});

describe('working hours', () => {
  const workingHours = WorkingHours.onDays([DayOfWeek.MONDAY, DayOfWeek.FRIDAY], {
    startHour: 7,
    startMinute: 30,
    stopHour: 19,
    timeZone: TimeZone.EUROPE_BERLIN,
  });

  test.each<[string, FargateComputeProps, object]>([
    ['a fixed number', { replicas: 2 }, { MinCapacity: 2, MaxCapacity: 2 }],
    ['a number that follows the load', { scaling: { maxReplicas: 5 } }, { MinCapacity: 1, MaxCapacity: 5 }],
  ])('start and stop %s of tasks', (_name, props, capacity) => {
    const template = withProps({ ...props, workingHours });
    expect(serviceOf(template).Properties).not.toHaveProperty('DesiredCount');
    const target = targetOf(template);
    expect(target).toMatchObject(capacity);
    expect(target.ScheduledActions).toEqual([
      expect.objectContaining({
        ScheduledActionName: 'Start',
        Schedule: 'cron(30 7 ? * MON,FRI *)',
        Timezone: 'Europe/Berlin',
        ScalableTargetAction: capacity,
      }),
      expect.objectContaining({
        ScheduledActionName: 'Stop',
        Schedule: 'cron(0 19 ? * MON,FRI *)',
        Timezone: 'Europe/Berlin',
        ScalableTargetAction: { MinCapacity: 0, MaxCapacity: 0 },
      }),
    ]);
  });

  test('without scaling, no number follows the load', () => {
    expect(policiesOf(withProps({ workingHours }))).toEqual([]);
  });
});

describe('ECS Exec', () => {
  const stack = newStack();
  const template = withProps({ enableExecuteCommand: true }, stack);

  test('opens the server’s container, whose root stays read-only but for what the agent writes', () => {
    expect(serviceOf(template).Properties.EnableExecuteCommand).toBe(true);
    const [prepare, migrate, server] = containersOf(template);
    expect((server.MountPoints as any[]).map(({ ContainerPath }) => ContainerPath)).toEqual([
      '/tmp',
      '/managed-agents',
      '/var/lib/amazon/ssm',
      '/var/log/amazon/ssm',
    ]);
    expect([prepare, migrate].map(({ MountPoints }) => MountPoints)).toEqual([
      [expect.objectContaining({ ContainerPath: '/tmp' })],
      [expect.objectContaining({ ContainerPath: '/tmp' })],
    ]);
    expect(containersOf(template).map(({ ReadonlyRootFilesystem }) => ReadonlyRootFilesystem)).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('gives the task the rights of a session', () => {
    const actions = permissionsOf(template).map(({ action }) => action);
    expect(actions).toEqual(
      expect.arrayContaining(['ssmmessages:CreateControlChannel', 'ssmmessages:OpenDataChannel']),
    );
  });

  test('warns', () => {
    Annotations.fromStack(stack).hasWarning(
      '/Stack/Mlflow/Compute',
      "whoever has the right ecs:ExecuteCommand can open a shell in the server's container, as root, and read its secrets; remove 'enableExecuteCommand' once it is not needed [ack: cdk-mlflow:executeCommand]",
    );
  });

  test.each([undefined, false])('%s gives no session, no rights and no warning', (enableExecuteCommand) => {
    const other = newStack();
    const closed = withProps({ enableExecuteCommand }, other);
    expect(serviceOf(closed).Properties).not.toHaveProperty('EnableExecuteCommand');
    expect(permissionsOf(closed).filter(({ action }) => action.startsWith('ssmmessages:'))).toEqual([]);
    Annotations.fromStack(other).hasNoWarning('*', Match.stringLikeRegexp('ExecuteCommand'));
  });
});

test.each([
  [ContainerInsights.ENHANCED, 'enhanced'],
  [ContainerInsights.ENABLED, 'enabled'],
])('container insights %s', (containerInsights, Value) => {
  expect(only(withProps({ containerInsights }), 'AWS::ECS::Cluster').Properties.ClusterSettings).toEqual([
    { Name: 'containerInsights', Value },
  ]);
});

describe('the log', () => {
  test('is kept as long as is said', () => {
    const template = withProps({ logRetention: RetentionDays.ONE_WEEK });
    expect(only(template, 'AWS::Logs::LogGroup').Properties.RetentionInDays).toBe(7);
  });

  test('is encrypted with a given key, which CloudWatch Logs may use for logs of this account alone', () => {
    const stack = newStack();
    const template = withProps({ logEncryptionKey: new Key(stack, 'Key') }, stack);
    const key = only(template, 'AWS::KMS::Key');
    expect(only(template, 'AWS::Logs::LogGroup').Properties.KmsKeyId).toEqual({ 'Fn::GetAtt': [key.id, 'Arn'] });
    const [, granted, ...others] = key.Properties.KeyPolicy.Statement;
    expect(others).toEqual([]);
    expect(granted).toMatchObject({
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      Principal: { Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } },
    });
    const arn = JSON.stringify(granted.Condition.ArnLike['kms:EncryptionContext:aws:logs:arn']);
    expect(arn).toMatch(/:logs:.*AWS::Region.*AWS::AccountId.*:log-group:\*/);
  });

  test('is not, by default', () => {
    expect(only(withProps({}), 'AWS::Logs::LogGroup').Properties).not.toHaveProperty('KmsKeyId');
  });
});

test('the permissions boundary limits every role of the tasks, and no other', () => {
  const stack = newStack();
  const permissionsBoundary = ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary');
  const roles = Object.entries(withProps({ permissionsBoundary }, stack).findResources('AWS::IAM::Role'));
  const limited = roles.filter(([, { Properties }]) => Properties.PermissionsBoundary !== undefined);
  expect(limited.map(([id]) => id.replace(/\w{8}$/, '')).sort()).toEqual([
    'MlflowComputeTaskExecutionRole',
    'MlflowComputeTaskTaskRole',
  ]);
  for (const [, { Properties }] of limited) {
    expect(JSON.stringify(Properties.PermissionsBoundary)).toContain(':policy/boundary');
  }
});

describe('subnets', () => {
  const networkOf = (template: Template) => serviceOf(template).Properties.NetworkConfiguration.AwsvpcConfiguration;

  test('with public addresses there are no NAT gateways, and nobody but the load balancer gets in', () => {
    const template = withProps({ assignPublicIp: true });
    expect(networkOf(template)).toMatchObject({
      AssignPublicIp: 'ENABLED',
      Subnets: [
        { Ref: expect.stringMatching(/^MlflowVpcPublicSubnet1/) },
        { Ref: expect.stringMatching(/^MlflowVpcPublicSubnet2/) },
      ],
    });
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    expect(serviceOf(template).DependsOn).toEqual(
      expect.arrayContaining(idsOf(template, 'AWS::EC2::Route').filter((id) => id.includes('Public'))),
    );
    const balancer = only(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer').Properties;
    expect(balancer.Scheme).toBe('internal');
    expect(balancer.Subnets[0].Ref).toMatch(/^MlflowVpcIsolatedSubnet1/);
    const group = only(template, 'AWS::EC2::SecurityGroup', 'MlflowCompute');
    expect(group.Properties).not.toHaveProperty('SecurityGroupIngress');
    const sources = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress'))
      .filter(({ Properties }) => Properties.GroupId['Fn::GetAtt'][0] === group.id)
      .map(({ Properties }) => Properties.SourceSecurityGroupId['Fn::GetAtt'][0]);
    expect(sources).toEqual([only(template, 'AWS::EC2::SecurityGroup', 'MlflowEndpoint').id]);
  });

  test('a given VPC without NAT gateways will do', () => {
    const stack = newStack();
    const vpc = givenVpc(stack, [SubnetType.PUBLIC, SubnetType.PRIVATE_ISOLATED]);
    const template = templateWith({ vpc, compute: Compute.fargate({ assignPublicIp: true }) }, stack);
    expect(networkOf(template).Subnets[0].Ref).toMatch(/^GivenVpcGiven0Subnet1/);
  });

  test('are chosen', () => {
    const stack = newStack();
    const vpc = givenVpc(stack, WITHOUT_ISOLATED);
    const compute = Compute.fargate({ vpcSubnets: { subnets: [vpc.privateSubnets[1]] } });
    const template = templateWith({ vpc, compute }, stack);
    expect(networkOf(template)).toMatchObject({
      AssignPublicIp: 'DISABLED',
      Subnets: [{ Ref: expect.stringMatching(/^GivenVpcGiven1Subnet2/) }],
    });
  });
});

describe('deployments', () => {
  const deploymentOf = (template: Template) => serviceOf(template).Properties.DeploymentConfiguration;

  test.each([
    [{ rollback: false }, { Enable: true, Rollback: false }],
    [{ enable: true }, { Enable: true, Rollback: true }],
    [{ enable: false }, { Enable: false, Rollback: false }],
    [undefined, { Enable: true, Rollback: true }],
  ])('with the circuit breaker %j', (circuitBreaker, DeploymentCircuitBreaker) => {
    expect(deploymentOf(withProps({ circuitBreaker }))).toMatchObject({
      DeploymentCircuitBreaker,
      MinimumHealthyPercent: 0,
      MaximumPercent: 100,
    });
  });

  test('with more time to begin', () => {
    const template = withProps({ healthCheckGracePeriod: Duration.minutes(45) });
    expect(serviceOf(template).Properties.HealthCheckGracePeriodSeconds).toBe(2700);
  });
});

test('containers and volumes of the user’s own join the task', () => {
  const stack = newStack();
  const compute = Compute.fargate();
  new MlflowTrackingServer(stack, 'Mlflow', { compute });
  compute.taskDefinition.addVolume({ name: 'shared' });
  compute.taskDefinition
    .addContainer('agent', { image: ContainerImage.fromRegistry('example.com/agent:1'), essential: false })
    .addMountPoints({ sourceVolume: 'shared', containerPath: '/shared', readOnly: true });
  const template = Template.fromStack(stack);
  expect(containersOf(template).map(({ Name }) => Name)).toEqual(['prepare', 'migrate', 'server', 'agent']);
  expect(containersOf(template)[3].MountPoints).toEqual([
    { ContainerPath: '/shared', ReadOnly: true, SourceVolume: 'shared' },
  ]);
  const [task] = Object.values(resourcesOf(template)).filter(({ Type }) => Type === 'AWS::ECS::TaskDefinition');
  expect(task.Properties.Volumes).toEqual([{ Name: 'scratch' }, { Name: 'shared' }]);
  expect(serviceOf(template).Properties.LoadBalancers[0].ContainerName).toBe('server');
});
