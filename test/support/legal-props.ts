import { Stack } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import * as fc from 'fast-check';
import { COMPUTE, LegalCompute } from './legal-compute';
import { ENDPOINT, EndpointKind } from './legal-endpoint';
import { AUTHENTICATION, maybe, SERVER_OPTIONS } from './legal-server';
import { ARTIFACT_STORE, BACKEND_STORE } from './legal-stores';
import { ALL_KINDS, givenVpc, WITHOUT_ISOLATED } from './networks';
import { newStack } from './new-app';
import { IsolatedVpc, MlflowTrackingServerProps, MlflowVersion, Profile, ServerImage } from '../../src';

/** A stack, and props that a server in it accepts. The props are made when they are used: a strategy is bound once. */
export interface LegalCase {
  readonly stack: Stack;
  readonly kind: LegalCompute['kind'];
  readonly props: MlflowTrackingServerProps;
}

type Network = 'own' | 'vpc' | 'cluster' | 'both' | 'isolated';

const VERSION = /^3\.(1[4-9]|[2-9][0-9])\.[0-9]{1,2}$/;

/** Any legal combination of props. */
export const LEGAL_CASE: fc.Arbitrary<() => LegalCase> = fc
  .record({
    region: maybe(fc.constantFrom('eu-central-1', 'us-east-1', 'sa-east-1')),
    profile: maybe(fc.constantFrom(...Object.values(Profile))),
    version: maybe(fc.stringMatching(VERSION).map((version) => MlflowVersion.of(version))),
    image: fc.constantFrom('none', 'official', 'registry', 'ecr'),
    network: fc.constantFrom<Network>('own', 'vpc', 'cluster', 'both', 'isolated'),
    subnets: fc.constantFrom(ALL_KINDS, WITHOUT_ISOLATED),
    endpointKind: fc.constantFrom<EndpointKind>('none', 'internal', 'public', 'address', 'forwarding'),
    compute: COMPUTE,
    endpoint: ENDPOINT,
    server: SERVER_OPTIONS,
    authentication: AUTHENTICATION,
    artifactStore: ARTIFACT_STORE,
    backendStore: BACKEND_STORE,
  })
  .map((given) =>
    named(given, () => {
      const { kind, roomForJobs } = given.compute;
      const isFargate = kind === 'fargate';
      const network = legalNetwork(given.network, isFargate);
      const endpointKind = legalEndpoint(given.endpointKind, isFargate, network);
      const stack = newStack({ env: given.region ? { account: '111111111111', region: given.region } : undefined });
      const vpc = vpcOf(stack, network, given.subnets);
      const cluster = network === 'cluster' || network === 'both' ? new Cluster(stack, 'Given', { vpc }) : undefined;

      const endpoint = given.endpoint(stack, { kind: endpointKind, vpc, knowsRegion: given.region !== undefined });
      const compute = given.compute.make(stack, {
        cluster,
        behindLoadBalancer: ['none', 'internal', 'public'].includes(endpointKind),
        mayBePublic: network !== 'isolated',
        mayBeSeveral: endpointKind !== 'address',
      });
      const hasPublicServers = compute.capabilities.publicServers === true || endpointKind === 'address';
      const replicas = compute.capabilities.replicas ?? (given.profile === Profile.PRODUCTION ? 2 : 1);
      return {
        stack,
        kind,
        props: {
          profile: given.profile,
          version: isFargate ? given.version : undefined,
          image: isFargate ? imageOf(stack, network === 'isolated' ? 'ecr' : given.image) : undefined,
          vpc: network === 'cluster' ? undefined : vpc,
          compute,
          endpoint,
          server: given.server(stack, {
            roomForJobs,
            newest: !isFargate || given.version === undefined,
            singleServer: replicas === 1,
          }),
          authentication: given.authentication(stack, endpoint?.capabilities.isPublic ?? false),
          artifactStore: given.artifactStore(stack),
          backendStore: given.backendStore(stack, { vpc, mayRotate: network !== 'own' || !hasPublicServers }),
        },
      };
    }),
  );

/** Instances are in no cluster, and fetch their packages. */
function legalNetwork(network: Network, isFargate: boolean): Network {
  return isFargate || network === 'own' ? network : 'vpc';
}

/** Tasks have no fixed address, and what is public needs public subnets. */
function legalEndpoint(kind: EndpointKind, isFargate: boolean, network: Network): EndpointKind {
  if (isFargate && kind === 'address') return 'forwarding';
  return network === 'isolated' && kind === 'public' ? 'internal' : kind;
}

function vpcOf(stack: Stack, network: Network, subnets: typeof ALL_KINDS) {
  if (network === 'own') return undefined;
  return network === 'isolated' ? new IsolatedVpc(stack, 'GivenVpc', { sessions: true }) : givenVpc(stack, subnets);
}

function imageOf(stack: Stack, image: string): ServerImage | undefined {
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
