import { Lazy, Size } from 'aws-cdk-lib';
import { IVpc } from 'aws-cdk-lib/aws-ec2';
import {
  ArtifactStore,
  Authentication,
  BackendStore,
  BasicAuthentication,
  Endpoint,
  FargateCompute,
  InternalLoadBalancerEndpoint,
  MlflowVersion,
  Profile,
  Provider,
  RdsPostgresBackendStore,
  S3ArtifactStore,
  ServerImage,
} from '../../src';
import { resolveParts } from '../../src/core/resolve-props';
import { FakeCompute, SelfContainedCompute } from '../support/fakes';

const vpc = (id: string) => ({ vpcId: id, privateSubnets: [{}] }) as unknown as IVpc;

test('nothing given: every part has its default', () => {
  const parts = resolveParts({});
  expect(parts.profile).toBe(Profile.DEVELOPMENT);
  expect(parts.compute).toBeInstanceOf(FargateCompute);
  expect(parts.artifactStore).toBeInstanceOf(S3ArtifactStore);
  expect(parts.backendStore).toBeInstanceOf(RdsPostgresBackendStore);
  expect(parts.endpoint).toBeInstanceOf(InternalLoadBalancerEndpoint);
  expect(parts.server!.version.version).toBe('3.17.2');
  expect(parts.server!.authentication).toBeInstanceOf(BasicAuthentication);
  expect(parts.server!.options).toEqual({});
  expect(parts.network).toBeDefined();
  expect(parts.network!.given).toBeUndefined();
});

test('everything given: it is passed on', () => {
  const props = {
    compute: new FakeCompute(),
    artifactStore: ArtifactStore.s3(),
    backendStore: BackendStore.rdsPostgres(),
    endpoint: Endpoint.internalLoadBalancer(),
    authentication: Authentication.basic(),
    vpc: vpc('mine'),
    version: MlflowVersion.of('3.16.0'),
    image: ServerImage.fromRegistry('example.com/mlflow:1'),
    server: { workers: 1 },
    profile: Profile.PRODUCTION,
  };
  const parts = resolveParts(props);
  expect(parts.compute).toBe(props.compute);
  expect(parts.artifactStore).toBe(props.artifactStore);
  expect(parts.backendStore).toBe(props.backendStore);
  expect(parts.endpoint).toBe(props.endpoint);
  expect(parts.network!.given).toBe(props.vpc);
  expect(parts.server!.authentication).toBe(props.authentication);
  expect(parts.server!.version).toBe(props.version);
  expect(parts.server!.image).toBe(props.image);
  expect(parts.server!.options).toBe(props.server);
  expect(parts.profile).toBe(Profile.PRODUCTION);
});

describe('size', () => {
  test('is the compute’s own as far as it says', () => {
    const compute = new FakeCompute({ vcpus: 3, memory: Size.gibibytes(5), replicas: 4 });
    expect(resolveParts({ compute }).size).toEqual({ vcpus: 3, memory: Size.gibibytes(5), replicas: 4 });
  });

  test.each([
    [Profile.DEVELOPMENT, { vcpus: 0.5, memory: Size.mebibytes(1024), replicas: 1 }],
    [Profile.PRODUCTION, { vcpus: 1, memory: Size.mebibytes(2048), replicas: 2 }],
  ])('is the profile’s otherwise: %s', (profile, size) => {
    expect(resolveParts({ profile }).size).toEqual(size);
  });
});

describe('what the system takes', () => {
  test.each([
    [Profile.DEVELOPMENT, 724],
    [Profile.PRODUCTION, 1748],
  ])('is taken of the profile’s memory: %s', (profile, mebibytes) => {
    const compute = new FakeCompute({ systemMemory: Size.mebibytes(300) });
    expect(resolveParts({ profile, compute }).size.memory).toEqual(Size.mebibytes(mebibytes));
  });

  test('is not taken of a memory that is known later', () => {
    const memory = Size.mebibytes(Lazy.number({ produce: () => 2048 }));
    const compute = new FakeCompute({ memory, systemMemory: Size.mebibytes(300) });
    expect(resolveParts({ compute, server: { workers: 1 } }).size.memory).toBe(memory);
  });
});

