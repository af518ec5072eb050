import { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { ResolvedListener } from './resolve-listener';
import { AccessPath } from '../access-path';
import { EndpointCapabilities } from '../capabilities';

/** The capabilities of an endpoint that creates its load balancer. */
export function newLoadBalancerCapabilities(
  displayName: string,
  listener: ResolvedListener,
  vpcSubnets: SubnetSelection | undefined,
): EndpointCapabilities {
  return {
    ...commonCapabilities(displayName, listener),
    needsPublicSubnets: listener.isPublic && vpcSubnets === undefined,
    needsTwoAvailabilityZones: true,
    vpcSubnets,
  };
}

/** The capabilities of an endpoint on an existing load balancer, whose VPC is unknown if it is imported without one. */
export function existingLoadBalancerCapabilities(
  displayName: string,
  listener: ResolvedListener,
  vpc: IVpc | undefined,
): EndpointCapabilities {
  return { ...commonCapabilities(displayName, listener), needsGivenVpc: true, vpc };
}

function commonCapabilities(
  displayName: string,
  { isPublic, usesHttps, admitsVpc }: ResolvedListener,
): EndpointCapabilities {
  return { displayName, isPublic, usesHttps, accessPath: AccessPath.LOAD_BALANCER, needsVpcCidrBlock: admitsVpc };
}
