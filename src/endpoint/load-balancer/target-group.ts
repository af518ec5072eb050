import { Duration, Stack, Token } from 'aws-cdk-lib';
import { ApplicationProtocol, ApplicationTargetGroup, CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct, IConstruct } from 'constructs';
import { EndpointBindOptions } from '../contract';
import { LoadBalancerSettings, ownListener } from './settings';
import { digest } from '../../private/digest';

/**
 * What the target group is called among the constructs: for each load balancer something else, and for the same one always
 * the same. A target group belongs to one load balancer for its life, and during an update the old one still has it.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
 */
export function targetGroupId(scope: Construct, settings: LoadBalancerSettings): string {
  const { isPublic, loadBalancer, listener } = settings;
  const given: [IConstruct, string][] = [];
  if (listener) given.push([listener, listener.listenerArn]);
  const balancer = loadBalancer ?? ownListener(settings)?.loadBalancer;
  if (balancer) given.push([balancer, balancer.loadBalancerArn]);
  if (given.length > 0) return `Targets${digest(given.map(([construct, arn]) => identityOf(scope, construct, arn)))}`;
  return isPublic ? 'PublicTargets' : 'Targets';
}

/**
 * The ARN, or where that is known only at deployment, what it follows from. The text that the AWS CDK has for a token differs
 * between two runs; what it resolves to does not. A change of the scheme, name or type replaces a load balancer.
 */
function identityOf(scope: Construct, { node }: IConstruct, arn: string): unknown {
  if (!Token.isUnresolved(arn)) return arn;
  const { scheme, name, type } = (node.defaultChild ?? {}) as Partial<CfnLoadBalancer>;
  return Stack.of(scope).resolve([node.path, arn, scheme ?? '', name ?? '', type ?? '']);
}

/** Where a load balancer sends requests to: the servers that are healthy. */
export function defineTargetGroup(scope: Construct, id: string, options: EndpointBindOptions): ApplicationTargetGroup {
  return new ApplicationTargetGroup(scope, id, {
    vpc: options.vpc,
    port: options.port,
    protocol: ApplicationProtocol.HTTP,
    // Stop-first updates wait for this long; the server itself then finishes what is still open.
    deregistrationDelay: Duration.seconds(30),
    healthCheck: {
      path: options.healthCheckPath,
      healthyHttpCodes: '200',
      interval: Duration.seconds(10),
      timeout: Duration.seconds(5),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 5,
    },
  });
}
