import {
  ApplicationLoadBalancer,
  ApplicationTargetGroup,
  IApplicationListener,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { EndpointBindOptions, EndpointCapabilities, EndpointConfig, IEndpoint } from '../contract';
import { defineLoadBalancing, LoadBalancing } from './define';
import { PublicLoadBalancerEndpointProps } from './public-load-balancer-endpoint-props';
import { loadBalancerCapabilities } from './settings';
import { validateLoadBalancerOptions } from './validate';
import { Binding } from '../../private/binding';

const NAME = 'Endpoint.publicLoadBalancer()';

/**
 * An Application Load Balancer that is reachable from the internet, by those who are let in: nobody, until the props or the
 * construct's `connections` say who.
 *
 * It needs a certificate, or a hosted zone to validate one in, unless plain HTTP is accepted, and authentication, unless
 * `Authentication.none()` acknowledges that there is none.
 */
export class PublicLoadBalancerEndpoint implements IEndpoint {
  public readonly capabilities: EndpointCapabilities;

  private readonly bound = new Binding<LoadBalancing>(NAME);

  /**
   * @throws If a value cannot be used, or has no effect with the others, with every such value.
   */
  public constructor(private readonly props: PublicLoadBalancerEndpointProps) {
    validateLoadBalancerOptions(NAME, { ...props, isPublic: true });
    this.capabilities = loadBalancerCapabilities('a public load balancer', { ...props, isPublic: true });
  }

  /**
   * The load balancer.
   *
   * @throws If the endpoint is not bound yet, or if it is on a load balancer that was given.
   */
  public get loadBalancer(): ApplicationLoadBalancer {
    return this.bound.read('loadBalancer')();
  }

  /**
   * The listener that clients connect to.
   *
   * @throws If the endpoint is not bound yet.
   */
  public get listener(): IApplicationListener {
    return this.bound.read('listener');
  }

  /**
   * The target group of the servers.
   *
   * @throws If the endpoint is not bound yet.
   */
  public get targetGroup(): ApplicationTargetGroup {
    return this.bound.read('targetGroup');
  }

  public bind(scope: Construct, options: EndpointBindOptions): EndpointConfig {
    this.bound.claim();
    const defined = defineLoadBalancing(scope, NAME, { ...this.props, isPublic: true }, options);
    this.bound.set(defined);
    return defined.config;
  }
}
