import { Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { IVpc, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ArtifactAccess,
  ArtifactStore,
  Authentication,
  BackendStore,
  Compute,
  DayOfWeek,
  Endpoint,
  ICompute,
  MlflowTrackingServer,
  MlflowTrackingServerProps,
  MlflowVersion,
  SageMakerComputeProps,
  SageMakerMaintenanceWindow,
  ServerImage,
  WorkingHours,
  WorkingHoursOptions,
} from '../../../src';
import { withoutBlock } from '../../core/network-errors';
import { FakeArtifactStore, FakeBackendStore } from '../../support/fakes';
import { givenVpc } from '../../support/networks';
import { newStack } from '../../support/new-app';
import { refused } from '../../support/refused';

const LATER = Lazy.number({ produce: () => 3 });

const nameMessage = (prop: string, name: string) =>
  `'${prop}' must be 1 to 256 letters, digits and hyphens, with a letter or digit at both ends; got '${name}'`;
const NAMES = ['', '-a', 'a-', '-', 'a_b', 'a b', 'a.b', 'a/b', 'ä', 'a\n', 'a'.repeat(257)];

const versionMessage = (version: string) =>
  `'mlflowVersion' must be a version number such as '3.0' or '2.16.2'; got '${version}'`;
const VERSIONS = ['', '3', 'v3.0', '3.', '3.0rc1', 'latest', '3.0 ', `3.${'0'.repeat(31)}`];

const numberMessage = (subject: string, largest: number, value: number) =>
  `the ${subject} must be a whole number from 0 to ${largest}; got ${value}`;
const tokenMessage = (subject: string, largest: number) =>
  `the ${subject} must be known at synthesis; got a token, pass a number from 0 to ${largest}`;
const tuesday = (hour: number, minute?: number) => () =>
  SageMakerMaintenanceWindow.weekly(DayOfWeek.TUESDAY, hour, minute);
const weekdays = (options: Partial<WorkingHoursOptions>) => () =>
  WorkingHours.weekdays({ startHour: 8, stopHour: 18, ...options });

function publicVpc(): IVpc {
  return Vpc.fromVpcAttributes(newStack(), 'Vpc', {
    vpcId: 'vpc-1',
    vpcCidrBlock: '10.0.0.0/16',
    availabilityZones: ['a'],
    publicSubnetIds: ['subnet-1'],
  });
}

const SUBNETS_MESSAGE =
  "'clientVpc.vpc' must have isolated or private subnets; got neither, add them or set 'clientVpc.subnets' to the subnets of the clients";
const SNAPSHOT_MESSAGE =
  "'removalPolicy' cannot be RemovalPolicy.SNAPSHOT, because managed MLflow has no snapshots; retain or destroy the server";

const unbound = (property: string, compute: string) =>
  `'${property}' of ${compute} does not exist yet; pass the ${compute} to an MlflowTrackingServer first`;

const BOTH: [string, (props: SageMakerComputeProps) => ICompute][] = [
  ['a tracking server', (props) => Compute.sageMakerTrackingServer(props)],
  ['an App', (props) => Compute.sageMakerMlflowApp(props)],
];

/** An existing role and a permissions boundary, which is for new ones only. */
export function limitedRole(): SageMakerComputeProps {
  const stack = newStack();
  return {
    role: Role.fromRoleName(stack, 'Given', 'mlflow'),
    permissionsBoundary: ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'limit'),
  };
}

