import { Duration, Size, Stack } from 'aws-cdk-lib';
import { InstanceType, ISecurityGroup, KeyPair, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ContainerInsights, CpuArchitecture, ICluster } from 'aws-cdk-lib/aws-ecs';
import { ICluster as IKubernetesCluster } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as fc from 'fast-check';
import { EKS } from './legal-eks';
import { maybe } from './legal-server';
import { Compute, Ec2OperatingSystem, EcsCapacity, ICompute, WorkingHours } from '../../src';

export type ComputeKind = 'fargate' | 'ec2' | 'ecs-on-ec2' | 'eks';

/** What the other parts allow the compute to be. */
export interface ComputeFacts {
  readonly cluster?: ICluster;
  readonly kubernetesCluster?: IKubernetesCluster;
  readonly behindLoadBalancer: boolean;
  /** Whether servers may be in public subnets. */
  readonly mayBePublic: boolean;
  /** Whether there may be more than one server. */
  readonly mayBeSeveral: boolean;
}

/** A compute, and what the server's options depend on. */
export interface LegalCompute {
  readonly kind: ComputeKind;
  readonly roomForJobs: boolean;
  make(stack: Stack, facts: ComputeFacts): ICompute;
}

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

const SCALING = fc.record({
  minReplicas: maybe(fc.integer({ min: 1, max: 2 })),
  maxReplicas: fc.integer({ min: 2, max: 6 }),
  cpuUtilizationPercent: maybe(fc.integer({ min: 10, max: 90 })),
  requestsPerTarget: maybe(fc.integer({ min: 1, max: 10_000 })),
});

const HOURS = fc.constantFrom(
  WorkingHours.weekdays({ startHour: 7, stopHour: 19 }),
  WorkingHours.weekdays({ startHour: 22, startMinute: 30, stopHour: 6 }),
);

/** What a service of Amazon ECS can be told, wherever its tasks run. */
const SERVICE = {
  replicas: maybe(fc.integer({ min: 1, max: 20 })),
  scaling: maybe(SCALING),
  workingHours: maybe(HOURS),
  enableExecuteCommand: maybe(fc.boolean()),
  logRetention: maybe(fc.constantFrom(RetentionDays.ONE_DAY, RetentionDays.INFINITE)),
  encryptsLog: fc.boolean(),
  hasBoundary: fc.boolean(),
  hasTaskRole: fc.boolean(),
  hasExecutionRole: fc.boolean(),
  securityGroups: maybe(fc.integer({ min: 1, max: 5 })),
  graceSeconds: maybe(fc.integer({ min: 0, max: 3600 })),
  circuitBreaker: maybe(fc.constantFrom({ enable: false }, { enable: true, rollback: false }, { rollback: true })),
};
const SERVICE_RECORD = fc.record(SERVICE);

function serviceProps(stack: Stack, { behindLoadBalancer, mayBeSeveral }: ComputeFacts, drawn: DrawnService) {
  const { encryptsLog, hasBoundary, hasTaskRole, hasExecutionRole, graceSeconds } = drawn;
  const scaling = mayBeSeveral && drawn.scaling;
  return {
    replicas: scaling ? undefined : mayBeSeveral ? drawn.replicas : 1,
    scaling: scaling
      ? { ...scaling, requestsPerTarget: behindLoadBalancer ? scaling.requestsPerTarget : undefined }
      : undefined,
    workingHours: drawn.workingHours,
    enableExecuteCommand: drawn.enableExecuteCommand,
    logRetention: drawn.logRetention,
    logEncryptionKey: encryptsLog ? new Key(stack, 'LogKey') : undefined,
    taskRole: hasTaskRole ? importedRole(stack, 'TaskRole') : undefined,
    executionRole: hasExecutionRole ? importedRole(stack, 'ExecutionRole') : undefined,
    permissionsBoundary: hasBoundary && !(hasTaskRole && hasExecutionRole) ? boundary(stack) : undefined,
    securityGroups: securityGroups(stack, drawn.securityGroups),
    healthCheckGracePeriod:
      behindLoadBalancer && graceSeconds !== undefined ? Duration.seconds(graceSeconds) : undefined,
    circuitBreaker: drawn.circuitBreaker,
  };
}

const boundary = (stack: Stack) => ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'limit');
const importedRole = (stack: Stack, id: string) => Role.fromRoleArn(stack, id, `arn:aws:iam::111111111111:role/${id}`);

function securityGroups(stack: Stack, count: number | undefined): ISecurityGroup[] | undefined {
  if (count === undefined) return undefined;
  return Array.from({ length: count }, (_, n) => SecurityGroup.fromSecurityGroupId(stack, `Group${n}`, `sg-${n}`));
}

const INSIGHTS = maybe(fc.constantFrom(...Object.values(ContainerInsights)));

type DrawnService = typeof SERVICE_RECORD extends fc.Arbitrary<infer T> ? T : never;

