import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ISecurityGroup, KeyPair, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  Compute,
  Ec2ComputeProps,
  EcsCapacity,
  EcsComputeProps,
  Endpoint,
  ICompute,
  MlflowTrackingServer,
} from '../../src';
import { ALL_KINDS, givenVpc } from '../support/networks';
import { newStack } from '../support/new-app';
import { idsOf, only, permissionsOf, templateWith } from '../support/templates';

/** The options that a user looks for on each compute, under the same names. */
type Options = Pick<
  EcsComputeProps & Ec2ComputeProps,
  'logRetention' | 'logEncryptionKey' | 'permissionsBoundary' | 'securityGroups' | 'vpcSubnets'
>;

const COMPUTES: [name: string, make: (options?: Options) => ICompute][] = [
  ['Fargate', (options) => Compute.fargate(options)],
  ['ECS on EC2', (options) => Compute.ecsOnEc2(options)],
  ['EC2', (options) => Compute.ec2(options)],
];

/** The security groups and the subnets of the servers. */
function networkOf(template: Template): { groups: unknown; subnets: unknown } {
  const [service] = idsOf(template, 'AWS::ECS::Service');
  if (service) {
    const { SecurityGroups, Subnets } = only(template, 'AWS::ECS::Service').Properties.NetworkConfiguration
      .AwsvpcConfiguration;
    return { groups: SecurityGroups, subnets: Subnets };
  }
  const { SecurityGroupIds } = only(template, 'AWS::EC2::LaunchTemplate').Properties.LaunchTemplateData;
  const { VPCZoneIdentifier } = only(template, 'AWS::AutoScaling::AutoScalingGroup').Properties;
  return { groups: SecurityGroupIds, subnets: VPCZoneIdentifier };
}

const importedGroups = (stack: Stack): ISecurityGroup[] =>
  ['one', 'two'].map((name) => SecurityGroup.fromSecurityGroupId(stack, name, `sg-${name}`));

/** The inbound rules of the other resources and of these groups, as source and target. */
function inboundRules(template: Template): string[] {
  const name = (group: any) => (typeof group === 'string' ? group : group['Fn::GetAtt'][0]).replace(/\w{8}$/, '');
  return Object.values(template.findResources('AWS::EC2::SecurityGroupIngress'))
    .map(({ Properties: { GroupId, SourceSecurityGroupId, CidrIp, FromPort } }) => {
      const source = CidrIp ?? name(SourceSecurityGroupId);
      return `${source} -> ${typeof GroupId === 'string' ? GroupId : name(GroupId)} ${JSON.stringify(FromPort)}`;
    })
    .sort();
}

describe.each(COMPUTES)('on %s', (_name, make) => {
  test('existing security groups replace the new one', () => {
    const stack = newStack();
    const template = templateWith({ compute: make({ securityGroups: importedGroups(stack) }) }, stack);
    expect(networkOf(template).groups).toEqual(['sg-one', 'sg-two']);
    const own = idsOf(template, 'AWS::EC2::SecurityGroup').map((id) => id.replace(/\w{8}$/, ''));
    expect(own.filter((id) => /Compute(Service|SecurityGroup)/.test(id))).toEqual([]);
  });

  test('each of them gets the rules for the load balancer and the database', () => {
    const stack = newStack();
    const rules = inboundRules(templateWith({ compute: make({ securityGroups: importedGroups(stack) }) }, stack));
    for (const id of ['sg-one', 'sg-two']) {
      expect(rules.filter((rule) => rule.includes(`-> ${id} `))).toEqual([
        `MlflowEndpointLoadBalancerSecurityGroup -> ${id} 5000`,
      ]);
      expect(rules.filter((rule) => rule.startsWith(`${id} -> MlflowBackendStore`))).toHaveLength(1);
    }
  });

  test('the log is kept and encrypted as set', () => {
    const stack = newStack();
    const key = new Key(stack, 'Key');
    const compute = make({ logRetention: RetentionDays.ONE_WEEK, logEncryptionKey: key });
    const template = templateWith({ compute }, stack);
    expect(only(template, 'AWS::Logs::LogGroup', 'MlflowComputeLogs').Properties).toEqual({
      RetentionInDays: 7,
      KmsKeyId: { 'Fn::GetAtt': [only(template, 'AWS::KMS::Key').id, 'Arn'] },
    });
    const [, statement] = only(template, 'AWS::KMS::Key').Properties.KeyPolicy.Statement;
    expect(JSON.stringify(statement.Principal)).toContain('logs.');
  });

  test('the permissions boundary limits each role that the compute creates, and no other', () => {
    const stack = newStack();
    const permissionsBoundary = ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'limit');
    const roles = Object.entries(
      templateWith({ compute: make({ permissionsBoundary }) }, stack).findResources('AWS::IAM::Role'),
    );
    const limited = roles.filter(([, { Properties }]) => Properties.PermissionsBoundary !== undefined);
    const created = roles.filter(([id]) => id.startsWith('MlflowCompute'));
    expect(limited).toEqual(created);
    expect(created.length).toBeGreaterThan(0);
    expect(JSON.stringify(created[0][1].Properties.PermissionsBoundary)).toContain(':policy/limit');
  });

  test('the servers are in the chosen subnets, and wait for their internet access', () => {
    const stack = newStack();
    const vpc = givenVpc(stack, ALL_KINDS);
    const vpcSubnets = {
      subnetType: SubnetType.PRIVATE_WITH_EGRESS,
      availabilityZones: [vpc.availabilityZones[1]],
    };
    const template = templateWith({ vpc, compute: make({ vpcSubnets }) }, stack);
    expect(networkOf(template).subnets).toEqual([{ Ref: expect.stringMatching(/^GivenVpcGiven1Subnet2/) }]);
    const [workload] = [
      ...idsOf(template, 'AWS::ECS::Service'),
      ...idsOf(template, 'AWS::AutoScaling::AutoScalingGroup'),
    ];
    const { DependsOn } = template.toJSON().Resources[workload];
    const routes = DependsOn.filter((id: string) => /Subnet\dDefaultRoute/.test(id));
    expect(routes).toEqual([expect.stringMatching(/^GivenVpcGiven1Subnet2DefaultRoute/)]);
  });
});

