import { LoadBalancerEndpointOptions } from './load-balancer-options';

/**
 * Settings of an internal load balancer.
 */
export interface InternalLoadBalancerEndpointProps extends LoadBalancerEndpointOptions {}
