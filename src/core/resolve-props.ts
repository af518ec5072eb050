import { Size } from 'aws-cdk-lib';
import { ArtifactStore } from '../artifact-store';
import { Authentication } from '../authentication';
import { BackendStore } from '../backend-store';
import { Compute, ComputeCapabilities, ComputeEndpointCapabilities, ComputeSize } from '../compute';
import { Endpoint, EndpointConfig, IEndpoint } from '../endpoint';
import { MlflowTrackingServerProps } from '../mlflow-tracking-server-props';
import { MlflowVersion, Profile, ServerImage } from '../server';
import { NetworkProps, ResolvedProps, ServerProps } from './resolved-props';
import { validateProps } from './validate-props';
import { profileDefaults } from '../server/profile-defaults';

/**
 * Completes the props and validates them together.
 *
 * @param region The Region of the stack, which may be a token.
 * @throws if props are invalid or incompatible: one error with every problem, before anything is defined
 */
export function resolveProps(props: MlflowTrackingServerProps, region: string): ResolvedProps {
  const resolved = complete(props);
  validateProps(props, resolved, region);
  return resolved;
}

function complete(props: MlflowTrackingServerProps): ResolvedProps {
  const { compute = Compute.fargate(), profile = Profile.DEVELOPMENT, artifactStore = ArtifactStore.s3() } = props;
  const { capabilities } = compute;
  if (capabilities.managed) return { managed: true, profile, compute, artifactStore };
  const { backendStore = BackendStore.rdsPostgres() } = props;
  const endpoint = resolveEndpoint(props, capabilities);
  const server = resolveServer(props, capabilities);
  return {
    managed: false,
    profile,
    compute,
    artifactStore,
    backendStore,
    endpoint,
    server,
    size: resolveSize(capabilities, profile, server),
    network: resolveNetwork(props, capabilities, endpoint),
  };
}

function resolveEndpoint({ endpoint }: MlflowTrackingServerProps, capabilities: ComputeCapabilities): IEndpoint {
  if (capabilities.endpoint) return computeEndpoint(capabilities, capabilities.endpoint);
  return endpoint ?? Endpoint.internalLoadBalancer();
}

/** The endpoint that a compute has itself, if its capabilities state one. It defines nothing. */
function computeEndpoint(compute: ComputeCapabilities, own: ComputeEndpointCapabilities): IEndpoint {
  const { isPublic, usesHttps, serverPort, hostNames, idleTimeout } = own;
  const origin = own.origin ?? `${usesHttps ? 'https' : 'http'}://${hostNames[0]}`;
  return {
    capabilities: { displayName: `the endpoint of ${compute.displayName} compute`, isPublic, usesHttps, serverPort },
    bind: (): EndpointConfig => ({ origin, hostNames, idleTimeout }),
  };
}

function resolveServer(props: MlflowTrackingServerProps, { runtime = {} }: ComputeCapabilities): ServerProps {
  const { containerImages = true, mlflowVersion } = runtime;
  const installsMlflow = !containerImages || mlflowVersion !== undefined;
  const image = props.image ?? (installsMlflow ? undefined : ServerImage.official());
  const installed = image ? undefined : mlflowVersion;
  return {
    version: props.version ?? installed ?? MlflowVersion.V3_17_2,
    image,
    options: props.server ?? {},
    authentication: props.authentication ?? Authentication.basic(),
  };
}

function resolveSize({ size = {} }: ComputeCapabilities, profile: Profile, { image }: ServerProps): ComputeSize {
  const defaults = profileDefaults(profile);
  const { vcpus = defaults.vcpus, replicas = defaults.replicas, systemMemory, containerSystemMemory } = size;
  const { memory = Size.mebibytes(defaults.memoryMiB) } = size;
  const taken = (image && containerSystemMemory) ?? systemMemory;
  return { vcpus, memory: taken ? without(memory, taken) : memory, replicas };
}

/** A size that is known only at deployment cannot be reduced here. */
function without(memory: Size, taken: Size): Size {
  if (memory.isUnresolved() || taken.isUnresolved()) return memory;
  return Size.mebibytes(memory.toMebibytes() - taken.toMebibytes());
}

function resolveNetwork(
  { vpc, backendStore }: MlflowTrackingServerProps,
  compute: ComputeCapabilities,
  { capabilities }: IEndpoint,
): NetworkProps {
  return {
    existing: compute.vpc ?? vpc ?? capabilities.vpc ?? backendStore?.capabilities?.vpc,
    publicServers: (compute.publicServers || capabilities.accessPath?.publicServers) ?? false,
  };
}
