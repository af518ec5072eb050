import { Template } from 'aws-cdk-lib/assertions';
import { Endpoint, MlflowTrackingServer, Profile } from '../../../src';
import { newStack } from '../../support/new-app';
import { only, templateWith } from '../../support/templates';

const template = templateWith();
const loadBalancer = only(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer');
const group = only(template, 'AWS::EC2::SecurityGroup', 'MlflowEndpoint');

function attribute(of: Template, key: string): string {
  const { LoadBalancerAttributes } = only(of, 'AWS::ElasticLoadBalancingV2::LoadBalancer').Properties;
  return LoadBalancerAttributes.find(({ Key }: { Key: string }) => Key === key)?.Value;
}

test('the load balancer is internal, in private subnets', () => {
  expect(loadBalancer.Properties).toMatchObject({ Scheme: 'internal', Type: 'application' });
  expect(loadBalancer.Properties.Subnets).toEqual([
    { Ref: expect.stringMatching(/^MlflowVpcPrivateSubnet1/) },
    { Ref: expect.stringMatching(/^MlflowVpcPrivateSubnet2/) },
  ]);
});

test('it waits long for uploads and drops malformed headers', () => {
  expect(attribute(template, 'idle_timeout.timeout_seconds')).toBe('300');
  expect(attribute(template, 'routing.http.drop_invalid_header_fields.enabled')).toBe('true');
});

test.each([
  [Profile.DEVELOPMENT, 'false'],
  [Profile.PRODUCTION, 'true'],
])('its protection from deletion is the profile’s: %s', (profile, expected) => {
  expect(attribute(templateWith({ profile }), 'deletion_protection.enabled')).toBe(expected);
});

test('addresses of the VPC may connect, and no others', () => {
  const cidr = only(template, 'AWS::EC2::VPC').Properties.CidrBlock;
  expect(cidr).toBe('10.0.0.0/16');
  expect(group.Properties.SecurityGroupIngress).toEqual([
    { CidrIp: cidr, IpProtocol: 'tcp', FromPort: 80, ToPort: 80, Description: 'MLflow clients in the VPC' },
  ]);
  const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress'));
  expect(rules.filter(({ Properties }) => Properties.GroupId['Fn::GetAtt'][0] === group.id)).toEqual([]);
});

test('it may connect to the server only', () => {
  expect(group.Properties).not.toHaveProperty('SecurityGroupEgress');
  expect(only(template, 'AWS::EC2::SecurityGroupEgress').Properties).toMatchObject({
    GroupId: { 'Fn::GetAtt': [group.id, 'GroupId'] },
    DestinationSecurityGroupId: {
      'Fn::GetAtt': [only(template, 'AWS::EC2::SecurityGroup', 'MlflowComputeService').id, 'GroupId'],
    },
    FromPort: 5000,
    ToPort: 5000,
  });
});

test('requests go to healthy servers', () => {
  const targets = only(template, 'AWS::ElasticLoadBalancingV2::TargetGroup');
  expect(targets.Properties).toMatchObject({
    Port: 5000,
    Protocol: 'HTTP',
    TargetType: 'ip',
    HealthCheckPath: '/health',
    HealthCheckIntervalSeconds: 10,
    HealthCheckTimeoutSeconds: 5,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 5,
    Matcher: { HttpCode: '200' },
  });
  expect(targets.Properties.TargetGroupAttributes).toContainEqual({
    Key: 'deregistration_delay.timeout_seconds',
    Value: '30',
  });
  expect(only(template, 'AWS::ElasticLoadBalancingV2::Listener').Properties).toEqual({
    Port: 80,
    Protocol: 'HTTP',
    LoadBalancerArn: { Ref: loadBalancer.id },
    DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: targets.id } }],
  });
});

test('the health check follows the static prefix', () => {
  const { Properties } = only(
    templateWith({ server: { staticPrefix: '/mlflow' } }),
    'AWS::ElasticLoadBalancingV2::TargetGroup',
  );
  expect(Properties.HealthCheckPath).toBe('/mlflow/health');
});

test('the load balancer can be reached for what the props do not have', () => {
  const stack = newStack();
  const endpoint = Endpoint.internalLoadBalancer();
  new MlflowTrackingServer(stack, 'Mlflow', { endpoint });
  endpoint.loadBalancer.setAttribute('routing.http2.enabled', 'false');
  expect(attribute(Template.fromStack(stack), 'routing.http2.enabled')).toBe('false');
});
