import { GatewayVpcEndpointAwsService, IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { IsolatedVpc, Profile } from '../../src';
import { addressesOf, isIsolated, serverSubnets, vpcEndpoints } from '../../src/network/subnets';
import { givenVpc } from '../support/networks';
import { newStack } from '../support/new-app';
import { idsOf, resourcesOf, templateWith } from '../support/templates';

const development = templateWith();

test('a new network has public, private and isolated subnets in two zones', () => {
  const kinds = Object.values(development.findResources('AWS::EC2::Subnet')).map(({ Properties }) => {
    const tag = Properties.Tags.find(({ Key }: { Key: string }) => Key === 'aws-cdk:subnet-type');
    return `${tag.Value} ${Properties.MapPublicIpOnLaunch}`;
  });
  expect(kinds.sort()).toEqual([
    'Isolated false',
    'Isolated false',
    'Private false',
    'Private false',
    'Public false',
    'Public false',
  ]);
});

test('artifacts take the free way to S3', () => {
  development.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
});

test.each([
  [Profile.DEVELOPMENT, 1, 0],
  [Profile.PRODUCTION, 2, 1],
])('%s has %d NAT gateways and %d flow logs', (profile, natGateways, flowLogs) => {
  const template = templateWith({ profile });
  template.resourceCountIs('AWS::EC2::NatGateway', natGateways);
  template.resourceCountIs('AWS::EC2::FlowLog', flowLogs);
});

describe('the addresses of a VPC', () => {
  test('are in plain sight where the app defines them', () => {
    const stack = newStack();
    const vpc = new Vpc(stack, 'Vpc', { ipAddresses: IpAddresses.cidr('10.9.0.0/16') });
    expect(addressesOf(vpc)).toBe('10.9.0.0/16');
  });

  test('are those that IPAM gives', () => {
    const stack = newStack();
    const ipAddresses = IpAddresses.awsIpamAllocation({
      ipv4IpamPoolId: 'ipam-pool-1',
      ipv4NetmaskLength: 16,
      defaultSubnetIpv4NetmaskLength: 24,
    });
    const vpc = new Vpc(stack, 'Vpc', { ipAddresses });
    expect(stack.resolve(addressesOf(vpc))).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Vpc/), 'CidrBlock'] });
  });

  test('are what is known of an imported one', () => {
    const vpc = Vpc.fromVpcAttributes(newStack(), 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['a'],
      vpcCidrBlock: '10.8.0.0/16',
    });
    expect(addressesOf(vpc)).toBe('10.8.0.0/16');
  });
});

test('isolated subnets have no way out', () => {
  const routes = Object.values(resourcesOf(development)).filter(({ Type }) => Type === 'AWS::EC2::Route');
  const tables = idsOf(development, 'AWS::EC2::RouteTable').filter((id) => id.includes('Isolated'));
  expect(tables).toHaveLength(2);
  expect(routes.filter(({ Properties }) => tables.includes(Properties.RouteTableId.Ref))).toEqual([]);
});

describe('where servers live', () => {
  const types = [SubnetType.PUBLIC, SubnetType.PRIVATE_WITH_EGRESS, SubnetType.PRIVATE_ISOLATED];

  test.each([
    [types, SubnetType.PRIVATE_WITH_EGRESS, false],
    [types.slice(0, 2), SubnetType.PRIVATE_WITH_EGRESS, false],
    [types.slice(2), SubnetType.PRIVATE_ISOLATED, true],
    [types.slice(0, 1), SubnetType.PRIVATE_WITH_EGRESS, false],
  ])('of %j it is %s', (given, expected, withoutWayOut) => {
    const vpc = givenVpc(newStack(), given);
    expect(serverSubnets(vpc)).toEqual({ subnetType: expected });
    expect(isIsolated(vpc)).toBe(withoutWayOut);
  });
});

test('endpoints are waited for where they take the place of a way out', () => {
  const stack = newStack();
  expect(vpcEndpoints(new IsolatedVpc(stack, 'Isolated'))).toHaveLength(5);
  const vpc = givenVpc(stack, [SubnetType.PUBLIC, SubnetType.PRIVATE_WITH_EGRESS]);
  vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
  expect(vpcEndpoints(vpc)).toEqual([]);
});
