import { SubnetSelection, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationTargetGroup,
  XffHeaderProcessingMode,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { EndpointBindOptions, EndpointConfig } from '../contract';
import { ClientOptions, endpointConfig } from './clients';
import { defineListener } from './listener';
import { NewLoadBalancerEndpointOptions } from './load-balancer-endpoint-options';
import { ResolvedListener } from './resolve-listener';
import { defineTargetGroup } from './target-group';
import { serverSubnets } from '../../network/subnets';
import { profileDefaults } from '../../server/profile-defaults';

const ACCESS_LOGS_PREFIX = 'mlflow-load-balancer';

/** What an endpoint with a new load balancer defines. */
export interface NewLoadBalancer {
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly listener: ApplicationListener;
  readonly targetGroup: ApplicationTargetGroup;
  readonly config: EndpointConfig;
}

type Options = NewLoadBalancerEndpointOptions & ClientOptions;

/** Defines the load balancer, its listeners, its target group and its domain name. */
export function defineNewLoadBalancer(
  scope: Construct,
  props: Options,
  resolved: ResolvedListener,
  options: EndpointBindOptions,
): NewLoadBalancer {
  const loadBalancer = defineLoadBalancer(scope, props, resolved, options);
  // A target group belongs to one load balancer for its life, and a change of the scheme replaces the load balancer.
  const targetGroup = defineTargetGroup(scope, resolved.isPublic ? 'PublicTargets' : 'Targets', options);
  const add = loadBalancer.addListener.bind(loadBalancer);
  const { listener, hostName } = defineListener(scope, loadBalancer, add, targetGroup, props, resolved);
  const config = endpointConfig(listener, hostName, targetGroup, props, resolved, options);
  return { loadBalancer, listener, targetGroup, config };
}

function defineLoadBalancer(
  scope: Construct,
  { vpcSubnets, accessLogsBucket, webAclArn, deletionProtection }: Options,
  { isPublic, idleTimeout }: ResolvedListener,
  { vpc, profile }: EndpointBindOptions,
): ApplicationLoadBalancer {
  const subnets: SubnetSelection = isPublic ? { subnetType: SubnetType.PUBLIC } : serverSubnets(vpc);
  const loadBalancer = new ApplicationLoadBalancer(scope, 'LoadBalancer', {
    vpc,
    // A load balancer accepts one subnet of each zone.
    vpcSubnets: { ...(vpcSubnets ?? subnets), onePerAz: true },
    internetFacing: isPublic,
    idleTimeout,
    dropInvalidHeaderFields: true,
    // The load balancer would append to what the client wrote. The server neither needs nor believes a client's address.
    xffHeaderProcessingMode: XffHeaderProcessingMode.REMOVE,
    deletionProtection: deletionProtection ?? profileDefaults(profile).deletionProtection,
  });
  if (accessLogsBucket) loadBalancer.logAccessLogs(accessLogsBucket, ACCESS_LOGS_PREFIX);
  if (webAclArn) {
    // There is no L2 for it.
    new CfnWebACLAssociation(scope, 'WebAcl', { resourceArn: loadBalancer.loadBalancerArn, webAclArn });
  }
  return loadBalancer;
}
