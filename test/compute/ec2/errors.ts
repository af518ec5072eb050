import { Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import { InstanceType, IVpc, KeyPair, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import {
  Authentication,
  Compute,
  Ec2ComputeProps,
  Endpoint,
  InstanceAddressEndpointProps,
  MlflowTrackingServer,
  MlflowTrackingServerProps,
  MlflowVersion,
  Profile,
  ServerImage,
} from '../../../src';
import { newStack } from '../../support/new-app';

type Case = [string, () => unknown, string];

const typed = (name: string) => new InstanceType(name);
const ec2 = (props: Ec2ComputeProps) => () => Compute.ec2(props);
const address = (props: InstanceAddressEndpointProps) => () => Endpoint.instanceAddress(props);
const keyPair = () => KeyPair.fromKeyPairName(newStack(), 'Key', 'team');

const HASH = `--hash=sha256:${'0'.repeat(64)}`;
const BOOT = ['boto3', 'botocore', 'jmespath', 'python-dateutil', 's3transfer', 'six', 'urllib3'];
/** Requirements that are accepted, with a release of MLflow. */
export const requirementsWith = (release: string) =>
  [`mlflow[auth]==${release}`, 'psycopg2-binary==2', ...BOOT.map((name) => `${name}==1`)]
    .map((pin) => `${pin} ${HASH}\n`)
    .join('');

const lineMessage = (line: string) =>
  `'requirements' must have lines such as 'name==1.2.3 --hash=sha256:<64 hexadecimal digits>'; got '${line}'`;
const BLOCK_ADVICE: Record<string, string> = {
  '10.0.0.0': ', append /32 for this one address',
  '::/0': ', IPv6 is not supported',
  '2001:db8::1': ', IPv6 is not supported',
};
const blockMessage = (prop: string, block: string) =>
  `'${prop}' must be IPv4 CIDR blocks such as '203.0.113.0/24'; got '${block}'${BLOCK_ADVICE[block] ?? ''}`;
const wideMessage = (prop: string, block: string, advice: string) =>
  `'${prop}' must not be wider than /8, which allows large parts of the internet; got '${block}', ${advice}`;
const memoryMessage = (prop: string, mebibytes: number, type?: string) =>
  `'${prop}' must be at least 1024 MiB of memory; got ${mebibytes} MiB${type ? ` with '${type}'` : ''}`;
const countMessage = (prop: string, value: number) => `'${prop}' must be a whole number of at least 1; got ${value}`;

const BLOCKS = [
  '',
  '10.0.0.0',
  '10.0.0/24',
  '256.0.0.0/24',
  '10.0.0.0/33',
  '10.0.0.0/-1',
  'all',
  '::/0',
  '2001:db8::1',
  '10.0.0.0/24 ',
];
const WIDE = ['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/7'];

const MISTYPED = {
  't3.mirco': 't3.micro',
  't3.micr': 't3.micro',
  't4g.smal': 't4g.small',
  't4g.smalll': 't4g.small',
  'm5.lerge': 'm5.large',
  'm5.xlage': 'm5.xlarge',
};

const SIZES: Case[] = [
  ...['m5', 't3.', '.micro', 't3 micro', 'T3.micro', 't3.micro.x'].map((name): Case => [
    `the type '${name}'`,
    ec2({ instanceType: typed(name) }),
    `'instanceType' must be a type such as 't3.micro'; got '${name}'`,
  ]),
  [
    'a type that is a token',
    ec2({ instanceType: typed(Lazy.string({ produce: () => 't3.micro' })) }),
    "'instanceType' must be known at synthesis, because the packages depend on it; got a token",
  ],
  ...['t3.nano', 't4g.nano', 't2.nano'].map((name): Case => [
    `the type ${name}`,
    ec2({ instanceType: typed(name) }),
    memoryMessage('instanceType', 512, name),
  ]),
  ...Object.entries(MISTYPED).map(([name, meant]): Case => [
    `the type ${name}`,
    ec2({ instanceType: typed(name) }),
    `'vcpus' and 'memory' must be set for the instance type '${name}', whose size is not known; set both, or correct the type to '${meant}'`,
  ]),
  ...['t3.tiny', 'm5.12xlarge', 'm5.metal', 'm7i.metal-24xl', 'x9.medium'].map((name): Case => [
    `the type ${name}, which is like no other`,
    ec2({ instanceType: typed(name) }),
    `'vcpus' and 'memory' must be set for the instance type '${name}', whose size is not known; set both`,
  ]),
  ...[{}, { vcpus: 4 }, { memory: Size.gibibytes(8) }].map((size): Case => [
    `a type that is not known, with ${JSON.stringify(Object.keys(size))}`,
    ec2({ instanceType: typed('x2iedn.xlarge'), ...size }),
    "'vcpus' and 'memory' must be set for the instance type 'x2iedn.xlarge', whose size is not known; set both",
  ]),
  ...[{ vcpus: 4 }, { memory: Size.gibibytes(8) }].map((size): Case => [
    `a type that is known, with ${JSON.stringify(Object.keys(size))}`,
    ec2({ instanceType: typed('t3.micro'), ...size }),
    "'vcpus' and 'memory' cannot be set for the instance type 't3.micro', whose size is known; remove them",
  ]),
  [
    'a size without a type',
    ec2({ vcpus: 2, memory: Size.gibibytes(4) }),
    "'vcpus' and 'memory' describe 'instanceType'; set 'instanceType' as well, or remove them",
  ],
  [
    'memory that is a token',
    ec2({ instanceType: typed('x9.tiny'), vcpus: 1, memory: Size.gibibytes(Lazy.number({ produce: () => 1 })) }),
    "'memory' must be known at synthesis, because the number of workers depends on it; got a token",
  ],
  [
    'too little memory',
    ec2({ instanceType: typed('x9.tiny'), vcpus: 1, memory: Size.mebibytes(1023) }),
    memoryMessage('memory', 1023),
  ],
  ...[0, 1.5, -1, NaN].map((vcpus): Case => [
    `${vcpus} vCPUs`,
    ec2({ instanceType: typed('x9.tiny'), vcpus, memory: Size.gibibytes(1) }),
    countMessage('vcpus', vcpus),
  ]),
  ...[0, 1.5, -1].map((replicas): Case => [
    `${replicas} replicas`,
    ec2({ replicas }),
    countMessage('replicas', replicas),
  ]),
  ...[9, 16385].map((gibibytes): Case => [
    `a disk of ${gibibytes} GiB`,
    ec2({ volumeSize: Size.gibibytes(gibibytes) }),
    `'volumeSize' must be a whole number of GiB from 10 to 16384; got ${gibibytes} GiB`,
  ]),
  [
    'a disk of half a GiB more',
    ec2({ volumeSize: Size.mebibytes(10.5 * 1024) }),
    "'volumeSize' must be a whole number of GiB from 10 to 16384; got 10.5 GiB",
  ],
  ...[4, 721].map((minutes): Case => [
    `a boot of ${minutes} minutes`,
    ec2({ bootTimeout: Duration.minutes(minutes) }),
    `'bootTimeout' must be from 5 to 720 minutes; got ${minutes}`,
  ]),
];

const togetherMessage =
  "'keyPair' and 'sshCidrs' must be set together, because SSH requires a key pair and the CIDR blocks that can connect; set both, or remove both and use Session Manager";

const IDENTITY: Case[] = [
  [
    'a boundary of an existing role',
    () => {
      const stack = newStack();
      return Compute.ec2({
        role: Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111111111111:role/team'),
        permissionsBoundary: ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'limit'),
      });
    },
    "'permissionsBoundary' cannot be set with 'role', which is not changed; remove one of them",
  ],
];

const groups = (count: number) =>
  Array.from({ length: count }, (_, n) => SecurityGroup.fromSecurityGroupId(newStack(), 'Group', `sg-${n}`));

const NETWORK: Case[] = [
  [
    'isolated subnets',
    ec2({ vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } }),
    "'vpcSubnets' cannot be isolated, because the instances download their packages from the internet; choose private subnets with internet access",
  ],
  ...[0, 17].map((count): Case => [
    `${count} security groups`,
    ec2({ securityGroups: groups(count) }),
    `'securityGroups' must have from 1 to 16 security groups; got ${count}`,
  ]),
  ['a key pair alone', ec2({ keyPair: keyPair() }), togetherMessage],
  ['addresses for SSH alone', ec2({ sshCidrs: ['10.0.0.0/8'] }), togetherMessage],
  [
    'no addresses for SSH',
    ec2({ keyPair: keyPair(), sshCidrs: [] }),
    "'sshCidrs' must have at least one CIDR block; got none, add one or remove it",
  ],
  ...BLOCKS.map((block): Case => [
    `SSH from '${block}'`,
    ec2({ keyPair: keyPair(), sshCidrs: ['10.0.0.0/8', block] }),
    blockMessage('sshCidrs', block),
  ]),
  ...WIDE.map((block): Case => [
    `SSH from '${block}'`,
    ec2({ keyPair: keyPair(), sshCidrs: [block] }),
    wideMessage('sshCidrs', block, 'name narrower blocks or use Session Manager'),
  ]),
  ...BLOCKS.map((block): Case => [
    `clients from '${block}'`,
    address({ allowedCidrs: [block] }),
    blockMessage('allowedCidrs', block),
  ]),
  ...WIDE.map((block): Case => [
    `clients from '${block}'`,
    address({ allowedCidrs: [block] }),
    wideMessage('allowedCidrs', block, "specify smaller blocks or set 'openToTheWorld'"),
  ]),
  [
    'clients from an empty list',
    address({ allowedCidrs: [] }),
    "'allowedCidrs' must have at least one CIDR block; got none, add one or remove it",
  ],
  [
    'clients from everywhere and from somewhere',
    address({ openToTheWorld: true, allowedCidrs: ['10.0.0.0/8'] }),
    "'allowedCidrs' has no effect with 'openToTheWorld'; remove one of them",
  ],
  ...[80, 1023, 65536, 5000.5, NaN].map((port): Case => [
    `port ${port}`,
    address({ port }),
    `'port' must be a whole number from 1024 to 65535, because the server does not run as root; got ${port}`,
  ]),
];

