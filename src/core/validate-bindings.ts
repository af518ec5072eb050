import { ArtifactStoreConfig, IArtifactStore } from '../artifact-store/contract';
import { ComputeConfig, ICompute } from '../compute/contract';
import { AccessPath } from '../endpoint/access-path';
import { EndpointConfig, IEndpoint } from '../endpoint/contract';

// What a part's capabilities promise is validated before anything is defined. Whether its `bind` keeps the promise is known
// only once it has run: these errors are for those who write a part of their own, and come after constructs exist.

/** The member that an endpoint returns for each access path. */
const RETURNED: [path: AccessPath, constant: string, member: keyof EndpointConfig][] = [
  [AccessPath.LOAD_BALANCER, 'LOAD_BALANCER', 'targetGroup'],
  [AccessPath.FIXED_ADDRESS, 'FIXED_ADDRESS', 'elasticIpAllocationId'],
  [AccessPath.SESSION_MANAGER, 'SESSION_MANAGER', 'sessionManager'],
  [AccessPath.INGRESS, 'INGRESS', 'ingress'],
];

export function validateEndpointConfig({ capabilities }: IEndpoint, config: EndpointConfig): void {
  for (const [path, constant, member] of RETURNED) {
    const promised = path.matches(capabilities.accessPath);
    const kept = Boolean(config[member]);
    if (promised === kept) continue;
    throw new Error(
      promised
        ? `the bind of ${capabilities.displayName} must return '${member}', because its access path is AccessPath.${constant}; got none`
        : `the bind of ${capabilities.displayName} cannot return '${member}' without AccessPath.${constant}; set 'accessPath' in its capabilities`,
    );
  }
}

export function validateArtifactStoreConfig({ capabilities = {} }: IArtifactStore, config: ArtifactStoreConfig): void {
  const { displayName = 'the artifact store', isBucket } = capabilities;
  if (isBucket && !config.bucket) {
    throw new Error(
      `the bind of ${displayName} must return 'bucket', because 'isBucket' is set in its capabilities; got none`,
    );
  }
}

export function validateComputeConfig(
  { capabilities }: ICompute,
  endpoint: EndpointConfig,
  config: ComputeConfig,
): void {
  if (endpoint.targetGroup && !config.loadBalancerTarget) {
    throw new Error(
      `the bind of ${capabilities.displayName} compute must return 'loadBalancerTarget', because it supports AccessPath.LOAD_BALANCER; got none, return it or set 'accessPaths' in its capabilities`,
    );
  }
}

/** The address of a compute that has its own endpoint. */
export function requireTrackingUri({ capabilities }: ICompute, { trackingUri }: ComputeConfig): string {
  if (trackingUri !== undefined) return trackingUri;
  throw new Error(
    `the bind of ${capabilities.displayName} compute must return 'trackingUri', because the compute has its own endpoint; got none`,
  );
}
