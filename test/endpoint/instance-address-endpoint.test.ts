import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { directives, parseEnvironmentFile } from '../../local/workload/ec2-user-data';
import { Compute, Endpoint, InstanceAddressEndpointProps, MlflowTrackingServer } from '../../src';
import { ec2Files, launchData } from '../compute/ec2/launch-template';
import { givenVpc } from '../support/networks';
import { newStack } from '../support/new-app';
import { actionsOn, idsOf, only, permissionsOf, templateWith } from '../support/templates';

const at = (props: InstanceAddressEndpointProps = {}, stack = newStack()) =>
  templateWith({ compute: Compute.ec2(), endpoint: Endpoint.instanceAddress(props) }, stack);

const template = at();
const address = only(template, 'AWS::EC2::EIP');
const ip = `<${address.id}.PublicIp>`;

const ingressOf = (of: Template) =>
  only(of, 'AWS::EC2::SecurityGroup', 'MlflowComputeSecurityGroup').Properties.SecurityGroupIngress;

test('clients find the server at its Elastic IP', () => {
  const [uri] = Object.values<any>(template.toJSON().Outputs).filter(({ Description }) => /address/.test(Description));
  expect(uri.Value).toEqual({ 'Fn::Join': ['', ['http://', { 'Fn::GetAtt': [address.id, 'PublicIp'] }, ':5000']] });
  const variables = parseEnvironmentFile(ec2Files(template)['/etc/mlflow/server.env']);
  expect(variables).toMatchObject({
    MLFLOW_PORT: '5000',
    MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: `http://${ip}:5000`,
    MLFLOW_SERVER_ALLOWED_HOSTS: `${ip},${ip}:*,localhost,localhost:*,127.0.0.1,127.0.0.1:*,0.0.0.0,0.0.0.0:*`,
  });
});

test('forwarded headers are not believed: anybody may send them', () => {
  const variables = parseEnvironmentFile(ec2Files(template)['/etc/mlflow/server.env']);
  expect(variables.MLFLOW_UVICORN_OPTS).toBe('--timeout-graceful-shutdown 105 --no-proxy-headers');
});