const REQUIREMENTS: Case[] = [
  ...['mlflow', 'mlflow==3.17.2', `mlflow>=3 ${HASH}`, '-r other.txt', '--index-url x', `mlflow==3 ${HASH}0`].map(
    (line): Case => [
      `the requirement '${line}'`,
      ec2({ requirements: `${requirementsWith('3.17.2')}${line}\n` }),
      lineMessage(line),
    ],
  ),
  [
    'requirements without what is needed',
    ec2({ requirements: `mlflow==3.17.2 ${HASH}` }),
    `'requirements' must have every package that the server needs; add psycopg2-binary, ${BOOT.join(', ')}`,
  ],
  [
    'requirements that are a token',
    ec2({ requirements: Lazy.string({ produce: () => '' }) }),
    "'requirements' must be known at synthesis; got a token, pass the content of the file",
  ],
  [
    'a release that cannot migrate by itself',
    ec2({ requirements: requirementsWith('3.13.0') }),
    "the MLflow version must be 3.17.0 or newer; got '3.13.0'",
  ],
  [
    'everything at once',
    ec2({ instanceType: typed('t3.nano'), replicas: 0, volumeSize: Size.gibibytes(1), sshCidrs: ['x'] }),
    'Compute.ec2() has 5 problems:\n' +
      [
        memoryMessage('instanceType', 512, 't3.nano'),
        countMessage('replicas', 0),
        "'volumeSize' must be a whole number of GiB from 10 to 16384; got 1 GiB",
        togetherMessage,
        blockMessage('sshCidrs', 'x'),
      ]
        .map((message) => `- ${message}`)
        .join('\n'),
  ],
];

