import { Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { MlflowTrackingServer, Profile } from '../src';
import { ALL_KINDS, givenVpc, WITHOUT_ISOLATED } from './support/networks';
import { newStack, RECOMMENDED_FLAGS } from './support/new-app';
import { actionsOn, environmentOf, idsOf, only, permissionsOf, resourcesOf, templateWith } from './support/templates';

const READ_SECRET = ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'];

function client(stack: Stack): Role {
  return new Role(stack, 'Client', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
}

describe('the default stack', () => {
  const stack = newStack();
  const server = new MlflowTrackingServer(stack, 'Mlflow');
  const template = Template.fromStack(stack);

  test('has these parts, whose ids are public', () => {
    expect(server.node.children.map(({ node }) => node.id)).toEqual([
      'Vpc',
      'ArtifactStore',
      'BackendStore',
      'Endpoint',
      'Authentication',
      'Server',
      'Compute',
      'TrackingUri',
      'CredentialsSecret',
    ]);
  });

  test('is complete', () => {
    const counts: Record<string, number> = {};
    for (const { Type } of Object.values(resourcesOf(template))) counts[Type] = (counts[Type] ?? 0) + 1;
    expect(counts).toMatchObject({
      'AWS::EC2::VPC': 1,
      'AWS::EC2::NatGateway': 1,
      'AWS::EC2::SecurityGroup': 3,
      'AWS::S3::Bucket': 1,
      'AWS::RDS::DBInstance': 1,
      'AWS::SecretsManager::Secret': 5,
      'AWS::ElasticLoadBalancingV2::LoadBalancer': 1,
      'AWS::ElasticLoadBalancingV2::Listener': 1,
      'AWS::ECS::Cluster': 1,
      'AWS::ECS::Service': 1,
    });
    if (!RECOMMENDED_FLAGS) expect(counts).not.toHaveProperty('AWS::Lambda::Function');
  });

  test('says where the server is and how to sign in', () => {
    const loadBalancer = only(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer').id;
    const { Outputs } = template.toJSON();
    const [uri, secret] = Object.keys(Outputs);
    expect(Outputs[uri]).toEqual({
      Description: 'The address for MLflow clients',
      Value: { 'Fn::Join': ['', ['http://', { 'Fn::GetAtt': [loadBalancer, 'DNSName'] }]] },
    });
    expect(secret).toMatch(/^MlflowCredentialsSecret/);
    expect(Outputs[secret].Description).toBe('The secret with the user name and password of the MLflow administrator');
    expect(JSON.stringify(Outputs[secret].Value)).toContain('MlflowAuthenticationAdministrator');
    expect(stack.resolve(server.trackingUri)).toEqual(Outputs[uri].Value);
  });
});

test('PRODUCTION changes numbers and switches, never the shape', () => {
  const kinds = (profile: Profile) =>
    [...new Set(Object.values(resourcesOf(templateWith({ profile }))).map(({ Type }) => Type))].sort();
  const production = kinds(Profile.PRODUCTION);
  expect(production.filter((type) => !kinds(Profile.DEVELOPMENT).includes(type))).toEqual(['AWS::EC2::FlowLog']);
  expect(kinds(Profile.DEVELOPMENT).filter((type) => !production.includes(type))).toEqual([]);
});

test.each([
  ['with isolated subnets', ALL_KINDS],
  ['without', WITHOUT_ISOLATED],
])('a given VPC %s is used by every part', (_name, kinds) => {
  const stack = newStack();
  const template = templateWith({ vpc: givenVpc(stack, kinds) }, stack);
  const { id } = only(template, 'AWS::EC2::VPC');
  expect(id).toMatch(/^GivenVpc/);
  const groups = Object.values(template.findResources('AWS::EC2::SecurityGroup'));
  expect(groups.map(({ Properties }) => Properties.VpcId)).toEqual(Array(3).fill({ Ref: id }));
  expect(only(template, 'AWS::ElasticLoadBalancingV2::TargetGroup').Properties.VpcId).toEqual({ Ref: id });
});

test('two servers live in one stack', () => {
  const stack = newStack();
  new MlflowTrackingServer(stack, 'One');
  new MlflowTrackingServer(stack, 'Two');
  Template.fromStack(stack).resourceCountIs('AWS::ECS::Service', 2);
});

test('in a known region no mapping is needed', () => {
  const stack = newStack({ env: { account: '123456789012', region: 'eu-west-1' } });
  const template = templateWith({}, stack);
  expect(template.findMappings('*')).toEqual({});
  expect(environmentOf(template)).toMatchObject({
    CDK_MLFLOW_DATABASE_CA: expect.stringMatching(/^-----BEGIN CERTIFICATE-----/),
    MLFLOW_S3_EXPECTED_BUCKET_OWNER: '123456789012',
  });
});

describe('access', () => {
  test('is the right to read the administrator’s secret, and no other', () => {
    const stack = newStack();
    const server = new MlflowTrackingServer(stack, 'Mlflow');
    const grant = server.grantAccess(client(stack));
    const template = Template.fromStack(stack);
    const { id } = only(template, 'AWS::SecretsManager::Secret', 'MlflowAuthenticationAdministrator');
    expect(grant.success).toBe(true);
    expect(actionsOn(template, 'Client', { Ref: id })).toEqual(READ_SECRET);
    expect(permissionsOf(template).filter(({ role }) => role.startsWith('Client'))).toHaveLength(2);
  });

  test('the server’s own identity can be granted more', () => {
    const stack = newStack();
    const server = new MlflowTrackingServer(stack, 'Mlflow');
    const secret = new Secret(stack, 'More');
    secret.grantRead(server);
    new Bucket(stack, 'Data').grantRead(server.grantPrincipal);
    const template = Template.fromStack(stack);
    const { id } = only(template, 'AWS::SecretsManager::Secret', 'More');
    expect(actionsOn(template, 'MlflowComputeTaskTaskRole', { Ref: id })).toEqual(READ_SECRET);
    expect(permissionsOf(template).some(({ action }) => action === 's3:GetObject*')).toBe(true);
  });

  test('over the network is allowed through the connections', () => {
    const stack = newStack();
    const vpc = givenVpc(stack, ALL_KINDS);
    const server = new MlflowTrackingServer(stack, 'Mlflow', { vpc });
    const notebooks = new SecurityGroup(stack, 'Notebooks', { vpc });
    server.connections.allowDefaultPortFrom(notebooks);
    const template = Template.fromStack(stack);
    const rule = only(template, 'AWS::EC2::SecurityGroupIngress', 'MlflowEndpointLoadBalancer').Properties;
    expect(rule).toMatchObject({
      FromPort: 80,
      ToPort: 80,
      GroupId: { 'Fn::GetAtt': [only(template, 'AWS::EC2::SecurityGroup', 'MlflowEndpoint').id, 'GroupId'] },
      SourceSecurityGroupId: { 'Fn::GetAtt': [only(template, 'AWS::EC2::SecurityGroup', 'Notebooks').id, 'GroupId'] },
    });
  });

  test('works for a client in another stack, from the client’s side', () => {
    const stack = newStack();
    const vpc = givenVpc(stack, ALL_KINDS);
    const server = new MlflowTrackingServer(stack, 'Mlflow', { vpc });
    const clients = new Stack(stack.node.root, 'Clients');
    const notebooks = new SecurityGroup(clients, 'Notebooks', { vpc });
    server.grantAccess(client(clients));
    notebooks.connections.allowToDefaultPort(server);
    // Throws where the stacks depend on each other.
    const template = Template.fromStack(clients);
    expect(only(template, 'AWS::EC2::SecurityGroupIngress').Properties).toMatchObject({
      FromPort: 80,
      ToPort: 80,
      GroupId: { 'Fn::ImportValue': expect.stringContaining('MlflowEndpointLoadBalancer') },
      SourceSecurityGroupId: { 'Fn::GetAtt': [only(template, 'AWS::EC2::SecurityGroup', 'Notebooks').id, 'GroupId'] },
    });
    const actions = permissionsOf(template).map(({ action }) => action);
    expect(actions.sort()).toEqual(READ_SECRET);
  });
});

test('a static prefix is part of the address', () => {
  const stack = newStack();
  const server = new MlflowTrackingServer(stack, 'Mlflow', { server: { staticPrefix: '/team/mlflow' } });
  expect(stack.resolve(server.trackingUri)['Fn::Join'][1]).toEqual([
    'http://',
    { 'Fn::GetAtt': [expect.stringMatching(/^MlflowEndpointLoadBalancer/), 'DNSName'] },
    '/team/mlflow',
  ]);
});

test('values of the server’s options that are known later arrive', () => {
  const later = (value: string) => Lazy.string({ produce: () => value });
  const template = templateWith({
    server: {
      workers: Lazy.number({ produce: () => 2 }),
      staticPrefix: later('/late'),
      environment: { TEAM: later('ml') },
      extraArguments: [later('--late')],
    },
  });
  expect(environmentOf(template)).toMatchObject({ MLFLOW_STATIC_PREFIX: '/late', TEAM: 'ml', MLFLOW_WORKERS: '2' });
  expect(only(template, 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions[2].Command).toEqual([
    'serve',
    '--app-name',
    'basic-auth',
    '--late',
  ]);
});

describe('a server that was defined elsewhere', () => {
  test('is its address, its secret and its security groups', () => {
    const stack = newStack();
    const credentials = Secret.fromSecretNameV2(stack, 'Credentials', 'mlflow-admin');
    const group = SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-123');
    const server = MlflowTrackingServer.fromMlflowTrackingServerAttributes(stack, 'Mlflow', {
      trackingUri: 'https://mlflow.example.com',
      credentials,
      securityGroups: [group],
      port: 443,
    });
    const grant = server.grantAccess(client(stack));
    server.connections.allowDefaultPortFrom(SecurityGroup.fromSecurityGroupId(stack, 'Notebooks', 'sg-456'));
    const template = Template.fromStack(stack);

    expect(server.trackingUri).toBe('https://mlflow.example.com');
    expect(server.node.path).toBe('Stack/Mlflow');
    expect(grant.success).toBe(true);
    expect(
      permissionsOf(template)
        .map(({ action }) => action)
        .sort(),
    ).toEqual(READ_SECRET);
    expect(JSON.stringify(permissionsOf(template)[0].resource)).toContain('secret:mlflow-admin-??????');
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: 'sg-123',
      SourceSecurityGroupId: 'sg-456',
      FromPort: 443,
      ToPort: 443,
    });
    expect(idsOf(template, 'AWS::ECS::Service')).toEqual([]);
  });

  test('may be its address alone', () => {
    const stack = newStack();
    const server = MlflowTrackingServer.fromMlflowTrackingServerAttributes(stack, 'Mlflow', {
      trackingUri: 'http://x',
    });
    expect(server.grantAccess(client(stack)).success).toBe(false);
    expect(server.connections.defaultPort).toEqual(Port.tcp(80));
    expect(server.connections.securityGroups).toEqual([]);
  });

  test.each([
    ['https://mlflow.example.com', 443],
    ['HTTPS://mlflow.example.com/team', 443],
    ['http://mlflow.example.com/a:9/b', 80],
    ['https://mlflow.example.com:8443/team', 8443],
    ['http://10.0.0.7:5000', 5000],
    [`https://${Fn.importValue('Host')}/team`, 443],
    [Fn.importValue('Address'), 80],
  ])('clients of %s connect to its port', (trackingUri, port) => {
    const server = MlflowTrackingServer.fromMlflowTrackingServerAttributes(newStack(), 'Mlflow', { trackingUri });
    expect(server.connections.defaultPort).toEqual(Port.tcp(port));
  });

  test('a port that is known later arrives', () => {
    const stack = newStack();
    const server = MlflowTrackingServer.fromMlflowTrackingServerAttributes(stack, 'Mlflow', {
      trackingUri: `https://mlflow.example.com:${Fn.importValue('Port')}/team`,
    });
    expect(stack.resolve(server.connections.defaultPort!.toRuleJson().fromPort)).toEqual({ 'Fn::ImportValue': 'Port' });
  });

  test('the given port is that of clients, whatever the address says', () => {
    const attributes = { trackingUri: 'https://mlflow.example.com:8443', port: 9443 };
    const server = MlflowTrackingServer.fromMlflowTrackingServerAttributes(newStack(), 'Mlflow', attributes);
    expect(server.connections.defaultPort).toEqual(Port.tcp(9443));
  });
});
