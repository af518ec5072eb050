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
  MlflowTrackingServerProps,
  MlflowVersion,
  Profile,
  RdsPostgresBackendStore,
  S3ArtifactStore,
  ServerImage,
} from '../../src';
import { resolveProps as resolve } from '../../src/core/resolve-props';
import { SelfHostedProps } from '../../src/core/resolved-props';
import { FakeCompute, FakeEndpoint, SelfContainedCompute } from '../support/fakes';

function resolveProps(props: MlflowTrackingServerProps): SelfHostedProps {
  const resolved = resolve(props, 'eu-central-1');
  if (resolved.managed) throw new Error('managed');
  return resolved;
}

const vpc = (id: string) =>
  ({
    vpcId: id,
    node: {},
    vpcCidrBlock: '10.0.0.0/16',
    privateSubnets: [{}],
    isolatedSubnets: [],
  }) as unknown as IVpc;

test('nothing given: every part has its default', () => {
  const parts = resolveProps({});
  expect(parts.profile).toBe(Profile.DEVELOPMENT);
  expect(parts.compute).toBeInstanceOf(FargateCompute);
  expect(parts.artifactStore).toBeInstanceOf(S3ArtifactStore);
  expect(parts.backendStore).toBeInstanceOf(RdsPostgresBackendStore);
  expect(parts.endpoint).toBeInstanceOf(InternalLoadBalancerEndpoint);
  expect(parts.server.version.version).toBe('3.17.2');
  expect(parts.server.authentication).toBeInstanceOf(BasicAuthentication);
  expect(parts.server.options).toEqual({});
  expect(parts.network).toBeDefined();
  expect(parts.network.existing).toBeUndefined();
});

test('everything given: it is passed on', () => {
  const props = {
    compute: new FakeCompute(),
    artifactStore: ArtifactStore.s3(),
    backendStore: BackendStore.rdsPostgres(),
    endpoint: Endpoint.internalLoadBalancer(),
    authentication: Authentication.basic(),
    vpc: vpc('mine'),
    version: MlflowVersion.of('3.17.1'),
    image: ServerImage.fromRegistry('example.com/mlflow:1'),
    server: { workers: 1 },
    profile: Profile.PRODUCTION,
  };
  const parts = resolveProps(props);
  expect(parts.compute).toBe(props.compute);
  expect(parts.artifactStore).toBe(props.artifactStore);
  expect(parts.backendStore).toBe(props.backendStore);
  expect(parts.endpoint).toBe(props.endpoint);
  expect(parts.network.existing).toBe(props.vpc);
  expect(parts.server.authentication).toBe(props.authentication);
  expect(parts.server.version).toBe(props.version);
  expect(parts.server.image).toBe(props.image);
  expect(parts.server.options).toBe(props.server);
  expect(parts.profile).toBe(Profile.PRODUCTION);
});

describe('size', () => {
  test('is the compute’s own as far as it says', () => {
    const compute = new FakeCompute({ size: { vcpus: 3, memory: Size.gibibytes(5), replicas: 4 } });
    expect(resolveProps({ compute }).size).toEqual({ vcpus: 3, memory: Size.gibibytes(5), replicas: 4 });
  });

  test.each([
    [Profile.DEVELOPMENT, { vcpus: 0.5, memory: Size.mebibytes(1024), replicas: 1 }],
    [Profile.PRODUCTION, { vcpus: 1, memory: Size.mebibytes(2048), replicas: 2 }],
  ])('is the profile’s otherwise: %s', (profile, size) => {
    expect(resolveProps({ profile }).size).toEqual(size);
  });
});

describe('what the system takes', () => {
  test.each([
    [Profile.DEVELOPMENT, 724],
    [Profile.PRODUCTION, 1748],
  ])('is taken of the profile’s memory: %s', (profile, mebibytes) => {
    const compute = new FakeCompute({ size: { systemMemory: Size.mebibytes(300) } });
    expect(resolveProps({ profile, compute }).size.memory).toEqual(Size.mebibytes(mebibytes));
  });

  test('is not taken of a memory that is known later', () => {
    const memory = Size.mebibytes(Lazy.number({ produce: () => 2048 }));
    const compute = new FakeCompute({ size: { memory, systemMemory: Size.mebibytes(300) } });
    expect(resolveProps({ compute, server: { workers: 1 } }).size.memory).toBe(memory);
  });
});

