import { Duration } from 'aws-cdk-lib';
import { LoadBalancerListenerOptions } from './load-balancer-endpoint-options';

/**
 * Properties of an endpoint that adds a listener to an existing load balancer.
 */
export interface ExistingLoadBalancerEndpointProps extends LoadBalancerListenerOptions {
  /**
   * Whether the load balancer is internet-facing. The endpoint is then public: it requires authentication and HTTPS unless you
   * accept the opposite.
   *
   * Specify `false` for an imported load balancer that is internal.
   *
   * @default - the scheme of a load balancer of the same app; true for an imported load balancer
   */
  readonly internetFacing?: boolean;

  /**
   * Whether any IPv4 address on the internet can connect. Requires an internet-facing load balancer.
   *
   * @default false
   */
  readonly openToTheWorld?: boolean;

  /**
   * The idle timeout of the load balancer, from 1 to 4000 seconds. The server keeps connections open for longer.
   *
   * @default - the maximum, 4000 seconds
   */
  readonly idleTimeout?: Duration;
}
