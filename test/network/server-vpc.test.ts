import { Profile } from '../../src';
import { idsOf, only, resourcesOf, templateWith } from '../support/templates';

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

test('S3 traffic uses the gateway endpoint', () => {
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

test('flow logs are kept as long as the other logs of the profile, and stay when the stack is deleted', () => {
  const template = templateWith({ profile: Profile.PRODUCTION });
  const { id, ...group } = only(template, 'AWS::Logs::LogGroup', 'MlflowVpcFlowLogGroup');
  expect(group).toEqual({
    Type: 'AWS::Logs::LogGroup',
    Properties: { RetentionInDays: 365, Tags: [{ Key: 'Name', Value: 'Stack/Mlflow/Vpc' }] },
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
  });
  expect(only(template, 'AWS::EC2::FlowLog').Properties).toMatchObject({
    LogGroupName: { Ref: id },
    TrafficType: 'ALL',
  });
  const groups = Object.values(template.findResources('AWS::Logs::LogGroup'));
  expect(groups.map(({ Properties }) => Properties.RetentionInDays)).toEqual(groups.map(() => 365));
});

test('isolated subnets have no internet access', () => {
  const routes = Object.values(resourcesOf(development)).filter(({ Type }) => Type === 'AWS::EC2::Route');
  const tables = idsOf(development, 'AWS::EC2::RouteTable').filter((id) => id.includes('Isolated'));
  expect(tables).toHaveLength(2);
  expect(routes.filter(({ Properties }) => tables.includes(Properties.RouteTableId.Ref))).toEqual([]);
});