const GETTERS: Case[] = [
  ...(['autoScalingGroup', 'launchTemplate', 'connections', 'role'] as const).map((property): Case => [
    `${property} before it is bound`,
    () => Compute.ec2()[property],
    `'${property}' of Compute.ec2() does not exist yet; pass the Compute.ec2() to an MlflowTrackingServer first`,
  ]),
  [
    'the address before it is bound',
    () => Endpoint.instanceAddress().elasticIp,
    "'elasticIp' of Endpoint.instanceAddress() does not exist yet; pass the Endpoint.instanceAddress() to an MlflowTrackingServer first",
  ],
];

/** A VPC that adds nothing to the template. */
function importedVpc(stack: Stack, subnets: object): IVpc {
  return Vpc.fromVpcAttributes(stack, 'GivenVpc', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], ...subnets });
}

const withoutFixedAddress =
  "'endpoint' cannot be an instance address with Fargate compute, whose servers cannot be reached through a fixed address; choose an endpoint that uses a load balancer or Session Manager, or another compute";

/** What the construct refuses before anything is defined. */
export const EC2_PROPS: [string, (stack: Stack) => MlflowTrackingServerProps, string][] = [
  ['an instance address on Fargate', () => ({ endpoint: Endpoint.instanceAddress() }), withoutFixedAddress],
  ...[
    { compute: () => Compute.ec2({ replicas: 2 }) },
    { compute: () => Compute.ec2(), profile: Profile.PRODUCTION },
  ].map(({ compute, profile }): (typeof EC2_PROPS)[number] => [
    `one address for two servers ${profile ?? ''}`,
    () => ({ compute: compute(), profile, endpoint: Endpoint.instanceAddress() }),
    `'endpoint' cannot be an instance address for 2 servers${profile ? ", the profile's default" : ''}, which share one address; set the compute's replicas to 1 or choose a load balancer`,
  ]),
  [
    'an address that is open to the world without authentication',
    () => ({
      compute: Compute.ec2(),
      endpoint: Endpoint.instanceAddress({ openToTheWorld: true }),
      authentication: Authentication.none(),
    }),
    "'authentication' cannot be none with an instance address, which anyone on the internet can reach; use Authentication.basic() or an internal endpoint, or accept it with 'acknowledgePublicAccess' of Authentication.none()",
  ],
  [
    'an image beside given packages',
    () => ({ compute: Compute.ec2({ requirements: requirementsWith('3.17.2') }), image: ServerImage.official() }),
    "'image' cannot be set with this EC2 compute, which installs packages that you specify and runs no container image; remove 'image' or the packages, or choose another compute",
  ],
  ...(
    [
      [undefined, Platform.LINUX_AMD64, 'arm64', 'x86_64'],
      ['t3.micro', Platform.LINUX_ARM64, 'x86_64', 'arm64'],
    ] as const
  ).flatMap(([type, platform, wanted, got]) =>
    (['hardened', 'fromAsset'] as const).map((kind): (typeof EC2_PROPS)[number] => [
      `ServerImage.${kind}() for ${got} on ${type ?? 'the default type'}`,
      () => ({
        compute: Compute.ec2({ instanceType: type && typed(type) }),
        image:
          kind === 'hardened'
            ? ServerImage.hardened({ platform })
            : ServerImage.fromAsset('assets/image', { platform }),
      }),
      `'image' must be built for ${wanted} with EC2 compute; got ServerImage.${kind}() for ${got}, remove its 'platform' or change the compute's architecture`,
    ]),
  ),
  [
    'another release than the image carries',
    () => ({ compute: Compute.ec2(), image: ServerImage.hardened(), version: MlflowVersion.of('3.17.1') }),
    "'version' must be 3.17.2 with ServerImage.hardened(), which contains no other release; got 3.17.1, remove 'version' or choose another 'image'",
  ],
  [
    'more workers than the memory holds beside Docker',
    () => ({
      compute: Compute.ec2({ instanceType: typed('t3.micro') }),
      image: ServerImage.official(),
      server: { workers: 2 },
    }),
    "'server.workers' is 2, which need 630 MiB before the first request; got 512 MiB for each server, lower it or give the compute more memory",
  ],
  [
    'a release that the packages do not have',
    () => ({ compute: Compute.ec2(), version: MlflowVersion.of('3.17.1') }),
    "'version' must be 3.17.2 with this EC2 compute, whose packages contain that release; got 3.17.1, remove 'version' or change the packages of the compute",
  ],
  [
    'a release that the given packages do not have',
    () => ({ compute: Compute.ec2({ requirements: requirementsWith('3.17.1') }), version: MlflowVersion.V3_17_2 }),
    "'version' must be 3.17.1 with this EC2 compute, whose packages contain that release; got 3.17.2, remove 'version' or change the packages of the compute",
  ],
  [
    'a public address in a VPC without public subnets',
    (stack) => ({
      compute: Compute.ec2(),
      endpoint: Endpoint.instanceAddress(),
      vpc: importedVpc(stack, { isolatedSubnetIds: ['s-1', 's-2'] }),
    }),
    "'vpc' must have public subnets, for a server with a public address; got none, add them or choose another VPC",
  ],
  [
    'a public address in a VPC without others',
    (stack) => ({
      compute: Compute.ec2(),
      endpoint: Endpoint.instanceAddress(),
      vpc: importedVpc(stack, { publicSubnetIds: ['s-1', 's-2'] }),
    }),
    "'vpc' must have subnets that are not public, for the database; got none, add them or choose another VPC",
  ],
  [
    'an instance address in private subnets',
    () => ({
      compute: Compute.ec2({ vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } }),
      endpoint: Endpoint.instanceAddress(),
    }),
    "'vpcSubnets' must be public with an instance address; got type Private, remove 'vpcSubnets' or choose another endpoint",
  ],
  ...[undefined, Endpoint.portForwarding()].map((endpoint): (typeof EC2_PROPS)[number] => [
    `public subnets with ${endpoint ? 'port forwarding' : 'a load balancer'}`,
    () => ({ compute: Compute.ec2({ vpcSubnets: { subnetType: SubnetType.PUBLIC } }), endpoint }),
    "'vpcSubnets' cannot be public without an instance address, because the instances could not download their packages; choose private subnets or Endpoint.instanceAddress()",
  ]),
  [
    'more workers than the memory of the default type holds',
    () => ({ compute: Compute.ec2(), server: { workers: 3 } }),
    "'server.workers' is 3, which need 815 MiB before the first request; got 704 MiB for each server, lower it or give the compute more memory",
  ],
  [
    'more workers than the memory of the default type holds beside Docker',
    () => ({ compute: Compute.ec2(), image: ServerImage.fromRegistry('example.com/mlflow:1'), server: { workers: 2 } }),
    "'server.workers' is 2, which need 630 MiB before the first request; got 512 MiB for each server, lower it or give the compute more memory",
  ],
  [
    'jobs on the default type of production',
    () => ({ profile: Profile.PRODUCTION, compute: Compute.ec2({ replicas: 1 }), server: { jobs: true } }),
    "'server.jobs' needs 1795 MiB with one worker; got 1728 MiB for each server, give the compute more memory or remove 'server.jobs'",
  ],
  [
    'more workers than the memory of the instance holds',
    () => ({ compute: Compute.ec2({ instanceType: typed('t3.micro') }), server: { workers: 3 } }),
    "'server.workers' is 3, which need 815 MiB before the first request; got 704 MiB for each server, lower it or give the compute more memory",
  ],
];

