import { Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import { InstanceType, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Cluster, CpuArchitecture, ICluster } from 'aws-cdk-lib/aws-ecs';
import { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import {
  EcsAutoScalingCapacityOptions,
  Compute,
  EcsCapacity,
  EcsOnEc2ComputeProps,
  EcsExistingCapacityOptions,
  IsolatedVpc,
  MlflowTrackingServer,
  MlflowTrackingServerProps,
  Profile,
  ServerImage,
} from '../../../src';
import { FakeEndpoint } from '../../support/fakes';
import { ALL_KINDS, givenVpc } from '../../support/networks';
import { newStack } from '../../support/new-app';
import { refused } from '../../support/refused';

/** A cluster that was defined elsewhere. */
export function importedCluster(hasEc2Capacity = true, stack: Stack = newStack()): ICluster {
  const vpc = givenVpc(stack, ALL_KINDS, 'ImportedVpc');
  return Cluster.fromClusterAttributes(stack, 'Imported', { clusterName: 'team', vpc, hasEc2Capacity });
}

const type = (name: string) => new InstanceType(name);
const token = () => Lazy.number({ produce: () => 1 });
const securityGroups = (count: number) =>
  Array.from({ length: count }, (_, n) => SecurityGroup.fromSecurityGroupId(newStack(), 'Group', `sg-${n}`));
const importedRole = (name: string) => Role.fromRoleArn(newStack(), name, `arn:aws:iam::111111111111:role/${name}`);

const REPLICAS =
  "'replicas' cannot be set with 'scaling', which sets the number of tasks; remove 'replicas' or 'scaling'";
const CAPACITY =
  "'cluster' must have EC2 capacity; got none, add a capacity provider to it first, or import it with 'hasEc2Capacity'";
const PUBLIC =
  "'vpcSubnets' cannot be public, because a task on EC2 has no public address and could not pull its image; choose private subnets";
const NO_PROVIDER =
  "'capacityProviderStrategies' must name at least one capacity provider; got none, name one or remove 'capacityProviderStrategies'";
const KNOWN = "'vcpus' and 'memory' must be known at synthesis, because it must fit a task; got a token";

type Case = [string, () => unknown, string];
type Row = [string, EcsOnEc2ComputeProps, string];
type InstancesRow = [string, EcsAutoScalingCapacityOptions, string];
type ExistingRow = [string, EcsExistingCapacityOptions, string];

const withInstances = (options: EcsAutoScalingCapacityOptions) => ({ capacity: EcsCapacity.autoScaling(options) });

const PROPS: Row[] = [
  ...[0, 127, 196609, 512.5, NaN].map((cpu): Row => [
    `${cpu} CPU units`,
    { cpu },
    `'cpu' must be a whole number from 128 to 196608; got ${cpu}`,
  ]),
  [
    'vCPUs in place of CPU units',
    { cpu: 2 },
    "'cpu' must be a whole number from 128 to 196608; got 2, 1 vCPU is 1024 units: 2048 for 2",
  ],
  ...[0, 1023, 1024.5, NaN].map((memoryLimitMiB): Row => [
    `${memoryLimitMiB} MiB`,
    { memoryLimitMiB },
    `'memoryLimitMiB' must be a whole number of at least 1024; got ${memoryLimitMiB}`,
  ]),
  ...['cpu', 'memoryLimitMiB'].map((name): Row => [
    `a token for ${name}`,
    { [name]: token() },
    `'${name}' must be known at synthesis, because the number of workers depends on it; got a token`,
  ]),
  ...[0, 1.5].map((replicas): Row => [
    `${replicas} replicas`,
    { replicas },
    `'replicas' must be a whole number of at least 1; got ${replicas}`,
  ]),
  ['replicas and scaling', { replicas: 2, scaling: { maxReplicas: 3 } }, REPLICAS],
  [
    'half a second of grace',
    { healthCheckGracePeriod: Duration.millis(500) },
    "'healthCheckGracePeriod' must be a whole number of seconds from 0 to 2147483647; got 0.5",
  ],
  ['public subnets', { vpcSubnets: { subnetType: SubnetType.PUBLIC } }, PUBLIC],
  [
    'ARM tasks on x86',
    { ...withInstances({ instanceType: type('t3.small') }), cpuArchitecture: CpuArchitecture.ARM64 },
    "'cpuArchitecture' must be that of 'instanceType', x86_64 for 't3.small'; got arm64, remove 'cpuArchitecture' or choose another type",
  ],
  [
    'x86 tasks on Graviton',
    { ...withInstances({ instanceType: type('m7g.large') }), cpuArchitecture: CpuArchitecture.X86_64 },
    "'cpuArchitecture' must be that of 'instanceType', arm64 for 'm7g.large'; got x86_64, remove 'cpuArchitecture' or choose another type",
  ],
  [
    'an architecture of the future',
    { cpuArchitecture: CpuArchitecture.of('RISCV') },
    "'cpuArchitecture' must be ARM64 or X86_64; got RISCV",
  ],
  [
    'an architecture of the future in an existing cluster',
    { capacity: EcsCapacity.existing(importedCluster()), cpuArchitecture: CpuArchitecture.of('RISCV') },
    "'cpuArchitecture' must be ARM64 or X86_64; got RISCV",
  ],
  ...[0, 6].map((count): Row => [
    `${count} security groups`,
    { securityGroups: securityGroups(count) },
    `'securityGroups' must have from 1 to 5 security groups; got ${count}`,
  ]),
  [
    'a boundary of no role',
    {
      capacity: EcsCapacity.existing(importedCluster()),
      taskRole: importedRole('Task'),
      executionRole: importedRole('Execution'),
      permissionsBoundary: ManagedPolicy.fromManagedPolicyName(newStack(), 'Boundary', 'limit'),
    },
    "'permissionsBoundary' cannot be set with both 'taskRole' and 'executionRole', which are not changed; remove 'permissionsBoundary' or one of the roles",
  ],
  ...(
    [
      [{ maxCapacity: 2 }, {}],
      [{}, { replicas: 2 }],
      [{}, { scaling: { maxReplicas: 2 } }],
      [{ minCapacity: 2 }, { replicas: 1 }],
    ] as const
  ).map(([instances, props]): Row => [
    `a base of all instances with ${JSON.stringify({ ...instances, ...props })}`,
    { ...props, ...withInstances({ ...instances, spot: { onDemandBase: 2 } }) },
    "'spot.onDemandBase' must be less than the maximum number of instances, 2; got 2, lower it, or remove 'spot' to use only On-Demand Instances",
  ]),
  [
    'several at once',
    { cpu: 1, replicas: 0, vpcSubnets: { subnetType: SubnetType.PUBLIC }, cpuArchitecture: CpuArchitecture.of('x') },
    'Compute.ecsOnEc2() has 4 problems:\n' +
      "- 'cpu' must be a whole number from 128 to 196608; got 1, 1 vCPU is 1024 units: 1024 for 1\n" +
      "- 'replicas' must be a whole number of at least 1; got 0\n" +
      `- ${PUBLIC}\n` +
      "- 'cpuArchitecture' must be ARM64 or X86_64; got x",
  ],
];

const INSTANCES: InstancesRow[] = [
  ['no type', { instanceType: type('small') }, "'instanceType' must be a type such as 't4g.small'; got 'small'"],
  [
    'a token for the type',
    { instanceType: type(Lazy.string({ produce: () => 't4g.small' })) },
    "'instanceType' must be known at synthesis, because it must fit a task; got a token",
  ],
  ...[{ vcpus: 2 }, { memory: Size.gibibytes(2) }].map((props): InstancesRow => [
    `${Object.keys(props)[0]} without a type`,
    props,
    "'vcpus' and 'memory' describe 'instanceType'; set 'instanceType' as well, or remove them",
  ]),
  [
    'the size of a known type',
    { instanceType: type('t4g.small'), vcpus: 2, memory: Size.gibibytes(2) },
    "'vcpus' and 'memory' cannot be set for the instance type 't4g.small', whose size is known; remove them",
  ],
  [
    'a mistyped type',
    { instanceType: type('t4g.smlal') },
    "'vcpus' and 'memory' must be set for the instance type 't4g.smlal', whose size is not known; set both, or correct the type to 't4g.small'",
  ],
  ...[{}, { vcpus: 2 }, { memory: Size.gibibytes(2) }].map((props): InstancesRow => [
    `an unknown type with ${Object.keys(props)}`,
    { instanceType: type('x9.tiny'), ...props },
    "'vcpus' and 'memory' must be set for the instance type 'x9.tiny', whose size is not known; set both",
  ]),
  [
    'half a CPU',
    { instanceType: type('x9.tiny'), vcpus: 0.5, memory: Size.gibibytes(2) },
    "'vcpus' must be a whole number of at least 1; got 0.5",
  ],
  [
    'an instance without memory',
    { instanceType: type('x9.tiny'), vcpus: 1, memory: Size.kibibytes(1023) },
    "'memory' must be at least 1 MiB; got 0 MiB",
  ],
  ['a token for the memory', { instanceType: type('x9.tiny'), vcpus: 1, memory: Size.gibibytes(token()) }, KNOWN],
  ['a token for the CPUs', { instanceType: type('x9.tiny'), vcpus: token(), memory: Size.gibibytes(2) }, KNOWN],
  ...[29, 16385, 30.5].map((gibibytes): InstancesRow => [
    `a disk of ${gibibytes} GiB`,
    { volumeSize: Size.mebibytes(gibibytes * 1024) },
    `'volumeSize' must be a whole number of GiB from 30 to 16384, because the machine image has 30 GiB; got ${gibibytes} GiB`,
  ]),
  ...[-1, 0.5].map((minCapacity): InstancesRow => [
    `at least ${minCapacity} instances`,
    { minCapacity },
    `'minCapacity' must be a whole number of at least 0; got ${minCapacity}`,
  ]),
  ['no instances', { maxCapacity: 0 }, "'maxCapacity' must be a whole number of at least 1; got 0"],
  [
    'more at least than at most',
    { minCapacity: 3, maxCapacity: 2 },
    "'minCapacity' must be at most 'maxCapacity', 2; got 3",
  ],
  ['a base of -1', { spot: { onDemandBase: -1 } }, "'spot.onDemandBase' must be a whole number of at least 0; got -1"],
  ...[-1, 100, 0.5].map((onDemandPercent): InstancesRow => [
    `${onDemandPercent} percent on demand`,
    { spot: { onDemandPercent } },
    `'spot.onDemandPercent' must be a whole number from 0 to 99; got ${onDemandPercent}, remove 'spot' to use only On-Demand Instances`,
  ]),
  [
    'other types than none',
    { spot: { otherInstanceTypes: [type('t4g.small')] } },
    "'spot.otherInstanceTypes' are in addition to 'instanceType'; set 'instanceType' as well, or remove them",
  ],
  [
    'the same type again',
    { instanceType: type('t4g.small'), spot: { otherInstanceTypes: [type('t4g.small')] } },
    "'spot.otherInstanceTypes' must differ from each other and from 'instanceType'; got t4g.small, t4g.small",
  ],
  [
    'another type of the other architecture',
    { instanceType: type('t4g.small'), spot: { otherInstanceTypes: [type('t3.small')] } },
    "'spot.otherInstanceTypes' must have the architecture of 'instanceType', arm64; got 't3.small' with x86_64",
  ],
  [
    'another type that is not known',
    { instanceType: type('t4g.small'), spot: { otherInstanceTypes: [type('x9g.tiny')] } },
    "'spot.otherInstanceTypes' must be types whose size is known; got 'x9g.tiny'",
  ],
  [
    'another type that is none',
    { instanceType: type('t4g.small'), spot: { otherInstanceTypes: [type('tiny')] } },
    "'spot.otherInstanceTypes' must be a type such as 't4g.small'; got 'tiny'",
  ],
  [
    'several at once',
    { volumeSize: Size.gibibytes(1), minCapacity: -1, vcpus: 1 },
    'EcsCapacity.autoScaling() has 3 problems:\n' +
      "- 'volumeSize' must be a whole number of GiB from 30 to 16384, because the machine image has 30 GiB; got 1 GiB\n" +
      "- 'minCapacity' must be a whole number of at least 0; got -1\n" +
      "- 'vcpus' and 'memory' describe 'instanceType'; set 'instanceType' as well, or remove them",
  ],
];

const STRATEGIES: ExistingRow[] = [
  ['no capacity provider', { capacityProviderStrategies: [] }, NO_PROVIDER],
  [
    'a capacity provider twice',
    {
      capacityProviderStrategies: [{ capacityProvider: 'spot', weight: 1 }, { capacityProvider: 'spot' }],
    },
    "'capacityProviderStrategies' must name each capacity provider once; got spot, spot",
  ],
  [
    'two bases',
    {
      capacityProviderStrategies: [
        { capacityProvider: 'a', base: 1 },
        { capacityProvider: 'b', base: 2 },
      ],
    },
    "'capacityProviderStrategies' can have one base; got 2, keep one of them",
  ],
  [
    'no weight',
    { capacityProviderStrategies: [{ capacityProvider: 'a', base: 1, weight: 0 }] },
    "'capacityProviderStrategies' must have a weight that is not 0, because no task could be placed above the base; got 0 for each",
  ],
];
/** What the constructor refuses. */
export const ECS_ON_EC2_ERRORS: [string, () => unknown, string][] = [
  ...PROPS.map(([name, props, message]): Case => [name, () => Compute.ecsOnEc2(props), message]),
  ...INSTANCES.map(([name, options, message]): Case => [
    `${name} in a new cluster`,
    () => EcsCapacity.autoScaling(options),
    message,
  ]),
  ...STRATEGIES.map(([name, options, message]): Case => [
    `${name} in an existing cluster`,
    () => EcsCapacity.existing(importedCluster(), options),
    message,
  ]),
  ['a cluster without capacity', () => EcsCapacity.existing(new Cluster(newStack(), 'Empty')), CAPACITY],
  ['an imported cluster without capacity', () => EcsCapacity.existing(importedCluster(false)), CAPACITY],
  [
    'no capacity in an existing cluster, and no strategy',
    () => EcsCapacity.existing(importedCluster(false), { capacityProviderStrategies: [] }),
    `EcsCapacity.existing() has 2 problems:\n- ${CAPACITY}\n- ${NO_PROVIDER}`,
  ],
];

/** What the construct refuses before anything is defined. */
export const ECS_ON_EC2_PROPS: [string, (stack: Stack) => MlflowTrackingServerProps, string][] = [
  [
    'another VPC than the cluster’s',
    () => ({
      compute: Compute.ecsOnEc2({ capacity: EcsCapacity.existing(importedCluster()) }),
      vpc: givenVpc(newStack(), ALL_KINDS),
    }),
    "'vpc' must be the VPC of the compute; got another one, remove 'vpc' or choose a cluster in it",
  ],
  [
    'workers that the task does not hold',
    () => ({ compute: Compute.ecsOnEc2({ memoryLimitMiB: 1024 }), server: { workers: 5 } }),
    "'server.workers' is 5, which need 1185 MiB before the first request; got 1024 MiB for each server, lower it or give the compute more memory",
  ],
];

const bound = (
  compute: EcsOnEc2ComputeProps,
  props: (stack: Stack) => MlflowTrackingServerProps = () => ({}),
): (() => void) => refused((stack) => ({ ...props(stack), compute: Compute.ecsOnEc2(compute) }));

/** What is known only with the other parts: what the profile says, and the network. */
export const ECS_ON_EC2_DEFINING: [string, () => unknown, string][] = [
  [
    'an instance without the memory of a task',
    bound(withInstances({ instanceType: type('t4g.micro') })),
    "'instanceType' must fit a task of 512 CPU units and 1024 MiB; got 't4g.micro' with a capacity of 2048 CPU units and 691 MiB, choose a larger type or a smaller task",
  ],
  [
    'an instance too small for the profile',
    bound(withInstances({ instanceType: type('t4g.small') }), () => ({ profile: Profile.PRODUCTION })),
    "'instanceType' must fit a task of 1024 CPU units and 2048 MiB; got 't4g.small' with a capacity of 2048 CPU units and 1638 MiB, choose a larger type or a smaller task",
  ],
  [
    'an instance without the CPU of a task',
    bound({ ...withInstances({ instanceType: type('m7g.medium') }), cpu: 1025 }),
    "'instanceType' must fit a task of 1025 CPU units and 1024 MiB; got 'm7g.medium' with a capacity of 1024 CPU units and 3532 MiB, choose a larger type or a smaller task",
  ],
  [
    'an instance of the user’s too small for a task',
    bound(withInstances({ instanceType: type('x9g.tiny'), vcpus: 1, memory: Size.gibibytes(1) })),
    "'instanceType' must fit a task of 512 CPU units and 1024 MiB; got 'x9g.tiny' with a capacity of 1024 CPU units and 691 MiB, choose a larger type or a smaller task",
  ],
  [
    'another type for Spot that is too small',
    bound(withInstances({ instanceType: type('t4g.small'), spot: { otherInstanceTypes: [type('t4g.micro')] } })),
    "'spot.otherInstanceTypes' must fit a task of 512 CPU units and 1024 MiB; got 't4g.micro' with a capacity of 2048 CPU units and 691 MiB, choose a larger type or a smaller task",
  ],
  [
    'a task that no default type holds',
    bound({ memoryLimitMiB: 40960 }),
    "'instanceType' must be set, because a task of 512 CPU units and 40960 MiB is larger than the default types; set it to one that fits the task",
  ],
  [
    'fewer instances than tasks',
    bound({ ...withInstances({ maxCapacity: 2 }), replicas: 3 }),
    "'maxCapacity' must be at least the maximum number of tasks, 3, because each has its own instance; got 2",
  ],
  [
    'instances that do not find their cluster',
    bound({}, (stack) => ({
      vpc: new IsolatedVpc(stack, 'Isolated'),
      image: ServerImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Images', 'mlflow'), '1'),
    })),
    "'vpc' must have VPC endpoints for ecs, ecs-agent, ecs-telemetry if it has no internet access, because the instances register in their cluster through them; add them, in IsolatedVpc with 'containerInstances'",
  ],
  [
    'requests and grace without a load balancer',
    bound({ scaling: { maxReplicas: 1, requestsPerTarget: 5 }, healthCheckGracePeriod: Duration.minutes(1) }, () => ({
      endpoint: new FakeEndpoint(),
    })),
    'MlflowTrackingServer has 2 problems:\n' +
      "- 'scaling.requestsPerTarget' requires an endpoint with a load balancer; remove 'scaling.requestsPerTarget' or choose another endpoint\n" +
      "- 'healthCheckGracePeriod' requires an endpoint with a load balancer; remove 'healthCheckGracePeriod' or choose another endpoint",
  ],
  ...(['service', 'cluster', 'taskDefinition', 'autoScalingGroup'] as const).map(
    (name): [string, () => unknown, string] => [
      `${name} before it is there`,
      () => Compute.ecsOnEc2()[name],
      `'${name}' of Compute.ecsOnEc2() does not exist yet; pass the Compute.ecsOnEc2() to an MlflowTrackingServer first`,
    ],
  ),
  [
    'one compute for two servers',
    () => {
      const stack = newStack();
      const compute = Compute.ecsOnEc2();
      new MlflowTrackingServer(stack, 'One', { compute });
      new MlflowTrackingServer(stack, 'Two', { compute });
    },
    'this Compute.ecsOnEc2() already belongs to an MlflowTrackingServer; create another one for the second server',
  ],
];
