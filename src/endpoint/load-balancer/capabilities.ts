import { Token } from 'aws-cdk-lib';
import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { NewLoadBalancerEndpointOptions } from './load-balancer-endpoint-options';
import { ResolvedListener } from './resolve-listener';
import { Problems } from '../../private/problems';
import { DeploymentContext } from '../../server';
import { AccessPath } from '../access-path';
import { EndpointCapabilities } from '../capabilities';

/** The capabilities of an endpoint that creates its load balancer. */
export function newLoadBalancerCapabilities(
  displayName: string,
  listener: ResolvedListener,
  { vpcSubnets, accessLogsBucket }: NewLoadBalancerEndpointOptions,
): EndpointCapabilities {
  return {
    ...commonCapabilities(displayName, listener),
    needsPublicSubnets: listener.isPublic && vpcSubnets === undefined,
    needsTwoAvailabilityZones: true,
    vpcSubnets,
    validation: accessLogsBucket && { validate: validateRegion },
  };
}

/** The capabilities of an endpoint on an existing load balancer, whose VPC is unknown if it is imported without one. */
export function existingLoadBalancerCapabilities(
  displayName: string,
  listener: ResolvedListener,
  vpc: IVpc | undefined,
): EndpointCapabilities {
  return { ...commonCapabilities(displayName, listener), needsExistingVpc: true, vpc };
}

function commonCapabilities(
  displayName: string,
  { isPublic, usesHttps, allowsVpc }: ResolvedListener,
): EndpointCapabilities {
  return { displayName, isPublic, usesHttps, accessPath: AccessPath.LOAD_BALANCER, needsVpcCidrBlock: allowsVpc };
}

/** The bucket policy for access logs names an account of the Region. */
function validateRegion({ region }: DeploymentContext): string[] {
  return Problems.in((problems) => {
    problems.require(!Token.isUnresolved(region), () => {
      return "'accessLogsBucket' of the endpoint requires a stack with an explicit Region; set 'region' in the 'env' of the stack, or remove 'accessLogsBucket'";
    });
  });
}
