import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm, Dashboard, GraphWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Instance, InstanceType, MachineImage, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage, FargateTaskDefinition, Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { ArtifactAccess, ArtifactStore, Compute, MlflowTrackingServer, MlflowTrackingServerProps } from '../src';
import { newApp } from './support/new-app';
import { idsOf, only, permissionsOf } from './support/templates';

/** A server in a stack of its own, and another stack of the same app. */
function twoStacks(props: MlflowTrackingServerProps = {}) {
  const app = newApp();
  const tracking = new Stack(app, 'Tracking');
  const server = new MlflowTrackingServer(tracking, 'Mlflow', props);
  const clients = new Stack(app, 'Clients');
  /** Synthesizes the app, which throws where its stacks depend on each other. */
  const synthesize = () => {
    app.synth();
    expect(clients.dependencies).toEqual([tracking]);
    expect(tracking.dependencies).toEqual([]);
    return { clients: Template.fromStack(clients), tracking: Template.fromStack(tracking) };
  };
  return { server, tracking, clients, synthesize };
}

const imported = (name: string) => ({ 'Fn::ImportValue': expect.stringContaining(name) });
const READ_SECRET = ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'];
const actionsIn = (template: Template) =>
  permissionsOf(template)
    .map(({ action }) => action)
    .sort();