/** What the values and the constructors refuse. */
const VALUES: [string, () => unknown, string][] = [
  ...NAMES.map((trackingServerName): (typeof VALUES)[number] => [
    `the server's name '${trackingServerName.slice(0, 9)}'`,
    () => Compute.sageMakerTrackingServer({ trackingServerName }),
    nameMessage('trackingServerName', trackingServerName),
  ]),
  ...NAMES.map((appName): (typeof VALUES)[number] => [
    `the App's name '${appName.slice(0, 9)}'`,
    () => Compute.sageMakerMlflowApp({ appName }),
    nameMessage('appName', appName),
  ]),
  ...VERSIONS.map((mlflowVersion): (typeof VALUES)[number] => [
    `the version '${mlflowVersion.slice(0, 9)}'`,
    () => Compute.sageMakerTrackingServer({ mlflowVersion }),
    versionMessage(mlflowVersion),
  ]),
  ...[-1, 24, 3.5, NaN].map((hour): (typeof VALUES)[number] => [
    `a window at ${hour} hours`,
    tuesday(hour),
    numberMessage('hour of the maintenance window', 23, hour),
  ]),
  ...[-1, 60, 0.5, Infinity].map((minute): (typeof VALUES)[number] => [
    `a window at minute ${minute}`,
    tuesday(3, minute),
    numberMessage('minute of the maintenance window', 59, minute),
  ]),
  ['a window at an unknown hour', tuesday(LATER), tokenMessage('hour of the maintenance window', 23)],
  ['a window at an unknown minute', tuesday(3, LATER), tokenMessage('minute of the maintenance window', 59)],
  [
    'a window that is wrong twice',
    tuesday(24, 60),
    'SageMakerMaintenanceWindow.weekly() has 2 problems:\n' +
      `- ${numberMessage('hour of the maintenance window', 23, 24)}\n` +
      `- ${numberMessage('minute of the maintenance window', 59, 60)}`,
  ],
  ['a start at 24 hours', weekdays({ startHour: 24 }), numberMessage('hour of the start of the working hours', 23, 24)],
  [
    'a start at minute 60',
    weekdays({ startMinute: 60 }),
    numberMessage('minute of the start of the working hours', 59, 60),
  ],
  ['an end at -1 hours', weekdays({ stopHour: -1 }), numberMessage('hour of the end of the working hours', 23, -1)],
  [
    'an end at minute 1.5',
    weekdays({ stopMinute: 1.5 }),
    numberMessage('minute of the end of the working hours', 59, 1.5),
  ],
  ['an unknown start', weekdays({ startHour: LATER }), tokenMessage('hour of the start of the working hours', 23)],
  [
    'an end at the start',
    weekdays({ stopHour: 8 }),
    'the working hours must end at another time than they start; got 8:0 for both',
  ],
  [
    'no day',
    () => WorkingHours.onDays([], { startHour: 8, stopHour: 18 }),
    'the working hours must have at least one day; got none',
  ],
  [
    'the same day twice',
    () => WorkingHours.onDays([DayOfWeek.MONDAY, DayOfWeek.MONDAY], { startHour: 8, stopHour: 18 }),
    'the days of the working hours must differ; got Mon, Mon',
  ],
  [
    'working hours that are wrong twice',
    () => WorkingHours.onDays([], { startHour: 8, stopHour: 8 }),
    'WorkingHours.onDays() has 2 problems:\n' +
      '- the working hours must have at least one day; got none\n' +
      '- the working hours must end at another time than they start; got 8:0 for both',
  ],
  [
    'clients of a tracking server in a VPC with public subnets alone',
    () => Compute.sageMakerTrackingServer({ clientVpc: { vpc: publicVpc() } }),
    SUBNETS_MESSAGE,
  ],
  [
    'clients of an App in a VPC with public subnets alone',
    () => Compute.sageMakerMlflowApp({ clientVpc: { vpc: publicVpc() } }),
    SUBNETS_MESSAGE,
  ],
  [
    'no security groups of the endpoints',
    () => {
      const vpc = givenVpc(newStack(), [SubnetType.PRIVATE_ISOLATED]);
      return Compute.sageMakerMlflowApp({ clientVpc: { vpc, securityGroups: [] } });
    },
    "'clientVpc.securityGroups' must have at least one security group; got an empty list, add one or remove it",
  ],
  [
    'clients in a VPC without its block of addresses, in named subnets',
    () =>
      Compute.sageMakerTrackingServer({
        clientVpc: { vpc: withoutBlock(newStack()), subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } },
      }),
    "'clientVpc.vpc' must have a known CIDR block, which the endpoints allow; import the VPC with 'vpcCidrBlock', or set 'clientVpc.securityGroups'",
  ],
  ...BOTH.map(([kind, make]): (typeof VALUES)[number] => [
    `a permissions boundary of an existing role of ${kind}`,
    () => make(limitedRole()),
    "'permissionsBoundary' cannot be set with 'role', which is not changed; remove one of them",
  ]),
  [
    'a snapshot of a tracking server',
    () => Compute.sageMakerTrackingServer({ removalPolicy: RemovalPolicy.SNAPSHOT }),
    SNAPSHOT_MESSAGE,
  ],
  [
    'a snapshot of an App',
    () => Compute.sageMakerMlflowApp({ removalPolicy: RemovalPolicy.SNAPSHOT }),
    SNAPSHOT_MESSAGE,
  ],
  [
    'a tracking server that is wrong four times',
    () =>
      Compute.sageMakerTrackingServer({
        trackingServerName: 'a_b',
        mlflowVersion: '3',
        removalPolicy: RemovalPolicy.SNAPSHOT,
        clientVpc: { vpc: publicVpc() },
      }),
    'Compute.sageMakerTrackingServer() has 4 problems:\n' +
      `- ${nameMessage('trackingServerName', 'a_b')}\n- ${versionMessage('3')}\n- ${SNAPSHOT_MESSAGE}\n- ${SUBNETS_MESSAGE}`,
  ],
  [
    'an App that is wrong twice',
    () => Compute.sageMakerMlflowApp({ appName: '-', removalPolicy: RemovalPolicy.SNAPSHOT }),
    `Compute.sageMakerMlflowApp() has 2 problems:\n- ${nameMessage('appName', '-')}\n- ${SNAPSHOT_MESSAGE}`,
  ],
  [
    'a look at a server that is not bound',
    () => Compute.sageMakerTrackingServer().trackingServer,
    unbound('trackingServer', 'Compute.sageMakerTrackingServer()'),
  ],
  [
    'a look at the role of a server that is not bound',
    () => Compute.sageMakerTrackingServer().role,
    unbound('role', 'Compute.sageMakerTrackingServer()'),
  ],
  [
    'a look at an App that is not bound',
    () => Compute.sageMakerMlflowApp().app,
    unbound('app', 'Compute.sageMakerMlflowApp()'),
  ],
  [
    'a look at the role of an App that is not bound',
    () => Compute.sageMakerMlflowApp().role,
    unbound('role', 'Compute.sageMakerMlflowApp()'),
  ],
];

