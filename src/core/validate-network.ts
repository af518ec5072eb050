import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { MlflowTrackingServerProps } from '../mlflow-tracking-server-props';
import { SelfHostedProps } from './resolved-props';
import { isIsolated } from '../network/subnets';
import { Problems } from '../private/problems';

/** Judges whether the parts can live in the network, and whether it is one and the same. */
export function validateNetwork(problems: Problems, props: MlflowTrackingServerProps, parts: SelfHostedProps): void {
  const bound = parts.compute.capabilities.vpc;
  problems.require(!bound || !props.vpc || isSame(bound, props.vpc), () => {
    return `'vpc' must be the VPC that the compute is bound to; got another one, remove 'vpc' or give the compute a cluster in it`;
  });
  const vpc = parts.network.given;
  requireNetworkOfEndpoint(problems, parts, vpc);
  requireNetworkOfBackendStore(problems, parts, vpc);
  if (!vpc) return;
  if (parts.network.publicServers) {
    requirePublicServers(problems, vpc);
  } else {
    requirePrivateServers(problems, parts, vpc);
  }
}

/** The same construct, or two that were imported by the same id. */
function isSame(vpc: IVpc, other: IVpc): boolean {
  return vpc === other || vpc.vpcId === other.vpcId;
}

function requireNetworkOfBackendStore(
  problems: Problems,
  { backendStore }: SelfHostedProps,
  vpc: IVpc | undefined,
): void {
  const { displayName = 'the backend store', vpc: bound } = backendStore.capabilities ?? {};
  problems.require(!bound || !vpc || isSame(bound, vpc), () => {
    return `'vpc' must be the VPC that ${displayName} is in; got another one, remove 'vpc' or choose another backend store`;
  });
}

function requireNetworkOfEndpoint(problems: Problems, { endpoint }: SelfHostedProps, vpc: IVpc | undefined): void {
  const { displayName, vpc: bound, needsGivenVpc, needsPublicSubnets } = endpoint.capabilities;
  problems.require(!bound || !vpc || isSame(bound, vpc), () => {
    return `'vpc' must be the VPC that ${displayName} is in; got another one, remove 'vpc' or choose another endpoint`;
  });
  problems.require(!needsGivenVpc || vpc !== undefined, () => {
    return `'vpc' must be set, because ${displayName} was given and does not tell which VPC it is in; set it to that VPC`;
  });
  problems.require(!needsPublicSubnets || !vpc || vpc.publicSubnets.length > 0, () => {
    return `'vpc' must have public subnets, for ${displayName}; got none, add them or choose another VPC`;
  });
}

function requirePublicServers(problems: Problems, vpc: IVpc): void {
  problems.require(vpc.publicSubnets.length > 0, () => {
    return `'vpc' must have public subnets, for a server with a public address; got none, add them or choose another VPC`;
  });
  problems.require(vpc.isolatedSubnets.length > 0 || vpc.privateSubnets.length > 0, () => {
    return `'vpc' must have subnets that are not public, for the database; got none, add them or choose another VPC`;
  });
}

function requirePrivateServers(
  problems: Problems,
  { compute, server, artifactStore }: SelfHostedProps,
  vpc: IVpc,
): void {
  problems.require(vpc.privateSubnets.length > 0 || vpc.isolatedSubnets.length > 0, () => {
    return `'vpc' must have private subnets with a way out, for the server and its load balancer; got none, add them or choose another VPC`;
  });
  if (!isIsolated(vpc)) return;
  const { displayName, needsInternet } = compute.capabilities;
  problems.require(!needsInternet, () => {
    return `'vpc' must have private subnets with a way out with ${displayName} compute, whose servers fetch their packages; got isolated subnets only, add some or choose another compute`;
  });
  const { displayName: store = 'the artifact store', needsInternet: isOutside } = artifactStore.capabilities ?? {};
  problems.require(!isOutside, () => {
    return `'vpc' must have private subnets with internet access for ${store}; got isolated subnets only, add some or choose another artifact store`;
  });
  const image = server.image?.capabilities;
  problems.require(needsInternet || !image?.needsInternet, () => {
    return `'image' must be in Amazon ECR where 'vpc' has isolated subnets only; got ${image?.displayName}, use ServerImage.hardened(), fromAsset() or fromEcrRepository(), or choose a VPC with a way out`;
  });
}
