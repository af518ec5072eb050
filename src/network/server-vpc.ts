import { RemovalPolicy } from 'aws-cdk-lib';
import { FlowLogDestination, GatewayVpcEndpointAwsService, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Profile } from '../server';
import { profileDefaults } from '../server/profile-defaults';

/** The VPC of a server for which you specify none. Load balancer, servers and database each have their own subnets. */
export function defineVpc(scope: Construct, profile: Profile, publicServers = false): Vpc {
  const { natGateways, flowLogs } = profileDefaults(profile);
  const vpc = new Vpc(scope, 'Vpc', {
    maxAzs: 2,
    natGateways: publicServers ? 0 : natGateways,
    subnetConfiguration: [
      { name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
      // With public servers, the addresses stay reserved, so that the subnets of the database never move.
      { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20, reserved: publicServers },
      { name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
    ],
    // S3 traffic uses the gateway endpoint, which is free, and not the NAT gateway.
    gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
  });
  if (flowLogs) defineFlowLogs(vpc, profile);
  return vpc;
}

/** The L2's own log group would keep flow logs for two years, whatever the profile. */
function defineFlowLogs(vpc: Vpc, profile: Profile): void {
  const logGroup = new LogGroup(vpc, 'FlowLogGroup', {
    retention: profileDefaults(profile).logRetentionDays,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  vpc.addFlowLog('FlowLogs', { destination: FlowLogDestination.toCloudWatchLogs(logGroup) });
}
