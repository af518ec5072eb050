import { Token } from 'aws-cdk-lib';
import { Provider } from '../compute/capabilities';
import { MlflowTrackingServerProps } from '../mlflow-tracking-server-props';
import { Parts } from './resolved-props';
import { validateEndpoint } from './validate-endpoint';
import { validateNetwork } from './validate-network';
import { validateServerImage } from './validate-server-image';
import { validateServerOptions } from './validate-server-options';
import { Problems } from '../private/problems';

/** Judges the props as a whole: what contradicts the compute, and what contradicts each other. */
export function validateParts(props: MlflowTrackingServerProps, parts: Parts): void {
  const problems = new Problems();
  requireNoContradiction(problems, props, parts);
  requireNoForeignPackages(problems, props, parts);
  requireCompleteCompute(problems, parts);
  validateEndpoint(problems, parts);
  validateNetwork(problems, props, parts);
  requireAuthenticationInPublic(problems, parts);
  requireWholeSize(problems, parts);
  if (parts.server) {
    validateServerOptions(problems, parts.server, parts.size);
    validateServerImage(problems, parts.server, parts.compute.capabilities);
  }
  problems.throwIfAny('MlflowTrackingServer');
}

type PropName = keyof MlflowTrackingServerProps;
type ComputePart = 'metadataStore' | 'endpoint' | 'network' | 'serverProcess';

/** Which props have no meaning where the compute brings a part with it, and how the messages say so. */
const CONTRADICTIONS: {
  readonly part: ComputePart;
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

/** What contradicts a compute that installs MLflow itself. */
function requireNoForeignPackages(problems: Problems, props: MlflowTrackingServerProps, parts: Parts): void {
  const { displayName, containerImages, mlflowVersion } = parts.compute.capabilities;
  problems.require(containerImages !== false || props.image === undefined, () => {
    return `'image' cannot be set with this ${displayName} compute, which runs given packages and no container image; remove 'image' or the packages, or choose another compute`;
  });
  const installed = parts.server?.image ? undefined : mlflowVersion;
  problems.require(!installed || !props.version || installed.version === props.version.version, () => {
    return `'version' must be ${installed?.version} with this ${displayName} compute, whose packages have that release; got ${props.version?.version}, remove 'version' or give the compute other packages`;
  });
}

/** What the library defines needs other parts of the library: a server its database, a database its network. */
function requireCompleteCompute(problems: Problems, parts: Parts): void {
  const { capabilities } = parts.compute;
  const needs: [ComputePart, ComputePart[]][] = [
    ['serverProcess', ['metadataStore', 'endpoint', 'network']],
    ['metadataStore', ['network']],
    ['endpoint', ['network']],
  ];
  for (const [part, others] of needs) {
    if (capabilities[part] === Provider.COMPUTE) continue;
    const missing = others.filter((other) => capabilities[other] === Provider.COMPUTE);
    problems.require(missing.length === 0, () => {
      return `'${part}' of ${capabilities.displayName} compute is the library's, which needs ${missing.map((name) => `'${name}'`).join(', ')} to be so too; leave them to Provider.LIBRARY in its capabilities`;
    });
  }
}

function requireAuthenticationInPublic(problems: Problems, parts: Parts): void {
  if (!parts.endpoint || !parts.server) return;
  const { displayName, isPublic } = parts.endpoint.capabilities;
  const { identifiesCallers, acknowledgesPublicAccess } = parts.server.authentication.capabilities;
  problems.require(!isPublic || identifiesCallers || acknowledgesPublicAccess === true, () => {
    return `'authentication' cannot be none with ${displayName}, which anyone on the internet can reach; use Authentication.basic() or an internal endpoint, or accept it with 'acknowledgePublicAccess' of Authentication.none()`;
  });
}

function requireWholeSize(problems: Problems, parts: Parts): void {
  const { replicas } = parts.size;
  problems.require(Token.isUnresolved(replicas) || (Number.isInteger(replicas) && replicas >= 1), () => {
    return `the compute's number of replicas must be a whole number of at least 1; got ${replicas}`;
  });
}
