import { Stack } from 'aws-cdk-lib';
import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { OpenIdConnectProvider } from 'aws-cdk-lib/aws-eks-v2';
import * as fc from 'fast-check';
import { ComputeKind, COMPUTES } from './legal-compute';
import { ENDPOINT, EndpointKind } from './legal-endpoint';
import { AUTHENTICATION, maybe, SERVER_OPTIONS } from './legal-server';
import { ARTIFACT_STORE, BACKEND_STORE } from './legal-stores';
import { ALL_KINDS, givenVpc, WITHOUT_ISOLATED } from './networks';
import { newStack } from './new-app';
import { IServerImage, IsolatedVpc, MlflowTrackingServerProps, MlflowVersion, Profile, ServerImage } from '../../src';
import { importedCluster } from '../compute/eks/clusters';

/** A stack, and props that a server in it accepts. The props are made when they are used: a strategy is bound once. */
export interface LegalCase {
  readonly stack: Stack;
  readonly props: MlflowTrackingServerProps;
}

type Network = 'own' | 'vpc' | 'cluster' | 'both' | 'isolated';

const VERSION = /^3\.(1[7-9]|[2-9][0-9])\.[0-9]{1,2}$/;

const PROVIDER = 'arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/A';

/** The endpoints that are drawn. Where a compute cannot have one, it is given the one that comes closest. */
export const ENDPOINT_KINDS: EndpointKind[] = ['none', 'internal', 'public', 'address', 'forwarding'];

/** Any legal combination of props with a compute and an endpoint of these kinds. */
export function legalCase(kind: ComputeKind, wanted: EndpointKind): fc.Arbitrary<() => LegalCase> {
  return fc
    .record({
      region: maybe(fc.constantFrom('eu-central-1', 'us-east-1', 'sa-east-1')),
      profile: maybe(fc.constantFrom(...Object.values(Profile))),
      version: maybe(fc.stringMatching(VERSION).map((version) => MlflowVersion.of(version))),
      image: fc.constantFrom('none', 'official', 'registry', 'ecr'),
      network: fc.constantFrom<Network>('own', 'vpc', 'cluster', 'both', 'isolated'),
      subnets: fc.constantFrom(ALL_KINDS, WITHOUT_ISOLATED),
      compute: COMPUTES[kind],
      endpoint: ENDPOINT,
      server: SERVER_OPTIONS,
      authentication: AUTHENTICATION,
      artifactStore: ARTIFACT_STORE,
      backendStore: BACKEND_STORE,
    })
    .map((given) =>
      named(given, () => {
        const { roomForJobs } = given.compute;
        const network = legalNetwork(given.network, kind);
        const endpointKind = legalEndpoint(wanted, kind, network);
        const stack = newStack({ env: given.region ? { account: '111111111111', region: given.region } : undefined });
        const vpc = vpcOf(stack, network, given.subnets);

        const endpoint = given.endpoint(stack, { kind: endpointKind, vpc, knowsRegion: given.region !== undefined });
        const compute = given.compute.make(stack, {
          ...(network === 'cluster' || network === 'both' ? clusterOf(stack, kind, vpc!) : {}),
          behindLoadBalancer: ['none', 'internal', 'public'].includes(endpointKind),
          mayBePublic: network !== 'isolated',
          mayBeSeveral: endpointKind !== 'address',
        });
        const hasPublicServers = compute.capabilities.publicServers === true || endpointKind === 'address';
        const replicas = compute.capabilities.size?.replicas ?? (given.profile === Profile.PRODUCTION ? 2 : 1);
        const image = imageOf(stack, network === 'isolated' ? 'ecr' : given.image);
        // The instances install the release that the library has tested, unless they run an image.
        const version = kind === 'ec2' && !image ? undefined : given.version;
        return {
          stack,
          props: {
            profile: given.profile,
            version,
            image,
            vpc: network === 'cluster' ? undefined : vpc,
            compute,
            endpoint,
            server: given.server(stack, {
              roomForJobs,
              newest: version === undefined,
              singleServer: replicas === 1,
              littleRoom: kind === 'ec2' && image !== undefined,
            }),
            authentication: given.authentication(stack, endpoint?.capabilities.isPublic ?? false),
            artifactStore: given.artifactStore(stack),
            backendStore: given.backendStore(stack, { vpc, mayRotate: network !== 'own' || !hasPublicServers }),
          },
        };
      }),
    );
}

/** A cluster of Kubernetes is always given; instances of the server's own are in no given one, and fetch packages. */
function legalNetwork(network: Network, kind: ComputeKind): Network {
  if (kind === 'fargate' || (network === 'own' && kind !== 'eks')) return network;
  if (kind === 'eks') return network === 'own' || network === 'isolated' ? 'cluster' : 'both';
  return kind === 'ecs-on-ec2' && network === 'isolated' ? network : 'vpc';
}

/** Only an instance has a fixed address, pods have ways of their own, and what is public needs public subnets. */
function legalEndpoint(endpoint: EndpointKind, kind: ComputeKind, network: Network): EndpointKind {
  if (kind === 'eks' && (endpoint === 'address' || endpoint === 'forwarding')) return 'ingress';
  if (kind !== 'ec2' && endpoint === 'address') return 'forwarding';
  return network === 'isolated' && endpoint === 'public' ? 'internal' : endpoint;
}

function clusterOf(stack: Stack, kind: ComputeKind, vpc: IVpc) {
  if (kind !== 'eks') return { cluster: new Cluster(stack, 'Given', { vpc }) };
  const openIdConnectProvider = OpenIdConnectProvider.fromOpenIdConnectProviderArn(stack, 'Provider', PROVIDER);
  return { kubernetesCluster: importedCluster(stack, { vpc, openIdConnectProvider }) };
}

function vpcOf(stack: Stack, network: Network, subnets: typeof ALL_KINDS) {
  if (network === 'own') return undefined;
  return network === 'isolated'
    ? new IsolatedVpc(stack, 'GivenVpc', { sessions: true, containerInstances: true })
    : givenVpc(stack, subnets);
}

function imageOf(stack: Stack, image: string): IServerImage | undefined {
  if (image === 'official') return ServerImage.official();
  if (image === 'registry') return ServerImage.fromRegistry('example.com/mlflow:1');
  return image === 'ecr'
    ? ServerImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Images', 'mlflow'), '1')
    : undefined;
}

/** Fast-check prints the values that a failing case was made from. */
function named<T extends object>(given: object, make: T): T {
  return Object.assign(make, { [fc.toStringMethod]: () => fc.stringify(given) });
}
