import { Token } from 'aws-cdk-lib';
import { AccessPath } from '../endpoint/access-path';
import { MlflowTrackingServerProps } from '../mlflow-tracking-server-props';
import { ResolvedProps, SelfHostedProps } from './resolved-props';
import { checkAuthentication } from './validate-authentication';
import { checkCapabilities } from './validate-capabilities';
import { checkImage, checkSoftware } from './validate-image';
import { checkNetwork } from './validate-network';
import { checkParts } from './validate-parts';
import { checkServerOptions } from './validate-server-options';
import { Problems } from '../private/problems';

/** Validates the props together: what contradicts the compute, and what contradicts each other. */
export function validateProps(props: MlflowTrackingServerProps, resolved: ResolvedProps, region: string): void {
  const problems = new Problems();
  checkContradictions(problems, props, resolved);
  checkCapabilities(problems, resolved.compute.capabilities);
  if (!resolved.managed) {
    checkSoftware(problems, props, resolved);
    checkAccessPath(problems, resolved);
    checkNetwork(problems, props, resolved);
    checkAuthentication(problems, resolved);
    checkReplicas(problems, resolved);
    checkServerOptions(problems, resolved.server, resolved.size);
    checkImage(problems, resolved);
  }
  checkParts(problems, resolved, region);
  problems.throwIfAny('MlflowTrackingServer');
}

type PropName = keyof MlflowTrackingServerProps;

type Contradiction = [PropName, string];

const OWN_ENDPOINT: Contradiction = ['endpoint', 'has its own endpoint'];

/** Which props cannot be set with a managed compute, and how the messages say so. */
const MANAGED: Contradiction[] = [
  ['backendStore', 'keeps its own metadata store'],
  OWN_ENDPOINT,
  ['vpc', 'has its own network'],
  ['authentication', 'runs its own server process'],
  ['version', 'runs its own server process'],
  ['image', 'runs its own server process'],
  ['server', 'runs its own server process'],
];

function checkContradictions(problems: Problems, props: MlflowTrackingServerProps, resolved: ResolvedProps): void {
  const { displayName, endpoint: own } = resolved.compute.capabilities;
  const ofEndpoint = own ? [OWN_ENDPOINT] : [];
  for (const [name, reason] of resolved.managed ? MANAGED : ofEndpoint) {
    problems.require(props[name] === undefined, () => {
      return `'${name}' cannot be set with ${displayName} compute, which ${reason}; remove '${name}' or choose another compute`;
    });
  }
}

/** Whether the requests get from the endpoint to the servers. */
function checkAccessPath(problems: Problems, { compute, endpoint, size }: SelfHostedProps): void {
  const { displayName, accessPaths = [AccessPath.LOAD_BALANCER] } = compute.capabilities;
  const { displayName: name, accessPath } = endpoint.capabilities;
  if (!accessPath) return;
  problems.require(
    accessPaths.some((path) => path.matches(accessPath)),
    () => {
      return `'endpoint' cannot be ${name} with ${displayName} compute, whose servers cannot be reached through ${accessPath.name}; choose ${alternatives(accessPaths)}`;
    },
  );
  problems.require(!accessPath.singleServer || Token.isUnresolved(size.replicas) || !(size.replicas > 1), () => {
    const source = compute.capabilities.size?.replicas === undefined ? ", the profile's default" : '';
    return `'endpoint' cannot be ${name} for ${size.replicas} servers${source}, which share one address; set the compute's replicas to 1 or choose a load balancer`;
  });
}

function alternatives(accessPaths: AccessPath[]): string {
  if (accessPaths.length === 0) return 'another compute';
  return `an endpoint that uses ${accessPaths.map(({ name }) => name).join(' or ')}, or another compute`;
}

function checkReplicas(problems: Problems, { size: { replicas } }: SelfHostedProps): void {
  problems.require(Token.isUnresolved(replicas) || (Number.isInteger(replicas) && replicas >= 1), () => {
    return `the compute's number of replicas must be a whole number of at least 1; got ${replicas}`;
  });
}
