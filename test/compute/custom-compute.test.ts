import { Size } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { AccessPath, ArtifactStore, MlflowTrackingServer, Profile, ServerImage } from '../../src';
import { FakeArtifactStore, FakeBackendStore, FakeCompute, FakeEndpoint, SelfContainedCompute } from '../support/fakes';
import { newStack } from '../support/new-app';
import { actionsOn, only, resourcesOf } from '../support/templates';

describe('a compute of the user’s own', () => {
  const stack = newStack();
  const compute = new FakeCompute({ size: { vcpus: 2, memory: Size.gibibytes(8), replicas: 3 } });
  const server = new MlflowTrackingServer(stack, 'Mlflow', { compute, profile: Profile.PRODUCTION });
  const template = Template.fromStack(stack);

  test('is bound with everything that it needs', () => {
    expect(compute.options).toMatchObject({
      profile: Profile.PRODUCTION,
      selfHosted: {
        size: { vcpus: 2, memory: Size.gibibytes(8), replicas: 3 },
        server: { port: 5000, serveArguments: ['serve', '--app-name', 'basic-auth'] },
      },
    });
    const { vpc, endpoint, server: definition } = compute.options!.selfHosted!;
    expect(vpc.node.path).toBe('Stack/Mlflow/Vpc');
    expect(endpoint.targetGroup!.node.path).toBe('Stack/Mlflow/Endpoint/Targets');
    expect(compute.options!.artifactStore.bucket!.node.path).toBe('Stack/Mlflow/ArtifactStore/Bucket');
    expect(definition.environment.MLFLOW_WORKERS).toBe('2');
  });

  test('is granted the artifacts', () => {
    const Arn = { 'Fn::GetAtt': [only(template, 'AWS::S3::Bucket', 'MlflowArtifactStoreBucket').id, 'Arn'] };
    expect(actionsOn(template, 'MlflowComputeRole', Arn)).toContain('s3:ListBucket');
    expect(server.grantPrincipal.grantPrincipal).toBe(server.grantPrincipal);
  });

  test('reaches the database, and starts after it', () => {
    const rule = only(template, 'AWS::EC2::SecurityGroupIngress', 'MlflowBackendStore');
    expect(rule.Properties.SourceSecurityGroupId).toEqual({
      'Fn::GetAtt': [only(template, 'AWS::EC2::SecurityGroup', 'MlflowCompute').id, 'GroupId'],
    });
    expect(only(template, 'Fake::Machine').DependsOn).toEqual([only(template, 'AWS::RDS::DBInstance').id, rule.id]);
  });

  test('is the load balancer’s target', () => {
    expect(only(template, 'AWS::ElasticLoadBalancingV2::TargetGroup').Properties.TargetType).toBe('ip');
  });
});

describe('a managed compute', () => {
  const stack = newStack();
  const compute = new SelfContainedCompute();
  const server = new MlflowTrackingServer(stack, 'Mlflow', {
    compute,
    artifactStore: ArtifactStore.s3({ prefix: 'p' }),
  });
  const template = Template.fromStack(stack);

  test('defines no network, no database, no load balancer and no secret', () => {
    expect(Object.values(resourcesOf(template)).map(({ Type }) => Type)).toEqual([
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
      'AWS::IAM::Role',
      'AWS::IAM::Policy',
    ]);
    expect(stack.node.findChild('Mlflow').node.children.map(({ node }) => node.id)).toEqual([
      'ArtifactStore',
      'Compute',
      'TrackingUri',
    ]);
  });

  test('is bound without what it brings', () => {
    expect(Object.keys(compute.options!)).toEqual(['profile', 'artifactStore']);
    expect(compute.options!.artifactStore.prefix).toBe('p');
  });

  test('gives the address, and no connections', () => {
    expect(server.trackingUri).toBe('arn:aws:managed:mlflow');
    expect(server.connections.securityGroups).toEqual([]);
    expect(Object.values(template.toJSON().Outputs)).toEqual([
      { Value: 'arn:aws:managed:mlflow', Description: 'The address for MLflow clients' },
    ]);
  });
});

