import {
  ApplicationListenerRule,
  ApplicationTargetGroup,
  IApplicationListener,
  ListenerAction,
  ListenerCondition,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct, IConstruct } from 'constructs';
import { EndpointBindOptions, EndpointCapabilities, EndpointConfig, IEndpoint } from '../contract';
import { existingLoadBalancerCapabilities } from './capabilities';
import { endpointConfig } from './clients';
import { ExistingListenerEndpointProps } from './existing-listener-endpoint-props';
import { knownListener, ResolvedListener, resolveExistingListener } from './resolve-listener';
import { defineTargetGroup, existingTargetGroupId } from './target-group';
import { validateExistingListener } from './validate-existing';
import { Binding } from '../../private/binding';

const NAME = 'Endpoint.onListener()';

/**
 * A new rule of an existing listener, whose certificates, default action and redirects are not changed.
 *
 * The server neither needs nor believes the header `X-Forwarded-For`, which only a new load balancer removes.
 */
export class ExistingListenerEndpoint implements IEndpoint {
  public readonly capabilities: EndpointCapabilities;

  private readonly resolved: ResolvedListener;
  private readonly binding = new Binding<{ rule: ApplicationListenerRule; targetGroup: ApplicationTargetGroup }>(NAME);

  /**
   * @param listener The listener. If its ARN is known only at deployment, import another listener under another construct ID: a
   * target group cannot move between load balancers.
   * @throws if a value is invalid, or values are incompatible
   */
  public constructor(
    private readonly listener: IApplicationListener,
    private readonly props: ExistingListenerEndpointProps,
  ) {
    this.resolved = resolveExistingListener(listener, props);
    validateExistingListener(NAME, listener, props, this.resolved);
    const vpc = knownListener(listener)?.loadBalancer.vpc;
    this.capabilities = existingLoadBalancerCapabilities('an existing listener', this.resolved, vpc);
  }

  /**
   * The rule that forwards requests to the servers.
   *
   * @throws if the endpoint is not part of an `MlflowTrackingServer` yet
   */
  public get rule(): ApplicationListenerRule {
    return this.binding.read('rule');
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
    const { listener, props, resolved } = this;
    const { domainName, priority, conditions = [ListenerCondition.hostHeaders([domainName])] } = props;
    const targetGroup = defineTargetGroup(scope, existingTargetGroupId(scope, ...this.existing()), options);
    const action = ListenerAction.forward([targetGroup]);
    const rule = new ApplicationListenerRule(scope, 'Rule', { listener, priority, conditions, action });
    this.binding.set({ rule, targetGroup });
    return endpointConfig(listener, domainName, targetGroup, props, resolved, options);
  }

  /** What the target group belongs to, with its ARN: the listener, and its load balancer if that is known. */
  private existing(): [IConstruct, string][] {
    const { listener } = this;
    const loadBalancer = knownListener(listener)?.loadBalancer;
    return [
      [listener, listener.listenerArn],
      ...(loadBalancer ? [[loadBalancer, loadBalancer.loadBalancerArn] as [IConstruct, string]] : []),
    ];
  }
}
