import { IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { ComputeCapabilities } from '../compute/capabilities';
import { AccessPath } from '../endpoint/access-path';
import { MlflowTrackingServerProps } from '../mlflow-tracking-server-props';
import { SelfHostedProps } from './resolved-props';
import { numberOfZones } from '../network/availability-zones';
import { databaseSubnets, isIsolated, serverSubnets, hasKnownCidrBlock } from '../network/subnets';
import { Problems } from '../private/problems';

/** Checks that all parts are in the same VPC, and that it has the subnets that they need. */
export function checkNetwork(problems: Problems, props: MlflowTrackingServerProps, parts: SelfHostedProps): void {
  const bound = parts.compute.capabilities.vpc;
  problems.require(!bound || !props.vpc || isSame(bound, props.vpc), () => {
    return `'vpc' must be the VPC of the compute; got another one, remove 'vpc' or choose a cluster in it`;
  });
  const vpc = parts.network.existing;
  checkVpcOfEndpoint(problems, parts, vpc);
  checkVpcOfBackendStore(problems, parts, vpc);
  if (!vpc) return;
  checkAddresses(problems, parts, vpc);
  checkZones(problems, parts, vpc);
  if (parts.network.publicServers) {
    checkPublicServers(problems, vpc);
  } else {
    checkPrivateServers(problems, parts, vpc);
  }
}

/** The same construct, or two that were imported by the same id. */
function isSame(vpc: IVpc, other: IVpc): boolean {
  return vpc === other || vpc.vpcId === other.vpcId;
}

function checkVpcOfBackendStore(problems: Problems, { backendStore }: SelfHostedProps, vpc: IVpc | undefined): void {
  const { displayName = 'the backend store', vpc: bound } = backendStore.capabilities ?? {};
  problems.require(!bound || !vpc || isSame(bound, vpc), () => {
    return `'vpc' must be the VPC that ${displayName} is in; got another one, remove 'vpc' or choose another backend store`;
  });
}

function checkVpcOfEndpoint(problems: Problems, { endpoint }: SelfHostedProps, vpc: IVpc | undefined): void {
  const { displayName, vpc: bound, needsExistingVpc, needsPublicSubnets } = endpoint.capabilities;
  problems.require(!bound || !vpc || isSame(bound, vpc), () => {
    return `'vpc' must be the VPC that ${displayName} is in; got another one, remove 'vpc' or choose another endpoint`;
  });
  problems.require(!needsExistingVpc || vpc !== undefined, () => {
    return `'vpc' must be set, because the VPC of ${displayName} is not known; set it to that VPC`;
  });
  problems.require(!needsPublicSubnets || !vpc || vpc.publicSubnets.length > 0, () => {
    return `'vpc' must have public subnets, for ${displayName}; got none, add them or choose another VPC`;
  });
}

function checkAddresses(problems: Problems, { endpoint }: SelfHostedProps, vpc: IVpc): void {
  problems.require(!endpoint.capabilities.needsVpcCidrBlock || hasKnownCidrBlock(vpc), () => {
    return `'vpc' must have a known CIDR block, which ${endpoint.capabilities.displayName} allows by default; import it with 'vpcCidrBlock', or set 'allowedCidrs' of the endpoint`;
  });
}

/** AWS rejects load balancers and subnet groups of databases in a single Availability Zone. */
function checkZones(problems: Problems, { endpoint, backendStore }: SelfHostedProps, vpc: IVpc): void {
  if (endpoint.capabilities.needsTwoAvailabilityZones) {
    const { displayName, needsPublicSubnets, vpcSubnets } = endpoint.capabilities;
    const own = needsPublicSubnets ? { subnetType: SubnetType.PUBLIC } : serverSubnets(vpc);
    const zones = numberOfZones(vpc, vpcSubnets ?? own) ?? 2;
    problems.require(zones >= 2 || vpcSubnets !== undefined, () => {
      return `'vpc' must have subnets in at least two Availability Zones, for ${displayName}; got one, choose a VPC with more, such as with 'maxAzs' 2`;
    });
    problems.require(zones >= 2 || vpcSubnets === undefined, () => {
      return `'vpcSubnets' of ${displayName} must be in at least two Availability Zones; got one, choose more subnets`;
    });
  }
  if (!backendStore.capabilities?.needsTwoAvailabilityZones) return;
  problems.require((numberOfZones(vpc, databaseSubnets(vpc)) ?? 2) >= 2, () => {
    return `'vpc' must have subnets that are not public in at least two Availability Zones, for the database; got one, choose a VPC with more, such as with 'maxAzs' 2`;
  });
}

function checkPublicServers(problems: Problems, vpc: IVpc): void {
  problems.require(vpc.publicSubnets.length > 0, () => {
    return `'vpc' must have public subnets, for a server with a public address; got none, add them or choose another VPC`;
  });
  problems.require(vpc.isolatedSubnets.length > 0 || vpc.privateSubnets.length > 0, () => {
    return `'vpc' must have subnets that are not public, for the database; got none, add them or choose another VPC`;
  });
}

function checkPrivateServers(problems: Problems, { compute, server, artifactStore }: SelfHostedProps, vpc: IVpc): void {
  problems.require(vpc.privateSubnets.length > 0 || vpc.isolatedSubnets.length > 0, () => {
    return `'vpc' must have private subnets with internet access, for the server and its load balancer; got none, add them or choose another VPC`;
  });
  if (!isIsolated(vpc)) return;
  const { displayName, needsInternet } = compute.capabilities;
  const image = server.image?.capabilities;
  const { displayName: store = 'the artifact store', needsInternet: isOutside } = artifactStore.capabilities ?? {};
  problems.require(!isOutside, () => {
    return `'vpc' must have private subnets with internet access for ${store}; got none, add some or choose another artifact store`;
  });
  if (vpc.publicSubnets.length > 0) {
    const what = needsInternet ? 'whose servers fetch their packages' : `which pulls ${image?.displayName}`;
    problems.require(!needsInternet && !image?.needsInternet, () => {
      return `'vpc' must have private subnets with internet access for ${displayName} compute, ${what} over the internet; got public and isolated subnets, ${internetAdvice(compute.capabilities)}`;
    });
    return;
  }
  problems.require(!needsInternet, () => {
    return `'vpc' must have private subnets with internet access for ${displayName} compute, whose servers fetch their packages; got isolated subnets only, add some or choose another compute`;
  });
  problems.require(needsInternet || !image?.needsInternet, () => {
    return `'image' must be in Amazon ECR where 'vpc' has isolated subnets only; got ${image?.displayName}, use ServerImage.hardened(), fromAsset() or fromEcrRepository(), or choose a VPC with internet access`;
  });
}

/** Advice for a VPC without NAT gateways, in which a server needs internet access. */
function internetAdvice({ publicServersProp, accessPaths = [] }: ComputeCapabilities): string {
  const advice = [
    ...(publicServersProp ? [`set '${publicServersProp}' of the compute to true`] : []),
    ...(accessPaths.some((path) => path.matches(AccessPath.FIXED_ADDRESS)) ? ['use Endpoint.instanceAddress()'] : []),
  ];
  return [...advice, 'add NAT gateways to the VPC'].join(', or ');
}