describe('a compute that installs MLflow itself', () => {
  const image = ServerImage.fromRegistry('example.com/mlflow:1');
  const installing = (containerSystemMemory?: Size) =>
    new FakeCompute({
      runtime: { mlflowVersion: MlflowVersion.of('3.17.1') },
      size: { memory: Size.gibibytes(2), systemMemory: Size.mebibytes(300), containerSystemMemory },
    });

  test('gets no image unless one is chosen, and decides the release', () => {
    const parts = resolveProps({ compute: installing() });
    expect(parts.server.image).toBeUndefined();
    expect(parts.server.version.version).toBe('3.17.1');
    expect(parts.size.memory).toEqual(Size.mebibytes(1748));
  });

  test('gets the image that is chosen, which decides the release, and less memory', () => {
    const parts = resolveProps({ compute: installing(Size.gibibytes(1)), image });
    expect(parts.server.image).toBe(image);
    expect(parts.server.version.version).toBe('3.17.2');
    expect(parts.size.memory).toEqual(Size.mebibytes(1024));
    const same = resolveProps({ compute: installing(), image });
    expect(same.size.memory).toEqual(Size.mebibytes(1748));
  });

  test('gets the release that is asked for, where it names none and runs no images', () => {
    const compute = new FakeCompute({ runtime: { containerImages: false } });
    const parts = resolveProps({ compute, version: MlflowVersion.of('3.17.0') });
    expect(parts.server.image).toBeUndefined();
    expect(parts.server.version.version).toBe('3.17.0');
  });

  test('any other gets the official image', () => {
    const { server } = resolveProps({ compute: new FakeCompute() });
    expect(server.image!.capabilities.displayName).toBe('ServerImage.official()');
  });
});

test('a default is never made and then ignored: a managed compute has an artifact store, and nothing else', () => {
  const compute = new SelfContainedCompute();
  const { artifactStore, ...others } = resolve({ compute }, 'eu-central-1');
  expect(artifactStore).toBeInstanceOf(S3ArtifactStore);
  expect(others).toEqual({ managed: true, profile: Profile.DEVELOPMENT, compute });
});

test('a compute’s own endpoint takes the place of the load balancer, and defines nothing', () => {
  const own = { isPublic: true, usesHttps: true, hostNames: ['*.example.com', 'a.example.com'], serverPort: 8080 };
  const { endpoint } = resolveProps({ compute: new FakeCompute({ endpoint: own }) });
  expect(endpoint.capabilities).toEqual({
    displayName: 'the endpoint of Fake compute',
    isPublic: true,
    usesHttps: true,
    serverPort: 8080,
  });
  expect(endpoint.bind(undefined as never, undefined as never)).toEqual({
    origin: 'https://*.example.com',
    hostNames: own.hostNames,
  });
});

test.each([
  [{}, 'http://a.example.com'],
  [{ origin: 'http://b.example.com:81' }, 'http://b.example.com:81'],
])('the origin of a compute’s own endpoint, with %j', (more, origin) => {
  const compute = new FakeCompute({ endpoint: { isPublic: false, hostNames: ['a.example.com'], ...more } });
  expect(resolveProps({ compute }).endpoint.bind(undefined as never, undefined as never).origin).toBe(origin);
});

test('the VPC that the compute is bound to is used, and may be named again', () => {
  const bound = vpc('cluster');
  expect(resolveProps({ compute: new FakeCompute({ vpc: bound }) }).network.existing).toBe(bound);
  expect(resolveProps({ compute: new FakeCompute({ vpc: bound }), vpc: bound }).network.existing).toBe(bound);
});

test('the VPC that a given backend store is in is used', () => {
  const bound = vpc('database');
  const backendStore = { capabilities: { vpc: bound }, bind: () => ({ environment: {} }) };
  expect(resolveProps({ backendStore }).network.existing).toBe(bound);
});

test('a VPC that was imported twice is one and the same', () => {
  const given = { capabilities: { vpc: vpc('shared') }, bind: () => ({ environment: {} }) };
  const props = { compute: new FakeCompute({ vpc: vpc('shared') }), backendStore: given, vpc: vpc('shared') };
  const endpoint = new FakeEndpoint();
  Object.assign(endpoint.capabilities, { vpc: vpc('shared') });
  expect(() => resolveProps({ ...props, endpoint })).not.toThrow();
  expect(() => resolveProps({ ...props, endpoint, vpc: vpc('other') })).toThrow("'vpc' must be the VPC");
});
