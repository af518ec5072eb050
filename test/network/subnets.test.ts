import { GatewayVpcEndpointAwsService, IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { IsolatedVpc } from '../../src';
import { cidrBlockOf, isIsolated, serverSubnets, vpcEndpoints } from '../../src/network/subnets';
import { givenVpc } from '../support/networks';
import { newStack } from '../support/new-app';

describe('the CIDR block of a VPC', () => {
  test('is a literal value where the app defines it', () => {
    const stack = newStack();
    const vpc = new Vpc(stack, 'Vpc', { ipAddresses: IpAddresses.cidr('10.9.0.0/16') });
    expect(cidrBlockOf(vpc)).toBe('10.9.0.0/16');
  });

  test('is the one that IPAM allocates', () => {
    const stack = newStack();
    const ipAddresses = IpAddresses.awsIpamAllocation({
      ipv4IpamPoolId: 'ipam-pool-1',
      ipv4NetmaskLength: 16,
      defaultSubnetIpv4NetmaskLength: 24,
    });
    const vpc = new Vpc(stack, 'Vpc', { ipAddresses });
    expect(stack.resolve(cidrBlockOf(vpc))).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Vpc/), 'CidrBlock'] });
  });

  test('is the one that an imported VPC names', () => {
    const vpc = Vpc.fromVpcAttributes(newStack(), 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['a'],
      vpcCidrBlock: '10.8.0.0/16',
    });
    expect(cidrBlockOf(vpc)).toBe('10.8.0.0/16');
  });
});

describe('the subnets of servers', () => {
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