const KINDS: [string, () => ICompute][] = [
  ['SageMaker tracking server', () => Compute.sageMakerTrackingServer()],
  ['SageMaker MLflow App', () => Compute.sageMakerMlflowApp()],
];

const CONTRADICTIONS: [keyof MlflowTrackingServerProps, (stack: Stack) => unknown, string][] = [
  ['backendStore', () => BackendStore.rdsPostgres(), 'keeps its own metadata store'],
  ['endpoint', () => Endpoint.internalLoadBalancer(), 'has its own endpoint'],
  [
    'vpc',
    (stack) => Vpc.fromVpcAttributes(stack, 'Given', { vpcId: 'vpc-1', availabilityZones: ['a'] }),
    'has its own network',
  ],
  ['authentication', () => Authentication.basic(), 'runs its own server process'],
  ['version', () => MlflowVersion.V3_17_2, 'runs its own server process'],
  ['image', () => ServerImage.official(), 'runs its own server process'],
  ['server', () => ({ workers: 2 }), 'runs its own server process'],
];

function define(props: (stack: Stack) => MlflowTrackingServerProps, stack = newStack()): MlflowTrackingServer {
  return new MlflowTrackingServer(stack, 'Mlflow', props(stack));
}

function readerOf(server: MlflowTrackingServer): void {
  server.grantRead(new Role(server, 'Reader', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
}

const contradiction = (prop: string, kind: string, reason: string) =>
  `'${prop}' cannot be set with ${kind} compute, which ${reason}; remove '${prop}' or choose another compute`;

const bucketMessage = (kind: string, got: string) =>
  `'artifactStore' must be an Amazon S3 bucket with ${kind} compute; got ${got}, use ArtifactStore.s3() or choose another compute`;
const regionMessage = (kind: string) =>
  `the Region must be in one of the partitions aws and aws-us-gov with ${kind} compute; got cn-north-1, choose another Region or another compute`;

/** What the construct refuses, or its grants. */
const PROPS: [string, () => unknown, string][] = KINDS.flatMap(([kind, compute]): (typeof PROPS)[number][] => [
  ...CONTRADICTIONS.map(([prop, value, reason]): (typeof PROPS)[number] => [
    `${prop} with a ${kind}`,
    () => define((stack) => ({ compute: compute(), [prop]: value(stack) })),
    contradiction(prop, kind, reason),
  ]),
  [
    `every prop with a ${kind}`,
    () =>
      define((stack) => ({
        compute: compute(),
        ...Object.fromEntries(CONTRADICTIONS.map(([prop, value]) => [prop, value(stack)])),
      })),
    'MlflowTrackingServer has 7 problems:\n' +
      CONTRADICTIONS.map(([prop, , reason]) => `- ${contradiction(prop, kind, reason)}`).join('\n'),
  ],
  [
    `a ${kind} without a bucket`,
    refused(() => ({ compute: compute(), artifactStore: new FakeArtifactStore() })),
    bucketMessage(kind, 'the artifact store'),
  ],
  [
    `a ${kind} with a store that has a name and no bucket`,
    refused(() => ({ compute: compute(), artifactStore: new FakeArtifactStore({ displayName: 'the Acme store' }) })),
    bucketMessage(kind, 'the Acme store'),
  ],
  [
    `a ${kind} that passes artifacts on`,
    refused(() => ({ compute: compute(), artifactStore: ArtifactStore.s3({ access: ArtifactAccess.PROXIED }) })),
    `'artifactStore' cannot have ArtifactAccess.PROXIED with ${kind} compute, whose clients access artifacts in Amazon S3 directly; remove 'access'`,
  ],
  [
    `a ${kind} in China`,
    refused(
      () => ({ compute: compute() }),
      () => newStack({ env: { region: 'cn-north-1' } }),
    ),
    regionMessage(kind),
  ],
  [
    `a ${kind} in China without a bucket`,
    refused(
      () => ({ compute: compute(), artifactStore: new FakeArtifactStore() }),
      () => newStack({ env: { region: 'cn-north-1' } }),
    ),
    `MlflowTrackingServer has 2 problems:\n- ${regionMessage(kind)}\n- ${bucketMessage(kind, 'the artifact store')}`,
  ],
]);

const GRANTS: [string, () => unknown, string][] = [
  [
    'a reader of an App',
    () => readerOf(define(() => ({ compute: Compute.sageMakerMlflowApp() }))),
    "'grantRead' cannot be used with SageMaker MLflow App compute, which has no separate read and write permissions; use 'grantAccess', or choose a compute that has them",
  ],
  [
    'a reader of a server of one’s own',
    () => readerOf(define(() => ({ backendStore: new FakeBackendStore() }))),
    "'grantRead' cannot be used with Fargate compute, because IAM does not control access to MLflow there; use 'grantAccess', or create an MLflow user with read-only permissions for the client",
  ],
];

/** Every bad input around managed MLflow: a name, what throws, and the message. */
export const SAGE_MAKER_ERRORS: [string, () => unknown, string][] = [...VALUES, ...PROPS, ...GRANTS];
