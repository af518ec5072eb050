import { Stack } from 'aws-cdk-lib';
import { FakeArtifactStore, FakeBackendStore, FakeCompute, FakeEndpoint } from './fakes';
import {
  ArtifactAccess,
  ArtifactStore,
  Authentication,
  BackendStore,
  Compute,
  Endpoint,
  IArtifactStore,
  IAuthentication,
  IBackendStore,
  ICompute,
  IEndpoint,
} from '../../src';
import { importedCluster } from '../compute/ecs-on-ec2/errors';
import { autoMode, existing } from '../compute/eks/clusters';

/** One value of an axis: made anew for each cell, because a strategy is bound once. Without one, the prop is not set. */
interface Value<T> {
  readonly name: string;
  readonly make?: (stack: Stack) => T;
}

interface ComputeRow extends Value<ICompute> {
  readonly make: (stack: Stack) => ICompute;
  /** What messages call it. */
  readonly displayName: string;
  /** A type of resource that shows that it runs. */
  readonly resource: string;
  /** It brings database, endpoint and server process with it. */
  readonly isManaged?: boolean;
  /** It runs our server process, but brings its own endpoint. */
  readonly hasOwnEndpoint?: boolean;
  /** How its servers can be reached, in the words of the messages; 'a load balancer' alone unless set. */
  readonly paths?: string[];
}

interface EndpointRow extends Value<IEndpoint> {
  readonly displayName?: string;
  readonly isPublic?: boolean;
  /** How the servers must be reachable; nothing is needed unless set. */
  readonly path?: string;
}

interface ArtifactStoreRow extends Value<IArtifactStore> {
  /** Set where it is no bucket: its URI. */
  readonly elsewhere?: string;
}

interface AuthenticationRow extends Value<IAuthentication> {
  /** The server asks nobody who they are, and nobody said that this is meant to be so. */
  readonly isUnacknowledgedNone?: boolean;
}

/** A new compute is one row. */
const COMPUTES: ComputeRow[] = [
  {
    name: 'Fargate',
    displayName: 'Fargate',
    resource: 'AWS::ECS::Service',
    make: () => Compute.fargate(),
    paths: ['a load balancer', 'Session Manager'],
  },
  {
    name: 'EC2',
    displayName: 'EC2',
    resource: 'AWS::EC2::LaunchTemplate',
    make: () => Compute.ec2(),
    paths: ['a load balancer', 'a fixed address', 'Session Manager'],
  },
  {
    name: 'ECS on EC2',
    displayName: 'ECS on EC2',
    resource: 'AWS::ECS::CapacityProvider',
    make: () => Compute.ecsOnEc2(),
    paths: ['a load balancer', 'Session Manager'],
  },
  {
    name: 'ECS on EC2 in a given cluster',
    displayName: 'ECS on EC2',
    resource: 'AWS::ECS::Service',
    make: (stack) => Compute.ecsOnEc2({ cluster: importedCluster(true, stack) }),
    paths: ['a load balancer', 'Session Manager'],
  },
  {
    name: 'EKS',
    displayName: 'EKS',
    resource: 'Custom::AWSCDK-EKS-KubernetesResource',
    make: (stack) => Compute.eks({ cluster: existing(stack) }),
    paths: ['a load balancer', 'an ingress controller'],
  },
  {
    name: 'EKS in a cluster of its own',
    displayName: 'EKS',
    resource: 'AWS::EKS::Cluster',
    make: (stack) => Compute.eks({ cluster: autoMode(stack) }),
    paths: ['a load balancer', 'an ingress controller'],
  },
  {
    name: 'a SageMaker tracking server',
    displayName: 'SageMaker tracking server',
    resource: 'AWS::SageMaker::MlflowTrackingServer',
    make: () => Compute.sageMakerTrackingServer(),
    isManaged: true,
  },
  {
    name: 'a SageMaker MLflow App',
    displayName: 'SageMaker MLflow App',
    resource: 'AWS::SageMaker::MlflowApp',
    make: () => Compute.sageMakerMlflowApp(),
    isManaged: true,
  },
  {
    name: 'a compute of the user’s with its own endpoint',
    displayName: 'Fake',
    resource: 'Fake::Machine',
    make: () => new FakeCompute({ endpoint: { isPublic: false, hostNames: ['fake.example.com'] } }),
    hasOwnEndpoint: true,
  },
  { name: 'a compute of the user’s', displayName: 'Fake', resource: 'Fake::Machine', make: () => new FakeCompute() },
];

const BACKEND_STORES: Value<IBackendStore>[] = [
  { name: 'no backend store' },
  { name: 'PostgreSQL', make: () => BackendStore.rdsPostgres() },
  { name: 'a backend store of the user’s', make: () => new FakeBackendStore() },
];

