import { LoadBalancerEndpointOptions } from './load-balancer-options';

/**
 * Settings of a public load balancer.
 */
export interface PublicLoadBalancerEndpointProps extends LoadBalancerEndpointOptions {
  /**
   * Let every IPv4 address of the internet connect. The server asks for credentials, unless
   * `Authentication.none()` acknowledges that it does not.
   *
   * @default false
   */
  readonly openToTheWorld?: boolean;
}
