import { Duration, Stack, Token } from 'aws-cdk-lib';
import { ApplicationProtocol, ApplicationTargetGroup, CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct, IConstruct } from 'constructs';
import { digest } from '../../private/digest';
import { EndpointBindOptions } from '../contract';

/**
 * The ID of the target group on an existing load balancer or listener: different for each, and always the same for the same one. A
 * target group belongs to one load balancer for its life, and during an update the old one still has it.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
 */
export function existingTargetGroupId(scope: Construct, ...existing: [IConstruct, string][]): string {
  return `Targets${digest(existing.map(([construct, arn]) => identityOf(scope, construct, arn)))}`;
}

/**
 * The ARN, or what it follows from if it is known only at deployment. The text that the AWS CDK has for a token differs between two
 * runs; what it resolves to does not. A change of the scheme, name or type replaces a load balancer.
 */
function identityOf(scope: Construct, { node }: IConstruct, arn: string): unknown {
  if (!Token.isUnresolved(arn)) return arn;
  const resource = node.defaultChild;
  const { scheme = '', name = '', type = '' } = CfnLoadBalancer.isCfnLoadBalancer(resource) ? resource : {};
  return Stack.of(scope).resolve([node.path, arn, scheme, name, type]);
}

/** The target group of the servers, to which only healthy ones belong. */
export function defineTargetGroup(scope: Construct, id: string, options: EndpointBindOptions): ApplicationTargetGroup {
  return new ApplicationTargetGroup(scope, id, {
    vpc: options.vpc,
    port: options.port,
    protocol: ApplicationProtocol.HTTP,
    // Updates that stop a server first wait for this time; the server itself then completes open requests.
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