const ARTIFACT_STORES: ArtifactStoreRow[] = [
  { name: 'no artifact store' },
  {
    name: 'S3, to which clients go by themselves',
    make: () => ArtifactStore.s3({ prefix: 'mlflow', access: ArtifactAccess.DIRECT }),
  },
  { name: 'an artifact store of the user’s', make: () => new FakeArtifactStore(), elsewhere: 'gs://models/mlflow' },
];

const allowedCidrs = ['203.0.113.0/24'];

const ENDPOINTS: EndpointRow[] = [
  { name: 'no endpoint' },
  { name: 'an internal load balancer', make: () => Endpoint.internalLoadBalancer() },
  {
    name: 'a public load balancer',
    displayName: 'a public load balancer',
    make: () => Endpoint.publicLoadBalancer({ plainHttp: true, allowedCidrs }),
    isPublic: true,
  },
  {
    name: 'an instance address',
    displayName: 'an instance address',
    make: () => Endpoint.instanceAddress({ allowedCidrs }),
    path: 'a fixed address',
  },
  {
    name: 'an instance address that is open to the world',
    displayName: 'an instance address',
    make: () => Endpoint.instanceAddress({ openToTheWorld: true }),
    isPublic: true,
    path: 'a fixed address',
  },
  {
    name: 'port forwarding',
    displayName: 'port forwarding',
    make: () => Endpoint.portForwarding(),
    path: 'Session Manager',
  },
  {
    name: 'a Kubernetes ingress',
    displayName: 'a Kubernetes ingress',
    make: () => Endpoint.kubernetesIngress({ domainName: 'mlflow.example.com' }),
    isPublic: true,
    path: 'an ingress controller',
  },
  { name: 'an endpoint of the user’s', make: () => new FakeEndpoint() },
];

const AUTHENTICATIONS: AuthenticationRow[] = [
  { name: 'no authentication prop' },
  { name: 'basic authentication', make: () => Authentication.basic() },
  { name: 'none', make: () => Authentication.none(), isUnacknowledgedNone: true },
  {
    name: 'none, with public access acknowledged',
    make: () => Authentication.none({ acknowledgePublicAccess: true }),
  },
];

export interface Cell {
  readonly compute: ComputeRow;
  readonly backendStore: Value<IBackendStore>;
  readonly artifactStore: ArtifactStoreRow;
  readonly endpoint: EndpointRow;
  readonly authentication: AuthenticationRow;
}

const AXES: { readonly [K in keyof Cell]: Cell[K][] } = {
  compute: COMPUTES,
  backendStore: BACKEND_STORES,
  artifactStore: ARTIFACT_STORES,
  endpoint: ENDPOINTS,
  authentication: AUTHENTICATIONS,
};

export const AXIS_NAMES = Object.keys(AXES) as (keyof Cell)[];

/** Every combination. */
export const CELLS: Cell[] = AXIS_NAMES.reduce<Partial<Cell>[]>(
  (cells, axis) => cells.flatMap((cell) => AXES[axis].map((value) => ({ ...cell, [axis]: value }))),
  [{}],
) as Cell[];

export function nameOf(cell: Cell): string {
  return AXIS_NAMES.map((axis) => cell[axis].name).join(' × ');
}

/** What is wrong with a combination before anything is defined, in the order in which it is said. */
export function problemsOf({ compute, backendStore, artifactStore, endpoint, authentication }: Cell): string[] {
  const own = (prop: string, isSet: boolean, reason: string) =>
    (compute.isManaged || (compute.hasOwnEndpoint && prop === 'endpoint')) && isSet
      ? [
          `'${prop}' cannot be set with ${compute.displayName} compute, which ${reason}; remove '${prop}' or choose another compute`,
        ]
      : [];
  const contradictions = [
    ...own('backendStore', backendStore.make !== undefined, 'keeps its own metadata store'),
    ...own('endpoint', endpoint.make !== undefined, 'has its own endpoint'),
    ...own('authentication', authentication.make !== undefined, 'runs its own server process'),
  ];
  const elsewhere = artifactStore.elsewhere
    ? [
        `'artifactStore' must be a bucket in Amazon S3 with ${compute.displayName} compute; got the artifact store, use ArtifactStore.s3() or choose another compute`,
      ]
    : [];
  if (compute.isManaged) return [...contradictions, ...elsewhere];
  if (compute.hasOwnEndpoint) return contradictions;
  const paths = compute.paths ?? ['a load balancer'];
  const unreachable =
    endpoint.path && !paths.includes(endpoint.path)
      ? [
          `'endpoint' cannot be ${endpoint.displayName} with ${compute.displayName} compute, whose servers cannot be reached through ${endpoint.path}; choose an endpoint that uses ${paths.join(' or ')}, or another compute`,
        ]
      : [];
  const open =
    endpoint.isPublic && authentication.isUnacknowledgedNone
      ? [
          `'authentication' cannot be none with ${endpoint.displayName}, which anyone on the internet can reach; use Authentication.basic() or an internal endpoint, or accept it with 'acknowledgePublicAccess' of Authentication.none()`,
        ]
      : [];
  return [...unreachable, ...open];
}
