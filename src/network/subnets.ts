import {
  CfnRoute,
  CfnVPC,
  CfnVPCEndpoint,
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  IVpc,
  SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { Profile } from '../server';
import { profileDefaults } from '../server/profile-defaults';

/** The VPC of a server that was given none: load balancer, servers and database each in subnets of their own. */
export function defineVpc(scope: Construct, profile: Profile, publicServers = false): IVpc {
  const { natGateways, flowLogs } = profileDefaults(profile);
  return new Vpc(scope, 'Vpc', {
    maxAzs: 2,
    natGateways: publicServers ? 0 : natGateways,
    subnetConfiguration: [
      { name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
      // Where nothing is in them, their addresses stay free: the database's subnets never move.
      { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20, reserved: publicServers },
      { name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
    ],
    // Artifacts take the free way to S3, not the NAT gateway's.
    gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
    flowLogs: flowLogs ? { FlowLogs: { destination: FlowLogDestination.toCloudWatchLogs() } } : undefined,
  });
}

/** The subnets for a database: without a way out where there are such, and never public. */
export function databaseSubnets(vpc: IVpc): SubnetSelection {
  return vpc.isolatedSubnets.length > 0
    ? { subnetType: SubnetType.PRIVATE_ISOLATED }
    : { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
}

/** The subnets for servers and their load balancer: with a way out where there are such, and never public. */
export function serverSubnets(vpc: IVpc): SubnetSelection {
  return {
    subnetType: isIsolated(vpc) ? SubnetType.PRIVATE_ISOLATED : SubnetType.PRIVATE_WITH_EGRESS,
  };
}

/** The addresses of a VPC: in plain sight where the app defines them. */
export function addressesOf(vpc: IVpc): string {
  const resource = vpc.node.defaultChild;
  return (resource && CfnVPC.isCfnVPC(resource) && resource.cidrBlock) || vpc.vpcCidrBlock;
}

/** Whether the VPC tells its addresses: one that was imported need not. */
export function tellsAddresses(vpc: IVpc): boolean {
  try {
    return addressesOf(vpc) !== undefined;
  } catch {
    return false;
  }
}

/** Whether there is no way out: everything that a server needs comes through VPC endpoints. */
export function isIsolated(vpc: IVpc): boolean {
  return vpc.privateSubnets.length === 0 && vpc.isolatedSubnets.length > 0;
}

/** The endpoints that take the place of a way out, as far as they are in the same app. */
export function vpcEndpoints(vpc: IVpc): CfnVPCEndpoint[] {
  const children = isIsolated(vpc) ? vpc.node.findAll() : [];
  return children.filter((child): child is CfnVPCEndpoint => CfnVPCEndpoint.isCfnVPCEndpoint(child));
}

/** Those of the services that no endpoint leads to: none of the VPC's own, and none that is defined for it elsewhere. */
export function servicesWithoutEndpoint(vpc: IVpc, services: string[]): string[] {
  const elsewhere = vpc.node.root.node
    .findAll()
    .filter((child): child is CfnVPCEndpoint => CfnVPCEndpoint.isCfnVPCEndpoint(child))
    .filter(({ vpcId }) => vpcId === vpc.vpcId);
  const names = [...vpcEndpoints(vpc), ...elsewhere].map(({ stack, serviceName }) =>
    JSON.stringify(stack.resolve(serviceName)),
  );
  return services.filter((service) => !names.some((name) => name.includes(`.${service}"`)));
}

/** Whether the app itself shows that there is no way out: its own VPC, in which no route was added to an isolated subnet. */
export function isClosed(vpc: IVpc): boolean {
  if (!isIsolated(vpc) || !vpc.node.findAll().some((child) => CfnVPC.isCfnVPC(child))) return false;
  const tables = vpc.isolatedSubnets.map(({ routeTable }) => routeTable.routeTableId);
  return !vpc.node.root.node
    .findAll()
    .some((child) => CfnRoute.isCfnRoute(child) && tables.includes(`${child.routeTableId}`));
}
