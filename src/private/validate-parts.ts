import { Token } from 'aws-cdk-lib';
import { Provider } from '../compute/capabilities';
import { MlflowTrackingServerProps } from '../mlflow-tracking-server-props';
import { Parts } from './parts';
import { Problems } from './problems';
import { validateServerOptions } from './validate-server-options';

/** Judges the props as a whole: what contradicts the compute, and what contradicts each other. */
export function validateParts(props: MlflowTrackingServerProps, parts: Parts): void {
  const problems = new Problems();
  requireNoContradiction(problems, props, parts);
  requireUsableNetwork(problems, props, parts);
  requireAuthenticationInPublic(problems, parts);
  requireWholeSize(problems, parts);
  if (parts.server) {
    validateServerOptions(problems, parts.server.options, parts.size);
  }
  problems.throwIfAny('MlflowTrackingServer');
}

type PropName = keyof MlflowTrackingServerProps;

/** Which props have no meaning where the compute brings a part with it, and how the messages say so. */
const CONTRADICTIONS: {
  readonly part: 'metadataStore' | 'endpoint' | 'network' | 'serverProcess';
  readonly props: PropName[];
  readonly reason: string;
}[] = [
  { part: 'metadataStore', props: ['backendStore'], reason: 'keeps its own metadata store' },
  { part: 'endpoint', props: ['endpoint'], reason: 'has its own endpoint' },
  { part: 'network', props: ['vpc'], reason: 'has its own network' },
  {
    part: 'serverProcess',
    props: ['authentication', 'version', 'image', 'server'],
    reason: 'runs its own server process',
  },
];

function requireNoContradiction(problems: Problems, props: MlflowTrackingServerProps, parts: Parts): void {
  const { capabilities } = parts.compute;
  for (const { part, props: names, reason } of CONTRADICTIONS) {
    if (capabilities[part] !== Provider.COMPUTE) continue;
    for (const name of names) {
      problems.require(props[name] === undefined, () => {
        return `'${name}' cannot be set with ${capabilities.displayName} compute, which ${reason}; remove '${name}' or choose another compute`;
      });
    }
  }
}

function requireUsableNetwork(problems: Problems, props: MlflowTrackingServerProps, parts: Parts): void {
  const bound = parts.compute.capabilities.vpc;
  problems.require(!bound || !props.vpc || bound === props.vpc, () => {
    return `'vpc' must be the VPC that the compute is bound to; got another one, remove 'vpc' or give the compute a cluster in it`;
  });
  const vpc = parts.network?.given;
  problems.require(!vpc || vpc.privateSubnets.length > 0, () => {
    return `'vpc' must have private subnets with a way out, for the server and its load balancer; got none, add them or remove 'vpc' to have one defined`;
  });
}

function requireAuthenticationInPublic(problems: Problems, parts: Parts): void {
  if (!parts.endpoint || !parts.server) return;
  const { displayName, isPublic } = parts.endpoint.capabilities;
  problems.require(!isPublic || parts.server.authentication.capabilities.identifiesCallers, () => {
    return `'authentication' cannot be none with ${displayName}, which anyone on the internet can reach; use Authentication.basic() or an internal endpoint`;
  });
}

function requireWholeSize(problems: Problems, parts: Parts): void {
  const { replicas } = parts.size;
  problems.require(Token.isUnresolved(replicas) || (Number.isInteger(replicas) && replicas >= 1), () => {
    return `the compute's number of replicas must be a whole number of at least 1; got ${replicas}`;
  });
}
