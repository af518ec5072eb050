import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { IpAddresses } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { IsolatedVpc, IsolatedVpcProps, MlflowTrackingServer, Profile, ServerImage } from '../../src';
import { newStack } from '../support/new-app';
import { idsOf, only, resourcesOf } from '../support/templates';

function isolated(props: IsolatedVpcProps = {}): Template {
  const stack = newStack();
  new IsolatedVpc(stack, 'Vpc', props);
  return Template.fromStack(stack);
}

/** The services that endpoints lead to, without the region. */
function servicesOf(template: Template, kind: string): string[] {
  return Object.values(template.findResources('AWS::EC2::VPCEndpoint'))
    .filter(({ Properties }) => Properties.VpcEndpointType === kind)
    .map(({ Properties }) => Properties.ServiceName['Fn::Join'][1].at(-1).replace(/^\./, ''))
    .sort();
}

describe('a VPC without a way out', () => {
  const template = isolated();

  test.each(['AWS::EC2::InternetGateway', 'AWS::EC2::NatGateway', 'AWS::EC2::EIP', 'AWS::EC2::Route'])(
    'has no %s',
    (type) => template.resourceCountIs(type, 0),
  );

  test('has a subnet in each of two zones', () => {
    const subnets = Object.values(template.findResources('AWS::EC2::Subnet')).map(({ Properties }) => Properties);
    expect(subnets.map(({ CidrBlock, MapPublicIpOnLaunch }) => [CidrBlock, MapPublicIpOnLaunch])).toEqual([
      ['10.0.0.0/20', false],
      ['10.0.16.0/20', false],
    ]);
  });

  test('leads to what a server needs, and to nothing else', () => {
    expect(servicesOf(template, 'Interface')).toEqual(['ecr.api', 'ecr.dkr', 'logs', 'secretsmanager']);
    expect(servicesOf(template, 'Gateway')).toEqual(['s3']);
  });

  test('leads to ECS where instances join a cluster', () => {
    expect(servicesOf(isolated({ containerInstances: true }), 'Interface')).toEqual([
      'ecr.api',
      'ecr.dkr',
      'ecs',
      'ecs-agent',
      'ecs-telemetry',
      'logs',
      'secretsmanager',
    ]);
  });

  test('answers to the services’ own names', () => {
    for (const { Properties } of Object.values(template.findResources('AWS::EC2::VPCEndpoint'))) {
      if (Properties.VpcEndpointType === 'Interface') expect(Properties.PrivateDnsEnabled).toBe(true);
    }
  });

  test('has endpoints that admit the servers, over HTTPS, and ask for nothing', () => {
    const group = only(template, 'AWS::EC2::SecurityGroup');
    expect(group.Properties.SecurityGroupIngress).toEqual([
      expect.objectContaining({
        CidrIp: { 'Fn::GetAtt': [only(template, 'AWS::EC2::VPC').id, 'CidrBlock'] },
        FromPort: 443,
        ToPort: 443,
      }),
    ]);
    expect(group.Properties.SecurityGroupEgress).toEqual([expect.objectContaining({ CidrIp: '255.255.255.255/32' })]);
    for (const { Properties } of Object.values(template.findResources('AWS::EC2::VPCEndpoint'))) {
      if (Properties.VpcEndpointType !== 'Interface') continue;
      expect(Properties.SecurityGroupIds).toEqual([{ 'Fn::GetAtt': [group.id, 'GroupId'] }]);
      expect(Properties.SubnetIds).toHaveLength(2);
    }
  });
});

test('sessions have an endpoint where they are asked for', () => {
  expect(servicesOf(isolated({ sessions: true }), 'Interface')).toContain('ssmmessages');
});

test('addresses and zones are those that are asked for', () => {
  const template = isolated({ maxAzs: 1, ipAddresses: IpAddresses.cidr('172.20.0.0/16') });
  expect(only(template, 'AWS::EC2::VPC').Properties.CidrBlock).toBe('172.20.0.0/16');
  expect(only(template, 'AWS::EC2::Subnet').Properties.CidrBlock).toBe('172.20.0.0/20');
});

describe.each(Object.values(Profile))('a server in it, %s', (profile) => {
  const stack = newStack();
  const image = ServerImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Images', 'mlflow'), '3.17.2');
  new MlflowTrackingServer(stack, 'Mlflow', { profile, image, vpc: new IsolatedVpc(stack, 'Vpc') });
  const template = Template.fromStack(stack);
  const subnets = subnetsOf(stack);

  test('is in its subnets, as are the load balancer and the database', () => {
    const { NetworkConfiguration } = only(template, 'AWS::ECS::Service').Properties;
    expect(NetworkConfiguration.AwsvpcConfiguration).toMatchObject({ AssignPublicIp: 'DISABLED', Subnets: subnets });
    expect(only(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer').Properties).toMatchObject({
      Scheme: 'internal',
      Subnets: subnets,
    });
    expect(only(template, 'AWS::RDS::DBSubnetGroup').Properties.SubnetIds).toEqual(subnets);
  });

  test('waits for the endpoints', () => {
    expect(only(template, 'AWS::ECS::Service').DependsOn).toEqual(
      expect.arrayContaining(idsOf(template, 'AWS::EC2::VPCEndpoint')),
    );
  });

  test('brings no way out', () => {
    const types = Object.values(resourcesOf(template)).map(({ Type }) => Type);
    expect(types).not.toContain('AWS::EC2::NatGateway');
    expect(types).not.toContain('AWS::EC2::InternetGateway');
    expect(types.filter((type) => type === 'AWS::EC2::VPC')).toHaveLength(1);
  });
});

function subnetsOf(stack: Stack): { Ref: string }[] {
  return idsOf(Template.fromStack(stack), 'AWS::EC2::Subnet').map((Ref) => ({ Ref }));
}