const FARGATE: fc.Arbitrary<LegalCompute> = fc
  .record({
    ...SERVICE,
    size: SIZE,
    containerInsights: INSIGHTS,
    gibibytes: maybe(fc.integer({ min: 21, max: 200 })),
    cpuArchitecture: maybe(fc.constantFrom(CpuArchitecture.ARM64, CpuArchitecture.X86_64)),
    spot: maybe(fc.boolean()),
    assignPublicIp: fc.boolean(),
  })
  .map((drawn) => ({
    kind: 'fargate',
    roomForJobs: 'memoryLimitMiB' in drawn.size && drawn.size.memoryLimitMiB! >= 4096,
    make: (stack, facts) =>
      Compute.fargate({
        ...serviceProps(stack, facts, drawn),
        ...drawn.size,
        cluster: facts.cluster,
        containerInsights: facts.cluster ? undefined : drawn.containerInsights,
        cpuArchitecture: drawn.cpuArchitecture,
        spot: drawn.spot,
        ephemeralStorage: drawn.gibibytes === undefined ? undefined : Size.gibibytes(drawn.gibibytes),
        assignPublicIp: facts.mayBePublic && drawn.assignPublicIp,
      }),
  }));

/** The last is one whose size is not known to the library. Each fits the largest task. */
const TASK_SIZE = fc.constantFrom({}, { cpu: 128 }, { memoryLimitMiB: 1536 }, { cpu: 2048, memoryLimitMiB: 4097 });
const INSTANCES = fc.constantFrom(
  {},
  { instanceType: new InstanceType('m7i.large') },
  { instanceType: new InstanceType('x8g.large'), vcpus: 2, memory: Size.gibibytes(32) },
);

const ECS_ON_EC2: fc.Arbitrary<LegalCompute> = fc
  .record({
    ...SERVICE,
    size: TASK_SIZE,
    instances: INSTANCES,
    x86: fc.boolean(),
    containerInsights: INSIGHTS,
    minCapacity: maybe(fc.integer({ min: 0, max: 3 })),
    gibibytes: maybe(fc.integer({ min: 30, max: 16384 })),
    spot: maybe(fc.record({ onDemandPercent: maybe(fc.integer({ min: 0, max: 99 })) })),
    managedTerminationProtection: maybe(fc.boolean()),
  })
  .map(({ size, instances, x86, gibibytes, containerInsights, ...drawn }) => ({
    kind: 'ecs-on-ec2',
    roomForJobs: 'memoryLimitMiB' in size && size.memoryLimitMiB! >= 4096,
    make: (stack, facts) =>
      Compute.ecsOnEc2({
        ...serviceProps(stack, facts, drawn),
        ...size,
        cpuArchitecture: x86 && !('instanceType' in instances) ? CpuArchitecture.X86_64 : undefined,
        capacity: EcsCapacity.autoScaling({
          ...instances,
          containerInsights,
          minCapacity: drawn.minCapacity,
          volumeSize: gibibytes === undefined ? undefined : Size.gibibytes(gibibytes),
          spot: drawn.spot,
          managedTerminationProtection: drawn.managedTerminationProtection,
        }),
      }),
  }));

const EC2: fc.Arbitrary<LegalCompute> = fc
  .record({
    type: maybe(fc.constantFrom('t3.micro', 't4g.small', 'm7g.large', 'x8g.large')),
    replicas: fc.integer({ min: 1, max: 4 }),
    operatingSystem: maybe(fc.constantFrom(...Object.values(Ec2OperatingSystem))),
    gibibytes: maybe(fc.integer({ min: 10, max: 16384 })),
    minutes: maybe(fc.integer({ min: 5, max: 720 })),
    hasSsh: fc.boolean(),
    hasRole: fc.boolean(),
    hasBoundary: fc.boolean(),
    groups: maybe(fc.integer({ min: 1, max: 16 })),
    logRetention: maybe(fc.constantFrom(RetentionDays.ONE_DAY, RetentionDays.INFINITE)),
    encryptsLog: fc.boolean(),
  })
  .map(({ type, replicas, gibibytes, minutes, hasSsh, hasRole, groups, ...drawn }) => ({
    kind: 'ec2',
    roomForJobs: type === 'm7g.large' || type === 'x8g.large',
    make: (stack, { mayBeSeveral }) =>
      Compute.ec2({
        instanceType: type ? new InstanceType(type) : undefined,
        ...(type === 'x8g.large' ? { vcpus: 2, memory: Size.gibibytes(32) } : {}),
        replicas: mayBeSeveral ? replicas : 1,
        operatingSystem: drawn.operatingSystem,
        volumeSize: gibibytes === undefined ? undefined : Size.gibibytes(gibibytes),
        bootTimeout: minutes === undefined ? undefined : Duration.minutes(minutes),
        ...(hasSsh ? { keyPair: KeyPair.fromKeyPairName(stack, 'KeyPair', 'team'), sshCidrs: ['203.0.113.0/24'] } : {}),
        role: hasRole ? importedRole(stack, 'Role') : undefined,
        permissionsBoundary: drawn.hasBoundary && !hasRole ? boundary(stack) : undefined,
        securityGroups: securityGroups(stack, groups),
        logRetention: drawn.logRetention,
        logEncryptionKey: drawn.encryptsLog ? new Key(stack, 'LogKey') : undefined,
      }),
  }));

/** Any legal compute of a kind that runs our own server. */
export const COMPUTES: Record<ComputeKind, fc.Arbitrary<LegalCompute>> = {
  fargate: FARGATE,
  ec2: EC2,
  'ecs-on-ec2': ECS_ON_EC2,
  eks: EKS,
};
