import { Size } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ArtifactStore, MlflowTrackingServer, Profile, Provider } from '../../src';
import { FakeCompute, SelfContainedCompute } from '../support/fakes';
import { newStack } from '../support/new-app';
import { actionsOn, only, resourcesOf } from '../support/templates';

describe('a compute of the user’s own', () => {
  const stack = newStack();
  const compute = new FakeCompute({ vcpus: 2, memory: Size.gibibytes(8), replicas: 3 });
  const server = new MlflowTrackingServer(stack, 'Mlflow', { compute, profile: Profile.PRODUCTION });
  const template = Template.fromStack(stack);

  test('is bound with everything that it needs', () => {
    expect(compute.options).toMatchObject({
      profile: Profile.PRODUCTION,
      size: { vcpus: 2, memory: Size.gibibytes(8), replicas: 3 },
      server: { port: 5000, serveArguments: ['serve', '--app-name', 'basic-auth'] },
    });
    expect(compute.options!.vpc!.node.path).toBe('Stack/Mlflow/Vpc');
    expect(compute.options!.endpoint!.targetGroup!.node.path).toBe('Stack/Mlflow/Endpoint/Targets');
    expect(compute.options!.artifactStore.bucket!.node.path).toBe('Stack/Mlflow/ArtifactStore/Bucket');
    expect(compute.options!.server!.environment.MLFLOW_WORKERS).toBe('2');
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

describe('a compute that brings everything itself', () => {
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
    const { vpc, endpoint, server: definition, artifactStore } = compute.options!;
    expect([vpc, endpoint, definition]).toEqual([undefined, undefined, undefined]);
    expect(artifactStore.prefix).toBe('p');
  });

  test('gives the address, and no connections', () => {
    expect(server.trackingUri).toBe('arn:aws:managed:mlflow');
    expect(server.connections.securityGroups).toEqual([]);
    expect(Object.values(template.toJSON().Outputs)).toEqual([
      { Value: 'arn:aws:managed:mlflow', Description: 'The address for MLflow clients' },
    ]);
  });
});

/** What becomes of a server on a compute that brings some parts and leaves others to the library. */
function outcomeWith(...brought: ('metadataStore' | 'endpoint' | 'network' | 'serverProcess')[]): string {
  const capabilities = Object.fromEntries(brought.map((part) => [part, Provider.COMPUTE]));
  try {
    new MlflowTrackingServer(newStack(), 'Mlflow', { compute: new FakeCompute(capabilities) });
    return 'a server';
  } catch (error) {
    return `${error}`;
  }
}

// Whether such a compute is supported or refused: a user who writes one must not meet a TypeError of the library's own.
test.each([
  [['serverProcess']],
  [['serverProcess', 'endpoint']],
  [['serverProcess', 'metadataStore', 'endpoint']],
  [['endpoint']],
  [['metadataStore']],
  [['network']],
] as const)('a compute that brings %j leads to a server or to an error in the user’s words', (brought) => {
  expect(outcomeWith(...brought)).not.toContain('TypeError');
});
