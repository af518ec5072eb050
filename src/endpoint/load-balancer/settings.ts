import { Duration, Token } from 'aws-cdk-lib';
import { SubnetSelection, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { ApplicationListener, ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AccessPath } from '../access-path';
import { EndpointCapabilities } from '../capabilities';
import { EndpointBindOptions } from '../contract';
import { LoadBalancerEndpointOptions } from './load-balancer-options';
import { serverSubnets } from '../../network/subnets';
import { Problems } from '../../private/problems';
import { DeploymentContext } from '../../server';
import { LONGEST_IDLE_TIMEOUT } from '../idle-timeout';

/** What both kinds of endpoint are made from. */
export interface LoadBalancerSettings extends LoadBalancerEndpointOptions {
  readonly isPublic: boolean;
  readonly openToTheWorld?: boolean;
}

/** Longer than the balancer's own 60 s: the server answers an upload only once it is stored. */
const IDLE_TIMEOUT = Duration.seconds(300);

export function loadBalancerCapabilities(displayName: string, settings: LoadBalancerSettings): EndpointCapabilities {
  const { isPublic, vpcSubnets, loadBalancer, listener, accessLogsBucket } = settings;
  const given = loadBalancer !== undefined || listener !== undefined;
  return {
    displayName,
    isPublic,
    usesHttps: usesHttps(settings),
    accessPath: AccessPath.LOAD_BALANCER,
    needsPublicSubnets: isPublic && !given && vpcSubnets === undefined,
    needsTwoAvailabilityZones: !given,
    vpcSubnets,
    needsVpcCidrBlock: admitsVpc(settings),
    needsGivenVpc: given,
    validation: accessLogsBucket && { validate: validateRegion },
    vpc: loadBalancer?.vpc ?? ownListener(settings)?.loadBalancer?.vpc,
  };
}

/** The policy of the bucket for access logs names an account of the Region. */
function validateRegion({ region }: DeploymentContext): string[] {
  return Problems.in((problems) => {
    problems.require(!Token.isUnresolved(region), () => {
      return "'accessLogsBucket' of the endpoint needs a stack that knows its region; give the stack an 'env' with a 'region', or remove 'accessLogsBucket'";
    });
  });
}

/** Who connects to an internal load balancer unless the props say who may. */
export function admitsVpc({ isPublic, listener, allowedCidrs, allowedSecurityGroups }: LoadBalancerSettings): boolean {
  return !isPublic && !listener && !allowedCidrs && !allowedSecurityGroups;
}

/** A listener that tells its protocol, its port and its load balancer: one that was not defined elsewhere. */
export function ownListener({ listener }: LoadBalancerSettings): Partial<ApplicationListener> | undefined {
  // Not by class: it may come from another copy of the AWS CDK.
  return listener as Partial<ApplicationListener> | undefined;
}

export function usesHttps(settings: LoadBalancerSettings): boolean {
  const protocol = ownListener(settings)?.protocol;
  if (protocol) return protocol === ApplicationProtocol.HTTPS;
  if (settings.plainHttp !== undefined) return !settings.plainHttp;
  const { isPublic, listener, certificate, hostedZone } = settings;
  return isPublic || listener !== undefined || certificate !== undefined || hostedZone !== undefined;
}

export function clientPort(settings: LoadBalancerSettings): number {
  return ownListener(settings)?.port ?? settings.port ?? (usesHttps(settings) ? 443 : 80);
}

export function idleTimeoutOf({ idleTimeout, loadBalancer, listener }: LoadBalancerSettings): Duration {
  return idleTimeout ?? (loadBalancer || listener ? LONGEST_IDLE_TIMEOUT : IDLE_TIMEOUT);
}

/** A load balancer takes one subnet of each availability zone. */
export function loadBalancerSubnets(settings: LoadBalancerSettings, { vpc }: EndpointBindOptions): SubnetSelection {
  const selection = settings.vpcSubnets ?? (settings.isPublic ? { subnetType: SubnetType.PUBLIC } : serverSubnets(vpc));
  return { ...selection, onePerAz: true };
}
