import { LoadBalancerEndpointOptions } from './load-balancer-options';

/**
 * Settings of a public load balancer.
 */
export interface PublicLoadBalancerEndpointProps extends LoadBalancerEndpointOptions {
  /**
   * Let every IPv4 address of the internet connect. The server then never runs without authentication.
   *
   * @default false
   */
  readonly openToTheWorld?: boolean;
}
