import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationTargetGroup,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { EndpointBindOptions, EndpointCapabilities, EndpointConfig, IEndpoint } from '../contract';
import { newLoadBalancerCapabilities } from './capabilities';
import { NewLoadBalancerEndpointOptions } from './load-balancer-endpoint-options';
import { defineNewLoadBalancer, NewLoadBalancer } from './new-load-balancer';
import { ResolvedListener, resolveNewListener } from './resolve-listener';
import { validateNewLoadBalancer } from './validate';
import { Binding } from '../../private/binding';

const NAME = 'Endpoint.publicLoadBalancer()';

/**
 * Properties of an endpoint with a public load balancer.
 */
export interface PublicLoadBalancerEndpointProps extends NewLoadBalancerEndpointOptions {
  /**
   * Whether any IPv4 address on the internet can connect. The server requires credentials unless you set
   * `Authentication.none()` with `acknowledgePublicAccess`.
   *
   * @default false
   */
  readonly openToTheWorld?: boolean;
}

/**
 * A new internet-facing Application Load Balancer. No clients can connect until you specify them, or allow them through the
 * `connections` of the construct.
 *
 * It requires a certificate, or a hosted zone to validate one in, unless you accept plain HTTP. It requires authentication unless you
 * set `Authentication.none()` with `acknowledgePublicAccess`.
 */
export class PublicLoadBalancerEndpoint implements IEndpoint {
  public readonly capabilities: EndpointCapabilities;

  private readonly resolved: ResolvedListener;
  private readonly binding = new Binding<NewLoadBalancer>(NAME);

  /**
   * @throws if a value is invalid, or values are incompatible
   */
  public constructor(private readonly props: PublicLoadBalancerEndpointProps) {
    this.resolved = resolveNewListener('internet-facing', props);
    validateNewLoadBalancer(NAME, props, this.resolved);
    this.capabilities = newLoadBalancerCapabilities('a public load balancer', this.resolved, props);
  }

  /**
   * The load balancer.
   *
   * @throws if the endpoint is not part of an `MlflowTrackingServer` yet
   */
  public get loadBalancer(): ApplicationLoadBalancer {
    return this.binding.read('loadBalancer');
  }

  /**
   * The listener that clients connect to.
   *
   * @throws if the endpoint is not part of an `MlflowTrackingServer` yet
   */
  public get listener(): ApplicationListener {
    return this.binding.read('listener');
  }

  /**
   * The target group of the servers.
   *
   * @throws if the endpoint is not part of an `MlflowTrackingServer` yet
   */
  public get targetGroup(): ApplicationTargetGroup {
    return this.binding.read('targetGroup');
  }

  public bind(scope: Construct, options: EndpointBindOptions): EndpointConfig {
    this.binding.claim();
    const defined = defineNewLoadBalancer(scope, this.props, this.resolved, options);
    this.binding.set(defined);
    return defined.config;
  }
}