describe('on EC2', () => {
  test('the security groups are those of the public network interface, and allow SSH', () => {
    const stack = newStack();
    const compute = Compute.ec2({
      securityGroups: importedGroups(stack),
      keyPair: KeyPair.fromKeyPairName(stack, 'KeyPair', 'team'),
      sshCidrs: ['203.0.113.0/24'],
    });
    const template = templateWith(
      { compute, endpoint: Endpoint.instanceAddress({ allowedCidrs: ['10.0.0.0/8'] }) },
      stack,
    );
    const { LaunchTemplateData } = only(template, 'AWS::EC2::LaunchTemplate').Properties;
    expect(LaunchTemplateData.NetworkInterfaces[0].Groups).toEqual(['sg-one', 'sg-two']);
    expect(LaunchTemplateData).not.toHaveProperty('SecurityGroupIds');
    const rules = inboundRules(template).filter((rule) => / -> sg-/.test(rule));
    expect(rules).toEqual([
      '10.0.0.0/8 -> sg-one 5000',
      '10.0.0.0/8 -> sg-two 5000',
      '203.0.113.0/24 -> sg-one 22',
      '203.0.113.0/24 -> sg-two 22',
    ]);
    expect(compute.connections.securityGroups.map(({ securityGroupId }) => securityGroupId)).toEqual([
      'sg-one',
      'sg-two',
    ]);
  });

  test('an instance address is in the chosen public subnets', () => {
    const stack = newStack();
    const vpc = givenVpc(stack, ALL_KINDS);
    const vpcSubnets = { subnetType: SubnetType.PUBLIC, availabilityZones: [vpc.availabilityZones[0]] };
    const template = templateWith(
      { vpc, compute: Compute.ec2({ vpcSubnets }), endpoint: Endpoint.instanceAddress() },
      stack,
    );
    expect(networkOf(template).subnets).toEqual([{ Ref: expect.stringMatching(/^GivenVpcGiven0Subnet1/) }]);
  });
});

describe.each([
  ['Fargate', (props: EcsComputeProps) => Compute.fargate(props), []],
  [
    'ECS on EC2',
    (props: EcsComputeProps) => Compute.ecsOnEc2(props),
    [expect.stringMatching(/^MlflowComputeInstanceRole/)],
  ],
] as const)('the roles of the tasks on %s', (_name, make, created) => {
  const role = (stack: Stack, name: string) => Role.fromRoleArn(stack, name, `arn:aws:iam::111111111111:role/${name}`);
  const stack = newStack({ env: { account: '111111111111', region: 'eu-west-1' } });
  const props = { taskRole: role(stack, 'team-task'), executionRole: role(stack, 'team-execution') };
  const template = templateWith({ compute: make(props) }, stack);
  const other = templateWith(
    { compute: make({}) },
    newStack({ env: { account: '111111111111', region: 'eu-west-1' } }),
  );

  test('can be existing ones', () => {
    const { TaskRoleArn, ExecutionRoleArn } = only(template, 'AWS::ECS::TaskDefinition').Properties;
    expect({ TaskRoleArn, ExecutionRoleArn }).toEqual({
      TaskRoleArn: 'arn:aws:iam::111111111111:role/team-task',
      ExecutionRoleArn: 'arn:aws:iam::111111111111:role/team-execution',
    });
    expect(idsOf(template, 'AWS::IAM::Role').filter((id) => id.startsWith('MlflowCompute'))).toEqual(created);
  });

  test('get the permissions that new ones have', () => {
    const actionsOf = (of: Template, named: RegExp) =>
      permissionsOf(of)
        .filter((permission) => named.test(permission.role))
        .map(({ action }) => action)
        .sort();
    expect(actionsOf(template, /^team-task$/)).toEqual(actionsOf(other, /^MlflowComputeTaskTaskRole/));
    expect(actionsOf(template, /^team-execution$/)).toEqual(actionsOf(other, /^MlflowComputeTaskExecutionRole/));
    expect(actionsOf(template, /^team-/).length).toBeGreaterThan(10);
  });
});