const DEFINING: Case[] = [
  ...(
    [
      ['Compute.ec2()', { compute: Compute.ec2() }],
      ['Endpoint.portForwarding()', { compute: Compute.ec2(), endpoint: Endpoint.portForwarding() }],
      ['Endpoint.instanceAddress()', { compute: Compute.ec2(), endpoint: Endpoint.instanceAddress() }],
    ] as const
  ).map(([name, props]): Case => [
    `one ${name} for two servers`,
    () => {
      const stack = newStack();
      new MlflowTrackingServer(stack, 'One', props);
      new MlflowTrackingServer(stack, 'Two', name === 'Compute.ec2()' ? props : { ...props, compute: Compute.ec2() });
    },
    `this ${name} already belongs to an MlflowTrackingServer; create another one for the second server`,
  ]),
  ...[undefined, ServerImage.official()].map((image): Case => [
    `variables that do not fit into user data ${image ? 'with an image' : ''}`,
    () =>
      new MlflowTrackingServer(newStack({ env: { region: 'eu-central-1' } }), 'Mlflow', {
        compute: Compute.ec2(),
        image,
        server: { environment: { TEAM: 'x'.repeat(image ? 5000 : 9000) } },
      }),
    expect.stringMatching(
      /^the user data of Compute\.ec2\(\) has about \d{5} bytes, and Amazon EC2 accepts 16384; shorten 'server\.environment' or 'server\.extraArguments'$/,
    ) as unknown as string,
  ]),
];

export const EC2_ERRORS: Case[] = [...SIZES, ...IDENTITY, ...NETWORK, ...REQUIREMENTS, ...GETTERS];
export const EC2_DEFINING = DEFINING;