describe('a way to the servers of the user’s own', () => {
  const MESH = AccessPath.of('a service mesh');
  const meshed = (accessPath: AccessPath) => {
    const compute = new FakeCompute({ accessPaths: [MESH], size: { replicas: 2 } });
    const stack = newStack();
    const endpoint = new FakeEndpoint(false, {}, accessPath);
    new MlflowTrackingServer(stack, 'Mlflow', { compute, endpoint });
    return { compute, template: Template.fromStack(stack) };
  };

  test('is the same wherever it has the same name', () => {
    const { compute, template } = meshed(AccessPath.of('a service mesh'));
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 0);
    expect(compute.options!.selfHosted!.endpoint.origin).toBe('https://mlflow.example.com');
    expect(MESH.matches(AccessPath.LOAD_BALANCER)).toBe(false);
    expect(MESH.matches(undefined)).toBe(false);
  });

  test('is another one otherwise', () => {
    expect(() => meshed(AccessPath.of('a tunnel'))).toThrow(
      "'endpoint' cannot be a private fake with Fake compute, whose servers cannot be reached through a tunnel; choose an endpoint that uses a service mesh, or another compute",
    );
  });

  test('may lead to one server only, in public subnets', () => {
    const single = AccessPath.of('a public tunnel', { singleServer: true, publicServers: true });
    const define = (replicas: number) => {
      const compute = new FakeCompute({ accessPaths: [single], size: { replicas } });
      const stack = newStack();
      new MlflowTrackingServer(stack, 'Mlflow', { compute, endpoint: new FakeEndpoint(false, {}, single) });
      return Template.fromStack(stack);
    };
    define(1).resourceCountIs('AWS::EC2::NatGateway', 0);
    expect(() => define(2)).toThrow(
      "'endpoint' cannot be a private fake for 2 servers, which share one address; set the compute's replicas to 1 or choose a load balancer",
    );
  });
});

test('the rules of a part learn what is known before anything is defined', () => {
  const contexts: Record<string, unknown>[] = [];
  const validation = {
    validate: (context: object) => {
      contexts.push({ ...context });
      return [];
    },
  };
  const stack = newStack({ env: { account: '111111111111', region: 'eu-west-1' } });
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['a', 'b'],
    privateSubnetIds: ['s-1', 's-2'],
  });
  const endpoint = new FakeEndpoint();
  Object.assign(endpoint.capabilities, { validation });
  const image = ServerImage.hardened();
  new MlflowTrackingServer(stack, 'Mlflow', {
    vpc,
    compute: new FakeCompute({ validation }),
    backendStore: new FakeBackendStore({ validation }),
    artifactStore: new FakeArtifactStore({ displayName: 'the Acme store' }),
    endpoint,
    image,
  });
  const expected = {
    region: 'eu-west-1',
    profile: Profile.DEVELOPMENT,
    vpc,
    publicServers: false,
    artifactStore: { displayName: 'the Acme store' },
    endpoint: endpoint.capabilities,
    image: image.capabilities,
    size: { vcpus: 0.5, memory: Size.mebibytes(1024), replicas: 1 },
  };
  expect(contexts).toHaveLength(3);
  for (const context of contexts) {
    expect(context.vpc === vpc).toBe(true);
    expect({ ...context, vpc: undefined }).toEqual({ ...expected, vpc: undefined });
  }
});

test('the rules of a managed compute learn of the artifact store and the region', () => {
  const contexts: object[] = [];
  const compute = new FakeCompute({
    managed: true,
    validation: { validate: (context) => (contexts.push(context), []) },
  });
  compute.bind = (scope) => ({ ...new SelfContainedCompute().bind(scope, undefined as never) });
  new MlflowTrackingServer(newStack({ env: { region: 'eu-west-1' } }), 'Mlflow', { compute });
  expect(contexts).toEqual([
    {
      region: 'eu-west-1',
      profile: Profile.DEVELOPMENT,
      artifactStore: { displayName: 'ArtifactStore.s3()', isBucket: true, access: undefined },
    },
  ]);
});
