import {
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  IVpc,
  SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { Profile } from '../server';
import { profileDefaults } from './profile-defaults';

/** The VPC of a server that was given none: load balancer, servers and database each in subnets of their own. */
export function defineVpc(scope: Construct, profile: Profile): IVpc {
  const { natGateways, flowLogs } = profileDefaults(profile);
  return new Vpc(scope, 'Vpc', {
    maxAzs: 2,
    natGateways,
    subnetConfiguration: [
      { name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
      { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
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