describe('a compute that installs MLflow itself', () => {
  const image = ServerImage.fromRegistry('example.com/mlflow:1');
  const installing = (more = {}) =>
    new FakeCompute({
      mlflowVersion: MlflowVersion.of('3.16.0'),
      memory: Size.gibibytes(2),
      systemMemory: Size.mebibytes(300),
      containerSystemMemory: Size.gibibytes(1),
      ...more,
    });

  test('gets no image unless one is chosen, and decides the release', () => {
    const parts = resolveParts({ compute: installing() });
    expect(parts.server!.image).toBeUndefined();
    expect(parts.server!.version.version).toBe('3.16.0');
    expect(parts.size.memory).toEqual(Size.mebibytes(1748));
  });

  test('gets the image that is chosen, which decides the release, and less memory', () => {
    const parts = resolveParts({ compute: installing(), image });
    expect(parts.server!.image).toBe(image);
    expect(parts.server!.version.version).toBe('3.17.2');
    expect(parts.size.memory).toEqual(Size.mebibytes(1024));
    const same = resolveParts({ compute: installing({ containerSystemMemory: undefined }), image });
    expect(same.size.memory).toEqual(Size.mebibytes(1748));
  });

  test('gets the release that is asked for, where it names none and runs no images', () => {
    const compute = new FakeCompute({ containerImages: false });
    const parts = resolveParts({ compute, version: MlflowVersion.of('3.15.1') });
    expect(parts.server!.image).toBeUndefined();
    expect(parts.server!.version.version).toBe('3.15.1');
  });

  test('any other gets the official image', () => {
    const { server } = resolveParts({ compute: new FakeCompute() });
    expect(server!.image!.capabilities.displayName).toBe('ServerImage.official()');
  });
});

describe('a default is never made and then ignored', () => {
  test('where the compute brings everything', () => {
    const parts = resolveParts({ compute: new SelfContainedCompute() });
    expect(parts.backendStore).toBeUndefined();
    expect(parts.endpoint).toBeUndefined();
    expect(parts.server).toBeUndefined();
    expect(parts.network).toBeUndefined();
    expect(parts.artifactStore).toBeInstanceOf(S3ArtifactStore);
  });

  test.each([
    [['serverProcess'], ['server']],
    [
      ['serverProcess', 'endpoint'],
      ['endpoint', 'server'],
    ],
    [
      ['serverProcess', 'metadataStore'],
      ['backendStore', 'server'],
    ],
    [
      ['serverProcess', 'metadataStore', 'endpoint'],
      ['backendStore', 'endpoint', 'server'],
    ],
  ])('where the compute brings %j', (brought, expected) => {
    const capabilities = Object.fromEntries(brought.map((part) => [part, Provider.COMPUTE]));
    const parts = resolveParts({ compute: new FakeCompute(capabilities) });
    const missing = (['backendStore', 'endpoint', 'server', 'network'] as const).filter((name) => !parts[name]);
    expect(missing).toEqual(expected);
  });

  test('an explicit Provider.LIBRARY is the default', () => {
    const parts = resolveParts({
      compute: new FakeCompute({
        metadataStore: Provider.LIBRARY,
        endpoint: Provider.LIBRARY,
        serverProcess: Provider.LIBRARY,
        network: Provider.LIBRARY,
      }),
    });
    expect(parts.backendStore && parts.endpoint && parts.server && parts.network).toBeTruthy();
  });
});

test('the VPC that the compute is bound to is used, and may be named again', () => {
  const bound = vpc('cluster');
  expect(resolveParts({ compute: new FakeCompute({ vpc: bound }) }).network!.given).toBe(bound);
  expect(resolveParts({ compute: new FakeCompute({ vpc: bound }), vpc: bound }).network!.given).toBe(bound);
});