describe('a client in another stack', () => {
  test('is in the VPC of the server, connects to it and to its database', () => {
    const { server, clients, synthesize } = twoStacks();
    const notebook = new Instance(clients, 'Notebook', {
      vpc: server.vpc!,
      instanceType: new InstanceType('t4g.small'),
      machineImage: MachineImage.latestAmazonLinux2023(),
    });
    notebook.connections.allowToDefaultPort(server);
    notebook.connections.allowToDefaultPort(server.databaseInstance!);
    server.grantAccess(notebook);

    const { clients: template } = synthesize();
    const { Properties } = only(template, 'AWS::EC2::Instance');
    expect(Properties.SubnetId).toEqual(imported('MlflowVpcPrivateSubnet1'));
    const group = only(template, 'AWS::EC2::SecurityGroup');
    expect(group.Properties.VpcId).toEqual(imported('MlflowVpc'));
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress'));
    const source = { SourceSecurityGroupId: { 'Fn::GetAtt': [group.id, 'GroupId'] } };
    expect(rules.map((rule) => rule.Properties)).toEqual([
      expect.objectContaining({ ...source, GroupId: imported('MlflowEndpointLoadBalancer'), FromPort: 80 }),
      expect.objectContaining({ ...source, GroupId: imported('MlflowBackendStoreInstanceSecurityGroup') }),
    ]);
    expect(actionsIn(template)).toEqual(READ_SECRET);
  });

  test('gets the address and the credentials as an environment', () => {
    const { server, clients, synthesize } = twoStacks();
    const task = new FargateTaskDefinition(clients, 'Task');
    const credentials = server.credentials!;
    task.addContainer('Training', {
      image: ContainerImage.fromRegistry('python:3.12'),
      environment: { MLFLOW_TRACKING_URI: server.trackingUri },
      secrets: {
        MLFLOW_TRACKING_USERNAME: EcsSecret.fromSecretsManager(credentials, 'username'),
        MLFLOW_TRACKING_PASSWORD: EcsSecret.fromSecretsManager(credentials, 'password'),
      },
    });

    const { clients: template } = synthesize();
    const [container] = only(template, 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
    expect(container.Environment[0].Value['Fn::Join'][1]).toEqual(['http://', imported('MlflowEndpointLoadBalancer')]);
    expect(container.Secrets[0].ValueFrom['Fn::Join'][1]).toEqual([
      imported('MlflowAuthenticationAdministrator'),
      ':username::',
    ]);
    expect(actionsIn(template)).toEqual(READ_SECRET);
  });

  test('may use the bucket, where clients access artifacts directly', () => {
    const artifactStore = ArtifactStore.s3({ access: ArtifactAccess.DIRECT });
    const { server, clients, synthesize } = twoStacks({ artifactStore });
    server.grantAccess(new Role(clients, 'Client', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }));
    const actions = actionsIn(synthesize().clients);
    expect(actions).toEqual(expect.arrayContaining(['s3:GetObject', 's3:PutObject']));
  });

  test('may use a managed server', () => {
    const { server, clients, synthesize } = twoStacks({ compute: Compute.sageMakerTrackingServer() });
    const role = new Role(clients, 'Client', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    server.grantAccess(role);
    server.grantUi(role);
    const actions = actionsIn(synthesize().clients);
    expect(actions).toEqual(expect.arrayContaining(['sagemaker-mlflow:CreateRun', 's3:PutObject']));
  });
});

test('alarms and dashboards can be in another stack', () => {
  const { server, tracking, clients, synthesize } = twoStacks();
  const metrics = [
    server.metricRequestCount(),
    server.metricTargetResponseTime({ statistic: 'p99' }),
    server.metricCpuUtilization(),
    server.metricDatabaseConnections(),
  ];
  metrics.forEach((metric, index) => {
    new Alarm(clients, `Alarm${index}`, { metric, threshold: 1, evaluationPeriods: 1 });
  });
  new Dashboard(clients, 'Dashboard', { widgets: [[new GraphWidget({ left: metrics })]] });
  const { clients: template } = synthesize();
  template.resourceCountIs('AWS::CloudWatch::Alarm', metrics.length);
  expect(JSON.stringify(only(template, 'AWS::CloudWatch::Dashboard'))).toContain('Fn::ImportValue');
  expect(idsOf(Template.fromStack(tracking), 'AWS::CloudWatch::Alarm')).toEqual([]);
});

test('alarms can notify a topic of another stack', () => {
  const app = newApp();
  const topic = new Topic(new Stack(app, 'Operations'), 'Topic');
  const tracking = new Stack(app, 'Tracking');
  new MlflowTrackingServer(tracking, 'Mlflow').addAlarms({ topic });
  app.synth();
  const alarms = Object.values(Template.fromStack(tracking).findResources('AWS::CloudWatch::Alarm'));
  for (const { Properties } of alarms) expect(Properties.AlarmActions).toEqual([imported('Topic')]);
});

test('a client in another app knows the server by its attributes', () => {
  const stack = new Stack(newApp(), 'Clients');
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['a'],
    privateSubnetIds: ['subnet-1'],
  });
  const server = MlflowTrackingServer.fromMlflowTrackingServerAttributes(stack, 'Mlflow', {
    trackingUri: StringParameter.valueForStringParameter(stack, '/mlflow/tracking-uri'),
    credentials: Secret.fromSecretNameV2(stack, 'Credentials', 'mlflow-admin'),
    securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'LoadBalancer', 'sg-1')],
    port: 443,
  });
  const task = new FargateTaskDefinition(stack, 'Task');
  task.addContainer('Training', {
    image: ContainerImage.fromRegistry('python:3.12'),
    environment: { MLFLOW_TRACKING_URI: server.trackingUri },
    secrets: { MLFLOW_TRACKING_PASSWORD: EcsSecret.fromSecretsManager(server.credentials!, 'password') },
  });
  server.grantAccess(task.taskRole);
  const clients = new SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: false });
  clients.connections.allowToDefaultPort(server);

  const template = Template.fromStack(stack);
  const group = { 'Fn::GetAtt': [only(template, 'AWS::EC2::SecurityGroup').id, 'GroupId'] };
  expect(only(template, 'AWS::EC2::SecurityGroupIngress').Properties).toMatchObject({
    GroupId: 'sg-1',
    SourceSecurityGroupId: group,
    FromPort: 443,
  });
  expect(only(template, 'AWS::EC2::SecurityGroupEgress').Properties).toMatchObject({
    GroupId: group,
    DestinationSecurityGroupId: 'sg-1',
    FromPort: 443,
  });
  const [container] = only(template, 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
  expect(container.Environment[0].Value).toEqual({ Ref: expect.stringContaining('mlflowtrackinguri') });
  expect(JSON.stringify(container.Secrets)).toContain('mlflow-admin');
  expect(new Set(actionsIn(template))).toEqual(new Set(READ_SECRET));
});
