import { ComputeCapabilities, ComputeEndpointCapabilities } from '../compute/capabilities';
import { EndpointConfig, IEndpoint } from '../endpoint/contract';

/** The endpoint that a compute provides itself, as far as it is known before the compute is defined: it defines nothing. */
export function computeEndpoint(compute: ComputeCapabilities, own: ComputeEndpointCapabilities): IEndpoint {
  const { isPublic, usesHttps, serverPort, hostNames, idleTimeout } = own;
  const origin = own.origin ?? `${usesHttps ? 'https' : 'http'}://${hostNames[0]}`;
  return {
    capabilities: { displayName: `the endpoint of ${compute.displayName} compute`, isPublic, usesHttps, serverPort },
    bind: (): EndpointConfig => ({ origin, hostNames, idleTimeout }),
  };
}
