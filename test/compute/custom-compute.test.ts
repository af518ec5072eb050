import { Size } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ArtifactStore, MlflowTrackingServer, Profile } from '../../src';
import { FakeCompute, SelfContainedCompute } from '../support/fakes';
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
