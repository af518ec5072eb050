import { Duration, Size, Stack } from 'aws-cdk-lib';
import { InstanceType, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Cluster, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import { ALL_KINDS, givenVpc, WITHOUT_ISOLATED } from './networks';
import { newStack } from './new-app';
import {
  ArtifactStore,
  Authentication,
  BackendStore,
  Compute,
  DefaultPermission,
  EcsOnEc2ComputeProps,
  FargateComputeProps,
  IAuthentication,
  ICompute,
  MlflowTrackingServerProps,
  MlflowVersion,
  Profile,
  ServerImage,
  ServerOptions,
} from '../../src';

/** A stack, and props that a server in it accepts. The props are made when they are used: a strategy is bound once. */
export interface LegalCase {
  readonly stack: Stack;
  readonly props: MlflowTrackingServerProps;
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Pairs that Fargate offers. */
const SIZE = fc.constantFrom(
  {},
  { cpu: 256, memoryLimitMiB: 1024 },
  { cpu: 512, memoryLimitMiB: 4096 },
  { cpu: 1024, memoryLimitMiB: 3072 },
  { cpu: 2048, memoryLimitMiB: 16384 },
  { cpu: 4096, memoryLimitMiB: 30720 },
  { cpu: 16384, memoryLimitMiB: 122880 },
);

const FARGATE: fc.Arbitrary<FargateComputeProps> = fc
  .record({
    size: SIZE,
    replicas: maybe(fc.integer({ min: 1, max: 20 })),
    gibibytes: maybe(fc.integer({ min: 21, max: 200 })),
    cpuArchitecture: maybe(fc.constantFrom(CpuArchitecture.ARM64, CpuArchitecture.X86_64)),
  })
  .map(({ size, replicas, gibibytes, cpuArchitecture }) => ({
    ...size,
    replicas,
    cpuArchitecture,
    ephemeralStorage: gibibytes === undefined ? undefined : Size.gibibytes(gibibytes),
  }));

/** Tasks, and instances that hold them. */
const ECS_ON_EC2: fc.Arbitrary<EcsOnEc2ComputeProps> = fc
  .record({
    task: fc.constantFrom({}, { cpu: 128, memoryLimitMiB: 3400 }, { cpu: 2000 }),
    instanceType: maybe(fc.constantFrom('t4g.medium', 't3.large', 'm7g.xlarge')),
    replicas: maybe(fc.integer({ min: 1, max: 5 })),
    minCapacity: maybe(fc.integer({ min: 0, max: 5 })),
    onDemandPercent: maybe(fc.integer({ min: 0, max: 99 })),
    managedTerminationProtection: maybe(fc.boolean()),
  })
  .map(({ task, instanceType, onDemandPercent, ...props }) => ({
    ...task,
    ...props,
    instanceType: instanceType === undefined ? undefined : new InstanceType(instanceType),
    spot: onDemandPercent === undefined ? undefined : { onDemandPercent },
  }));

const PATH_PART = fc.stringMatching(/^[A-Za-z0-9_.~-]{1,12}$/);

const SERVER: fc.Arbitrary<ServerOptions> = fc.record({
  workers: maybe(fc.integer({ min: 1, max: 4 })),
  staticPrefix: maybe(fc.array(PATH_PART, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`)),
  environment: maybe(fc.dictionary(fc.stringMatching(/^TEAM_[A-Z0-9_]{1,12}$/), fc.stringMatching(/^[ -#%-~]{0,40}$/))),
  extraArguments: maybe(fc.constantFrom([], ['--secrets-cache-ttl', '30'], ['--enable-thing'])),
});

const AUTHENTICATION: fc.Arbitrary<(() => IAuthentication) | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constant(() => Authentication.none()),
  fc
    .record({
      defaultPermission: maybe(fc.constantFrom(...Object.values(DefaultPermission))),
      cacheTtl: maybe(fc.integer({ min: 0, max: 3600 }).map((seconds) => Duration.seconds(seconds))),
    })
    .map((props) => () => Authentication.basic(props)),
);

const VERSION = /^3\.(1[4-9]|[2-9][0-9])\.[0-9]{1,2}$/;

/** Any legal combination of props. */
export const LEGAL_CASE: fc.Arbitrary<() => LegalCase> = fc
  .record({
    region: maybe(fc.constantFrom('eu-central-1', 'us-east-1', 'sa-east-1')),
    profile: maybe(fc.constantFrom(...Object.values(Profile))),
    version: maybe(fc.stringMatching(VERSION).map((version) => MlflowVersion.of(version))),
    image: maybe(fc.constantFrom(ServerImage.official(), ServerImage.fromRegistry('example.com/mlflow:1'))),
    fargate: maybe(FARGATE),
    ecsOnEc2: maybe(ECS_ON_EC2),
    server: maybe(SERVER),
    authentication: AUTHENTICATION,
    network: fc.constantFrom<'none' | 'vpc' | 'cluster' | 'both'>('none', 'vpc', 'cluster', 'both'),
    subnets: fc.constantFrom<SubnetType[]>(ALL_KINDS, WITHOUT_ISOLATED),
    bucket: maybe(fc.constantFrom(BucketEncryption.S3_MANAGED, BucketEncryption.KMS)),
    prefix: maybe(PATH_PART),
    instance: maybe(fc.constantFrom('t4g.small', 'm7g.large', 'r7g.xlarge', 'x2g.large')),
    multiAz: maybe(fc.boolean()),
  })
  .map((given) =>
    named(given, () => {
      const stack = newStack({ env: given.region ? { account: '111111111111', region: given.region } : undefined });
      const vpc = given.network === 'none' ? undefined : givenVpc(stack, given.subnets);
      const cluster =
        given.network === 'cluster' || given.network === 'both'
          ? new Cluster(stack, 'GivenCluster', { vpc })
          : undefined;
      const encryption = given.bucket;
      return {
        stack,
        props: {
          profile: given.profile,
          version: given.version,
          image: given.image,
          server: given.server,
          authentication: given.authentication?.(),
          vpc: given.network === 'cluster' ? undefined : vpc,
          compute: computeOf(given, cluster),
          artifactStore: ArtifactStore.s3({
            prefix: given.prefix,
            bucket: encryption ? new Bucket(stack, 'GivenBucket', { encryption }) : undefined,
          }),
          backendStore: BackendStore.rdsPostgres({
            multiAz: given.multiAz,
            instanceType: given.instance ? new InstanceType(given.instance) : undefined,
          }),
        },
      };
    }),
  );

/** In a given cluster, or one of its own. */
function computeOf(
  { fargate, ecsOnEc2 }: { readonly fargate?: FargateComputeProps; readonly ecsOnEc2?: EcsOnEc2ComputeProps },
  cluster?: Cluster,
): ICompute | undefined {
  if (ecsOnEc2 && !cluster) return Compute.ecsOnEc2(ecsOnEc2);
  return fargate || cluster ? Compute.fargate({ ...fargate, cluster }) : undefined;
}

/** Fast-check prints the values that a failing case was made from. */
function named<T extends object>(given: object, make: T): T {
  return Object.assign(make, { [fc.toStringMethod]: () => JSON.stringify(given) });
}