test('the instance takes the address over, and no other one', () => {
  const settings = JSON.parse(ec2Files(template)['/etc/mlflow/instance.json']);
  expect(settings.address).toBe(`<${address.id}.AllocationId>`);
  const own = permissionsOf(template).filter(({ action }) => action === 'ec2:AssociateAddress');
  const arn = (end: unknown[]) => ({
    'Fn::Join': [
      '',
      ['arn:', { Ref: 'AWS::Partition' }, ':ec2:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ...end],
    ],
  });
  expect(own.map(({ resource }) => resource)).toEqual([
    arn([':elastic-ip/', { 'Fn::GetAtt': [address.id, 'AllocationId'] }]),
    arn([':instance/*']),
  ]);
  const statements = Object.values<any>(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  expect(statements.filter(({ Condition }) => Condition).map(({ Action, Condition }) => [Action, Condition])).toEqual([
    [
      'ec2:AssociateAddress',
      {
        ArnEquals: { 'ec2:InstanceProfile': { 'Fn::GetAtt': [only(template, 'AWS::IAM::InstanceProfile').id, 'Arn'] } },
      },
    ],
  ]);
  expect(actionsOn(templateWith({ compute: Compute.ec2() }), 'Mlflow', '*')).not.toContain('ec2:AssociateAddress');
});

test('the instance is in public subnets, and reaches its packages before it has the address', () => {
  expect(launchData(template).NetworkInterfaces).toEqual([expect.objectContaining({ AssociatePublicIpAddress: true })]);
  expect(only(template, 'AWS::AutoScaling::AutoScalingGroup').Properties.VPCZoneIdentifier).toEqual([
    { Ref: expect.stringMatching(/^MlflowVpcPublicSubnet1/) },
    { Ref: expect.stringMatching(/^MlflowVpcPublicSubnet2/) },
  ]);
  const routes = idsOf(template, 'AWS::EC2::Route').filter((id) => id.includes('Public'));
  expect(routes).toHaveLength(2);
  expect(only(template, 'AWS::AutoScaling::AutoScalingGroup').DependsOn).toEqual(expect.arrayContaining(routes));
});

test('there is no load balancer, no NAT gateway and nothing else to pay for', () => {
  for (const type of [
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    'AWS::EC2::NatGateway',
    'AWS::ElasticLoadBalancingV2::TargetGroup',
  ]) {
    template.resourceCountIs(type, 0);
  }
  template.resourceCountIs('AWS::EC2::EIP', 1);
  expect(idsOf(template, 'AWS::EC2::Subnet').filter((id) => id.includes('Private'))).toEqual([]);
});

test('the database’s subnets are where they are under every other endpoint', () => {
  const blocks = (of: Template) =>
    Object.entries(of.findResources('AWS::EC2::Subnet'))
      .filter(([id]) => /Isolated|Public/.test(id))
      .map(([id, { Properties }]) => `${id} ${Properties.CidrBlock}`);
  expect(blocks(template)).toHaveLength(4);
  expect(blocks(template)).toEqual(blocks(templateWith()));
});

describe('who may connect', () => {
  test('nobody by default', () => {
    expect(ingressOf(template)).toBeUndefined();
  });

  test('named addresses', () => {
    expect(ingressOf(at({ allowedCidrs: ['203.0.113.0/24', '198.51.100.7/32'] }))).toEqual(
      ['203.0.113.0/24', '198.51.100.7/32'].map((CidrIp) => ({
        CidrIp,
        IpProtocol: 'tcp',
        FromPort: 5000,
        ToPort: 5000,
        Description: 'MLflow clients',
      })),
    );
  });

  test('everybody, where that was said', () => {
    expect(ingressOf(at({ openToTheWorld: true }))).toEqual([
      expect.objectContaining({ CidrIp: '0.0.0.0/0', FromPort: 5000, ToPort: 5000 }),
    ]);
    expect(ingressOf(at({ openToTheWorld: false }))).toBeUndefined();
  });

  test('a client of the same app, through the connections', () => {
    const stack = newStack();
    const server = new MlflowTrackingServer(stack, 'Mlflow', {
      compute: Compute.ec2(),
      endpoint: Endpoint.instanceAddress({ port: 8080 }),
    });
    const client = new SecurityGroup(stack, 'Client', { vpc: givenVpc(stack, [SubnetType.PRIVATE_ISOLATED]) });
    server.connections.allowDefaultPortFrom(client);
    const rule = Object.values<any>(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroupIngress')).find(
      ({ Properties }) => JSON.stringify(Properties.SourceSecurityGroupId).includes('Client'),
    );
    expect(rule.Properties).toMatchObject({ FromPort: 8080, ToPort: 8080 });
  });

  test('the database admits the server alone', () => {
    const { Properties } = only(template, 'AWS::EC2::SecurityGroupIngress');
    expect(Properties.SourceSecurityGroupId).toEqual({
      'Fn::GetAtt': [only(template, 'AWS::EC2::SecurityGroup', 'MlflowComputeSecurityGroup').id, 'GroupId'],
    });
    expect(Properties.FromPort).toEqual({ 'Fn::GetAtt': [only(template, 'AWS::RDS::DBInstance').id, 'Endpoint.Port'] });
  });
});

test('another port is that of the server, of the address and of the rules', () => {
  const other = at({ port: 8080, allowedCidrs: ['10.0.0.0/8'] });
  const files = ec2Files(other);
  expect(files['/etc/mlflow/server.env']).toContain('MLFLOW_PORT="8080"\n');
  expect(JSON.parse(files['/etc/mlflow/instance.json']).health).toBe('http://127.0.0.1:8080/health');
  expect(ingressOf(other)).toEqual([expect.objectContaining({ FromPort: 8080, ToPort: 8080 })]);
  expect(JSON.stringify(other.toJSON().Outputs)).toContain(':8080');
  expect(directives(files['/etc/systemd/system/mlflow.service'], 'AmbientCapabilities')).toEqual(['']);
});

test('a given VPC needs no private subnets', () => {
  const stack = newStack();
  const vpc = givenVpc(stack, [SubnetType.PUBLIC, SubnetType.PRIVATE_ISOLATED]);
  const compute = Compute.ec2();
  new MlflowTrackingServer(stack, 'Mlflow', { compute, vpc, endpoint: Endpoint.instanceAddress() });
  expect(() => Template.fromStack(stack)).not.toThrow();
});

test('the Elastic IP can be reached for what the props do not have', () => {
  const stack = newStack();
  const endpoint = Endpoint.instanceAddress();
  new MlflowTrackingServer(stack, 'Mlflow', { compute: Compute.ec2(), endpoint });
  endpoint.elasticIp.publicIpv4Pool = 'pool';
  expect(only(Template.fromStack(stack), 'AWS::EC2::EIP').Properties.PublicIpv4Pool).toBe('pool');
});
