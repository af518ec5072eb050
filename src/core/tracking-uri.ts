import { Parts } from './resolved-props';
import { ComputeConfig } from '../compute/contract';
import { EndpointConfig } from '../endpoint/contract';

/** The address for clients: the compute's own, or that of the endpoint with the path that the server lives under. */
export function resolveTrackingUri(parts: Parts, endpoint: EndpointConfig | undefined, compute: ComputeConfig): string {
  if (compute.trackingUri !== undefined) return compute.trackingUri;
  if (endpoint) return `${endpoint.origin}${parts.server?.options.staticPrefix ?? ''}`;
  throw new Error(
    `${parts.compute.capabilities.displayName} compute has its own endpoint, but gives no address; return 'trackingUri' from its bind`,
  );
}
