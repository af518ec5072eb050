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

const NAME = 'Endpoint.internalLoadBalancer()';

/**
 * Properties of an endpoint with an internal load balancer.
 */
export interface InternalLoadBalancerEndpointProps extends NewLoadBalancerEndpointOptions {}

/**
 * A new internal Application Load Balancer, for clients in the VPC and in networks that are connected to it.
 *
 * The addresses of the VPC can connect unless you specify the clients.
 */
export class InternalLoadBalancerEndpoint implements IEndpoint {
  public readonly capabilities: EndpointCapabilities;

  private readonly resolved: ResolvedListener;
  private readonly binding = new Binding<NewLoadBalancer>(NAME);

  /**
   * @throws if a value is invalid, or values are incompatible
   */
  public constructor(private readonly props: InternalLoadBalancerEndpointProps = {}) {
    this.resolved = resolveNewListener('internal', props);
    validateNewLoadBalancer(NAME, props, this.resolved);
    this.capabilities = newLoadBalancerCapabilities('an internal load balancer', this.resolved, props);
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
