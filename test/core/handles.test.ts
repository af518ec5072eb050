import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Authentication, Compute, MlflowTrackingServer, MlflowTrackingServerProps } from '../../src';
import { FakeArtifactStore, FakeAuthentication, FakeBackendStore, SelfContainedCompute } from '../support/fakes';
import { ALL_KINDS, givenVpc } from '../support/networks';
import { newStack } from '../support/new-app';
import { only } from '../support/templates';

function serverWith(props: MlflowTrackingServerProps = {}, stack: Stack = newStack()): MlflowTrackingServer {
  return new MlflowTrackingServer(stack, 'Mlflow', props);
}

const NAMES = ['vpc', 'artifactBucket', 'databaseInstance', 'databaseCredentials', 'credentials'] as const;

/** The handles of a server, by the paths of the constructs. */
function pathsOf(server: MlflowTrackingServer) {
  return Object.fromEntries(NAMES.map((name) => [name, server[name]?.node.path.replace('Stack/Mlflow/', '')]));
}

describe('what the default parts create', () => {
  test('has a handle on the server', () => {
    const server = serverWith();
    expect(pathsOf(server)).toEqual({
      vpc: 'Vpc',
      artifactBucket: 'ArtifactStore/Bucket',
      databaseInstance: 'BackendStore/Instance',
      databaseCredentials: 'BackendStore/Credentials/Attachment',
      credentials: 'Authentication/Administrator',
    });
    const stack = Stack.of(server);
    const template = Template.fromStack(stack);
    expect(stack.resolve(server.vpc!.vpcId)).toEqual({ Ref: only(template, 'AWS::EC2::VPC').id });
    expect(stack.resolve(server.artifactBucket!.bucketName)).toEqual({ Ref: only(template, 'AWS::S3::Bucket').id });
    expect(stack.resolve(server.databaseInstance!.instanceIdentifier)).toEqual({
      Ref: only(template, 'AWS::RDS::DBInstance').id,
    });
    // With the host and the port, which RDS adds.
    expect(stack.resolve(server.databaseCredentials!.secretArn)).toEqual({
      Ref: only(template, 'AWS::SecretsManager::SecretTargetAttachment').id,
    });
  });

  test.each([
    ['EC2', () => Compute.ec2()],
    ['ECS on EC2', () => Compute.ecsOnEc2()],
  ])('is the same on %s', (_name, compute) => {
    expect(pathsOf(serverWith({ compute: compute() }))).toEqual(pathsOf(serverWith()));
  });
});

describe('a part of the user’s own', () => {
  test('that exists is what the handle refers to', () => {
    const stack = newStack();
    const vpc = givenVpc(stack, ALL_KINDS);
    const administrator = Secret.fromSecretNameV2(stack, 'Administrator', 'mlflow-admin');
    const server = serverWith({ vpc, authentication: Authentication.basic({ administrator }) }, stack);
    expect(server.vpc).toBe(vpc);
    expect(server.credentials).toBe(administrator);
  });

  test('without such a resource has no handle', () => {
    const server = serverWith({
      artifactStore: new FakeArtifactStore(),
      backendStore: new FakeBackendStore(),
      authentication: new FakeAuthentication(),
    });
    expect(pathsOf(server)).toEqual({ vpc: 'Vpc' });
  });

  test('can have a database instance', () => {
    const { databaseInstance, databaseCredentials } = serverWith();
    const environment = { MLFLOW_BACKEND_STORE_URI: 'postgresql://' };
    const backendStore = { bind: () => ({ environment, databaseInstance, databaseCredentials }) };
    const server = serverWith({ backendStore });
    expect(server.databaseInstance).toBe(databaseInstance);
    expect(server.databaseCredentials).toBe(databaseCredentials);
  });
});

test('a managed compute has a bucket and nothing else', () => {
  expect(pathsOf(serverWith({ compute: new SelfContainedCompute() }))).toEqual({
    artifactBucket: 'ArtifactStore/Bucket',
  });
});

test('a server without authentication has no credentials', () => {
  expect(serverWith({ authentication: Authentication.none() }).credentials).toBeUndefined();
});

describe('a server that is imported', () => {
  test('has the handles that its attributes name', () => {
    const stack = newStack();
    const credentials = Secret.fromSecretNameV2(stack, 'Credentials', 'mlflow-admin');
    const artifactBucket = Bucket.fromBucketName(stack, 'Artifacts', 'team-artifacts');
    const trackingUri = 'https://mlflow.example.com';
    const imported = (id: string, more = {}) =>
      MlflowTrackingServer.fromMlflowTrackingServerAttributes(stack, id, { trackingUri, ...more });
    expect(imported('One', { credentials, artifactBucket })).toMatchObject({ credentials, artifactBucket });
    const { credentials: none, artifactBucket: noBucket } = imported('Other');
    expect([none, noBucket]).toEqual([undefined, undefined]);
  });
});

describe('isMlflowTrackingServer', () => {
  test('finds servers among all constructs', () => {
    const server = serverWith();
    const found = server.node.root.node.findAll().filter((child) => MlflowTrackingServer.isMlflowTrackingServer(child));
    expect(found).toEqual([server]);
  });

  test('knows a server of another copy of the package', () => {
    jest.isolateModules(() => {
      const other: typeof import('../../src') = jest.requireActual('../../src');
      expect(other.MlflowTrackingServer).not.toBe(MlflowTrackingServer);
      expect(other.MlflowTrackingServer.isMlflowTrackingServer(serverWith())).toBe(true);
    });
  });

  test.each([[undefined], [null], ['text'], [{}], [newStack()]])('is false for %s', (other) => {
    expect(MlflowTrackingServer.isMlflowTrackingServer(other)).toBe(false);
  });

  test('is false for one that is imported', () => {
    const server = MlflowTrackingServer.fromMlflowTrackingServerAttributes(newStack(), 'Mlflow', {
      trackingUri: 'https://mlflow.example.com',
    });
    expect(MlflowTrackingServer.isMlflowTrackingServer(server)).toBe(false);
  });
});
