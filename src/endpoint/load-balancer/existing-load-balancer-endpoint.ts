import {
  ApplicationListener,
  ApplicationTargetGroup,
  IApplicationLoadBalancer,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { EndpointBindOptions, EndpointCapabilities, EndpointConfig, IEndpoint } from '../contract';
import { existingLoadBalancerCapabilities } from './capabilities';
import { endpointConfig } from './clients';
import { ExistingLoadBalancerEndpointProps } from './existing-load-balancer-endpoint-props';
import { AddListener, defineListener } from './listener';
import { resolveAddedListener, ResolvedListener } from './resolve-listener';
import { defineTargetGroup, existingTargetGroupId } from './target-group';
import { validateExistingLoadBalancer } from './validate-existing';
import { Binding } from '../../private/binding';

const NAME = 'Endpoint.onLoadBalancer()';

/**
 * A new listener on an existing Application Load Balancer, whose settings are not changed.
 *
 * The server neither needs nor believes the header `X-Forwarded-For`, which only a new load balancer removes.
 */
export class ExistingLoadBalancerEndpoint implements IEndpoint {
  public readonly capabilities: EndpointCapabilities;

  private readonly resolved: ResolvedListener;
  private readonly binding = new Binding<{ listener: ApplicationListener; targetGroup: ApplicationTargetGroup }>(NAME);

  /**
   * @param loadBalancer The load balancer. If its ARN is known only at deployment, import another load balancer under another
   * construct ID: a target group cannot move between load balancers.
   * @throws if a value is invalid, or values are incompatible
   */
  public constructor(
    private readonly loadBalancer: IApplicationLoadBalancer,
    private readonly props: ExistingLoadBalancerEndpointProps = {},
  ) {
    this.resolved = resolveAddedListener(loadBalancer, props);
    validateExistingLoadBalancer(NAME, loadBalancer, props, this.resolved);
    this.capabilities = existingLoadBalancerCapabilities('an existing load balancer', this.resolved, loadBalancer.vpc);
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
    const { loadBalancer, props, resolved } = this;
    const id = existingTargetGroupId(scope, [loadBalancer, loadBalancer.loadBalancerArn]);
    const targetGroup = defineTargetGroup(scope, id, options);
    // What belongs to the server is never in the scope of an existing load balancer.
    const add: AddListener = (listenerId, listenerProps) =>
      new ApplicationListener(scope, listenerId, { loadBalancer, ...listenerProps });
    const { listener, hostName } = defineListener(scope, loadBalancer, add, targetGroup, props, resolved);
    this.binding.set({ listener, targetGroup });
    return endpointConfig(listener, hostName, targetGroup, props, resolved, options);
  }
}
