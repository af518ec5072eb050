import { Token } from 'aws-cdk-lib';
import { AccessPath } from '../endpoint/access-path';
import { MlflowTrackingServerProps } from '../mlflow-tracking-server-props';
import { ResolvedProps, SelfHostedProps } from './resolved-props';
import { checkCapabilities } from './validate-capabilities';
import { validateNetwork } from './validate-network';
import { validateServerOptions } from './validate-server-options';
import { Problems } from '../private/problems';

/** Validates the props together: what contradicts the compute, and what contradicts each other. */
export function validateProps(props: MlflowTrackingServerProps, resolved: ResolvedProps): void {
  const problems = new Problems();
  checkContradictions(problems, props, resolved);
  checkCapabilities(problems, resolved.compute.capabilities);
  if (!resolved.managed) {
    checkSoftware(problems, props, resolved);
    checkAccessPath(problems, resolved);
    validateNetwork(problems, props, resolved);
    checkAuthentication(problems, resolved);
    checkReplicas(problems, resolved);
    validateServerOptions(problems, resolved.server, resolved.size);
    checkImage(problems, resolved);
  }
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

/** What contradicts a compute that installs MLflow itself. */
function checkSoftware(
  problems: Problems,
  props: MlflowTrackingServerProps,
  { compute, server }: SelfHostedProps,
): void {
  const { displayName, software = {} } = compute.capabilities;
  problems.require(software.containerImages !== false || props.image === undefined, () => {
    return `'image' cannot be set with this ${displayName} compute, which runs given packages and no container image; remove 'image' or the packages, or choose another compute`;
  });
  const installed = server.image ? undefined : software.mlflowVersion;
  problems.require(!installed || !props.version || installed.version === props.version.version, () => {
    return `'version' must be ${installed?.version} with this ${displayName} compute, whose packages have that release; got ${props.version?.version}, remove 'version' or give the compute other packages`;
  });
}

/** Whether the requests get from the endpoint to the servers. */
function checkAccessPath(problems: Problems, { compute, endpoint, size }: SelfHostedProps): void {
  const { displayName, accessPaths = [AccessPath.LOAD_BALANCER] } = compute.capabilities;
  const { displayName: name, accessPath } = endpoint.capabilities;
  if (!accessPath) return;
  // Not by identity: an access path may come from another copy of this library.
  problems.require(
    accessPaths.some((path) => path.name === accessPath.name),
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

function checkAuthentication(problems: Problems, { endpoint, server }: SelfHostedProps): void {
  const { displayName, isPublic, usesHttps } = endpoint.capabilities;
  const { capabilities } = server.authentication;
  problems.require(
    !isPublic || capabilities.identifiesCallers || capabilities.acknowledgesPublicAccess === true,
    () => {
      return `'authentication' cannot be none with ${displayName}, which anyone on the internet can reach; use Authentication.basic() or an internal endpoint, or accept it with 'acknowledgePublicAccess' of Authentication.none()`;
    },
  );
  problems.require(!capabilities.needsHttps || usesHttps === true, () => {
    return `'authentication' cannot be ${capabilities.displayName ?? 'this one'} with ${displayName}, which uses plain HTTP; choose an endpoint that uses HTTPS or another authentication`;
  });
}

function checkReplicas(problems: Problems, { size: { replicas } }: SelfHostedProps): void {
  problems.require(Token.isUnresolved(replicas) || (Number.isInteger(replicas) && replicas >= 1), () => {
    return `the compute's number of replicas must be a whole number of at least 1; got ${replicas}`;
  });
}

/** Whether the image has the release that is asked for, and runs on the compute. */
function checkImage(problems: Problems, { server, compute }: SelfHostedProps): void {
  if (!server.image) return;
  const { displayName, version, cpuArchitecture } = server.image.capabilities;
  const wanted = server.version.version;
  problems.require(!version || version.version === wanted, () => {
    return `'version' must be ${version?.version} with ${displayName}, which carries no other; got ${wanted}, remove 'version' or choose another 'image'`;
  });
  const given = compute.capabilities.cpuArchitecture;
  problems.require(!cpuArchitecture || !given || cpuArchitecture === given, () => {
    return `'image' must be built for ${given} with ${compute.capabilities.displayName} compute; got ${displayName} for ${cpuArchitecture}, remove its 'platform' or change the compute's architecture`;
  });
}
