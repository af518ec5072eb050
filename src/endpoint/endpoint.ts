import { InternalLoadBalancerEndpoint } from './internal-load-balancer-endpoint';

/**
 * How people and programs reach the server.
 */
export class Endpoint {
  /**
   * An Application Load Balancer that is reachable from inside the VPC only.
   */
  public static internalLoadBalancer(): InternalLoadBalancerEndpoint {
    return new InternalLoadBalancerEndpoint();
  }

  private constructor() {}
}