test.each([
  ['Fargate', 5, (securityGroups: ISecurityGroup[]) => Compute.fargate({ securityGroups })],
  ['ECS on EC2', 5, (securityGroups: ISecurityGroup[]) => Compute.ecsOnEc2({ securityGroups })],
  ['EC2', 16, (securityGroups: ISecurityGroup[]) => Compute.ec2({ securityGroups })],
])('%s takes up to %d security groups', (_name, count, make) => {
  const stack = newStack();
  const ids = Array.from({ length: count }, (_, n) => `sg-${n}`);
  const groups = ids.map((id) => SecurityGroup.fromSecurityGroupId(stack, id, id));
  expect(networkOf(templateWith({ compute: make(groups) }, stack)).groups).toEqual(ids);
});

test('one EcsCapacity can be that of two servers, each with its own instances', () => {
  const capacity = EcsCapacity.autoScaling();
  const stack = newStack();
  const servers = ['One', 'Two'].map((id) => {
    const compute = Compute.ecsOnEc2({ capacity });
    new MlflowTrackingServer(stack, id, { compute });
    return compute;
  });
  const [one, two] = servers.map((compute) => stack.resolve(compute.autoScalingGroup?.autoScalingGroupName).Ref);
  expect([one, two]).toEqual(idsOf(Template.fromStack(stack), 'AWS::AutoScaling::AutoScalingGroup'));
  expect(one).not.toBe(two);
});

test.each([
  ['imported', (stack: Stack) => Role.fromRoleArn(stack, 'Team', 'arn:aws:iam::111111111111:role/ops/team'), 'team'],
  [
    'of this app',
    (stack: Stack) => new Role(stack, 'Team', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }),
    { Ref: expect.stringMatching(/^Team/) },
  ],
])(
  'the role of new instances can be an existing one, %s, and gets the permissions of a new one',
  (_name, make, name) => {
    const env = { account: '111111111111', region: 'eu-west-1' };
    const stack = newStack({ env });
    const capacity = EcsCapacity.autoScaling({ role: make(stack) });
    const template = templateWith({ compute: Compute.ecsOnEc2({ capacity }) }, stack);
    const other = templateWith({ compute: Compute.ecsOnEc2() }, newStack({ env }));
    expect(only(template, 'AWS::IAM::InstanceProfile').Properties).toEqual({ Roles: [name] });
    expect(idsOf(template, 'AWS::IAM::Role').filter((id) => id.includes('InstanceRole'))).toEqual([]);
    const permissions = (of: Template, role: RegExp) =>
      permissionsOf(of)
        .filter((permission) => role.test(permission.role))
        .map(({ role: _, ...permission }) => permission);
    expect(permissions(template, /^team$|^Team/)).toEqual(permissions(other, /^MlflowComputeInstanceRole/));
    expect(permissions(other, /^MlflowComputeInstanceRole/)).toHaveLength(13);
    const { DependsOn } = only(template, 'AWS::AutoScaling::AutoScalingGroup') as unknown as { DependsOn: string[] };
    const policies = idsOf(template, 'AWS::IAM::Policy').filter((id) =>
      /^Team|MlflowComputePolicy|InstanceRole/.test(id),
    );
    expect(policies.length).toBeGreaterThan(0);
    expect(DependsOn).toEqual(expect.arrayContaining(policies));
  },
);

test('the security group of new instances can be an existing one', () => {
  const stack = newStack();
  const securityGroup = SecurityGroup.fromSecurityGroupId(stack, 'Instances', 'sg-instances');
  const capacity = EcsCapacity.autoScaling({ securityGroup });
  const template = templateWith({ compute: Compute.ecsOnEc2({ capacity }) }, stack);
  const { LaunchTemplateData } = only(template, 'AWS::EC2::LaunchTemplate').Properties;
  expect(LaunchTemplateData.SecurityGroupIds).toEqual(['sg-instances']);
  expect(idsOf(template, 'AWS::EC2::SecurityGroup').filter((id) => id.startsWith('MlflowComputeInstance'))).toEqual([]);
  expect(networkOf(template).groups).toEqual([
    { 'Fn::GetAtt': [expect.stringMatching(/^MlflowComputeService/), 'GroupId'] },
  ]);
});
