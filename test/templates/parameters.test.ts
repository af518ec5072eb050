import { TEMPLATES } from '../../scripts/templates';
import { TASK_SIZES } from '../../scripts/templates/ecs';
import { synthesiseTemplate, TemplateJson } from '../../scripts/templates/synthesise-template';
import { Compute, ICompute } from '../../src';
import { environmentOf, only, templateWith } from '../support/templates';

const templates: Record<string, TemplateJson> = Object.fromEntries(
  TEMPLATES.map((definition) => [definition.name, synthesiseTemplate(definition)]),
);

const WINDOW = { 'Fn::If': ['MaintenanceWindowGiven', ref('MaintenanceWindow'), { Ref: 'AWS::NoValue' }] };

const IMAGE = { 'Fn::If': ['ServerImageGiven', ref('ServerImage'), 'ghcr.io/mlflow/mlflow:v3.17.2-full'] };

function ref(parameter: string) {
  return { Ref: parameter };
}

function prefixed(prefix: string, parameter: string) {
  return { 'Fn::Join': ['', [prefix, ref(parameter)]] };
}

/** The column of the chosen size. */
function size(column: string) {
  return { 'Fn::FindInMap': ['ServerSizes', ref('ServerSize'), column] };
}

/** What is new, or else the parameter. */
function orNew(parameter: string) {
  return { 'Fn::If': ['NewVpc', expect.anything(), ref(parameter)] };
}

/** What each parameter changes: a type of resource, and one of its properties. */
type Effect = [parameter: string, type: string, property: string, value: unknown];

const DATABASE: Effect[] = [
  ['DatabaseInstanceType', 'AWS::RDS::DBInstance', 'DBInstanceClass', prefixed('db.', 'DatabaseInstanceType')],
  ['DatabaseStandby', 'AWS::RDS::DBInstance', 'MultiAZ', ref('DatabaseStandby')],
  ['BackupRetentionDays', 'AWS::RDS::DBInstance', 'BackupRetentionPeriod', ref('BackupRetentionDays')],
  ['DatabaseDeletionProtection', 'AWS::RDS::DBInstance', 'DeletionProtection', ref('DatabaseDeletionProtection')],
  ['PrivateSubnetA', 'AWS::RDS::DBSubnetGroup', 'SubnetIds.0', orNew('PrivateSubnetA')],
  ['PrivateSubnetB', 'AWS::RDS::DBSubnetGroup', 'SubnetIds.1', orNew('PrivateSubnetB')],
];

const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const TASK_SUBNETS = 'NetworkConfiguration.AwsvpcConfiguration.Subnets';

const ECS: Effect[] = [
  ...DATABASE,
  ['VpcId', 'AWS::ElasticLoadBalancingV2::TargetGroup', 'VpcId', orNew('VpcId')],
  ['PrivateSubnetA', LOAD_BALANCER, 'Subnets.0', orNew('PrivateSubnetA')],
  ['PrivateSubnetB', LOAD_BALANCER, 'Subnets.1', orNew('PrivateSubnetB')],
  ['PrivateSubnetA', 'AWS::ECS::Service', `${TASK_SUBNETS}.0`, orNew('PrivateSubnetA')],
  ['PrivateSubnetB', 'AWS::ECS::Service', `${TASK_SUBNETS}.1`, orNew('PrivateSubnetB')],
  ['AllowedCidr', 'AWS::EC2::SecurityGroup', 'SecurityGroupIngress.0.CidrIp', ref('AllowedCidr')],
  ['ServerSize', 'AWS::ECS::TaskDefinition', 'Cpu', size('Cpu')],
  ['ServerSize', 'AWS::ECS::TaskDefinition', 'Memory', size('Memory')],
  ['Replicas', 'AWS::ECS::Service', 'DesiredCount', ref('Replicas')],
  ['ServerImage', 'AWS::ECS::TaskDefinition', 'ContainerDefinitions.0.Image', IMAGE],
  ['ServerImage', 'AWS::ECS::TaskDefinition', 'ContainerDefinitions.1.Image', IMAGE],
  ['ServerImage', 'AWS::ECS::TaskDefinition', 'ContainerDefinitions.2.Image', IMAGE],
  [
    'LoadBalancerDeletionProtection',
    LOAD_BALANCER,
    'LoadBalancerAttributes.0',
    { Key: 'deletion_protection.enabled', Value: ref('LoadBalancerDeletionProtection') },
  ],
];

const MACHINE: Effect[] = [
  [
    'VolumeSizeGiB',
    'AWS::EC2::LaunchTemplate',
    'LaunchTemplateData.BlockDeviceMappings.0.Ebs.VolumeSize',
    ref('VolumeSizeGiB'),
  ],
  ['ImageParameter', 'AWS::EC2::LaunchTemplate', 'LaunchTemplateData.ImageId', ref('ImageParameter')],
];

const EFFECTS: Record<string, Effect[]> = {
  fargate: ECS,
  'ecs-on-ec2': [
    ...ECS,
    ['PrivateSubnetA', 'AWS::AutoScaling::AutoScalingGroup', 'VPCZoneIdentifier.0', orNew('PrivateSubnetA')],
    ['PrivateSubnetB', 'AWS::AutoScaling::AutoScalingGroup', 'VPCZoneIdentifier.1', orNew('PrivateSubnetB')],
    ['Replicas', 'AWS::AutoScaling::AutoScalingGroup', 'MaxSize', ref('Replicas')],
    ['ServerSize', 'AWS::EC2::LaunchTemplate', 'LaunchTemplateData.InstanceType', size('InstanceType')],
    ...MACHINE,
  ],
  ec2: [
    ...DATABASE,
    ['VpcId', 'AWS::EC2::SecurityGroup', 'VpcId', orNew('VpcId')],
    ['PublicSubnetA', 'AWS::AutoScaling::AutoScalingGroup', 'VPCZoneIdentifier.0', orNew('PublicSubnetA')],
    ['PublicSubnetB', 'AWS::AutoScaling::AutoScalingGroup', 'VPCZoneIdentifier.1', orNew('PublicSubnetB')],
    ['AllowedCidr', 'AWS::EC2::SecurityGroup', 'SecurityGroupIngress.0.CidrIp', ref('AllowedCidr')],
    ...MACHINE,
  ],
  'sagemaker-tracking-server': [
    ['ServerSize', 'AWS::SageMaker::MlflowTrackingServer', 'TrackingServerSize', ref('ServerSize')],
    ['MaintenanceWindow', 'AWS::SageMaker::MlflowTrackingServer', 'WeeklyMaintenanceWindowStart', WINDOW],
  ],
  'sagemaker-mlflow-app': [['MaintenanceWindow', 'AWS::SageMaker::MlflowApp', 'WeeklyMaintenanceWindowStart', WINDOW]],
};

describe.each(Object.entries(EFFECTS))('in %s', (name, effects) => {
  test.each(effects)('%s changes %s %s', (_parameter, type, property, value) => {
    const found = Object.values(templates[name].Resources).filter(({ Type }) => Type === type);
    const values = found.map(({ Properties }) => property.split('.').reduce((at, key) => at?.[key], Properties));
    expect(values).toContainEqual(value);
  });

  test('every parameter is in the list', () => {
    const listed = new Set(effects.map(([parameter]) => parameter));
    expect([...listed].sort()).toEqual(Object.keys(templates[name].Parameters).sort());
  });
});

const COMPUTES: [string, (cpu: number, memoryLimitMiB: number) => ICompute][] = [
  ['fargate', (cpu, memoryLimitMiB) => Compute.fargate({ cpu, memoryLimitMiB })],
  ['ecs-on-ec2', (cpu, memoryLimitMiB) => Compute.ecsOnEc2({ cpu, memoryLimitMiB })],
];
const SIZES = COMPUTES.flatMap(([name, compute]) =>
  Object.entries(TASK_SIZES).map(([chosen, numbers]) => ({ name, compute, chosen, ...numbers })),
);

describe.each(SIZES)('in $name, the size $chosen', ({ name, compute, chosen, cpu, memoryMiB }) => {
  const { Cpu, Memory, Workers, InstanceType } = (templates[name].Mappings as any).ServerSizes[chosen];
  const template = templateWith({ compute: compute(cpu, memoryMiB) });

  test('is what the library makes of the same numbers', () => {
    expect(only(template, 'AWS::ECS::TaskDefinition').Properties).toMatchObject({ Cpu, Memory });
    expect(environmentOf(template).MLFLOW_WORKERS).toBe(Workers);
    const machines = Object.values(template.findResources('AWS::EC2::LaunchTemplate'));
    const types = machines.map(({ Properties }) => Properties.LaunchTemplateData.InstanceType);
    expect(types).toEqual(InstanceType === undefined ? [] : [InstanceType]);
    expect(InstanceType === undefined).toBe(name === 'fargate');
  });

  test('is described', () => {
    const place = InstanceType === undefined ? '' : ` on ${InstanceType}`;
    const words = `${chosen} ${cpu / 1024} vCPU, ${memoryMiB / 1024} GiB${place}`;
    expect(`${templates[name].Parameters.ServerSize.Description};`).toContain(`${words};`);
  });
});

test.each(COMPUTES)('in %s, the number of workers follows from the size', (name) => {
  const containers: any[] = Object.values(templates[name].Resources).find(
    ({ Type }) => Type === 'AWS::ECS::TaskDefinition',
  ).Properties.ContainerDefinitions;
  const server = containers.find(({ Name }) => Name === 'server');
  expect(server.Environment).toContainEqual({ Name: 'MLFLOW_WORKERS', Value: size('Workers') });
});

test('in ecs-on-ec2, CloudFormation can delete the group, and two stacks have a capacity provider each', () => {
  const { Properties } = Object.values(templates['ecs-on-ec2'].Resources).find(
    ({ Type }) => Type === 'AWS::ECS::CapacityProvider',
  );
  expect(Properties.AutoScalingGroupProvider.ManagedTerminationProtection).toBe('DISABLED');
  expect(Properties.Name).toEqual(prefixed('cp-', 'AWS::StackName'));
});

const NEEDS_A_WAY_OUT = ['AWS::AutoScaling::AutoScalingGroup', 'AWS::EC2::EIP', 'AWS::ECS::Service'];

describe.each([
  ['fargate', ['AWS::ECS::Service']],
  ['ecs-on-ec2', ['AWS::AutoScaling::AutoScalingGroup', 'AWS::ECS::Service']],
  ['ec2', ['AWS::AutoScaling::AutoScalingGroup', 'AWS::EC2::EIP']],
])('in a VPC of the user’s own, %s', (name, types) => {
  const { Conditions, Resources } = templates[name] as any;
  const conditional = Object.keys(Resources).filter((id) => Resources[id].Condition === 'NewVpc');
  const always = Object.entries<any>(Resources).filter(([id]) => !conditional.includes(id));

  test('defines nothing of a network', () => {
    expect(Conditions.NewVpc).toEqual({ 'Fn::Equals': [ref('VpcId'), ''] });
    const network = /^AWS::EC2::(VPC|Subnet|Route|InternetGateway|NatGateway)/;
    expect(always.filter(([, { Type }]) => network.test(Type))).toEqual([]);
    expect(conditional.length).toBeGreaterThan(10);
  });

  test('refers to nothing that is not there', () => {
    expect(
      always.flatMap(([id, resource]) => danglingIn(resource, conditional).map((missing) => `${id}: ${missing}`)),
    ).toEqual([]);
  });

  test('a reference to something that is not there would be found', () => {
    expect(
      danglingIn({ DependsOn: [conditional[0]], Properties: { VpcId: ref(conditional[0]) } }, conditional),
    ).toHaveLength(2);
    expect(danglingIn({ A: { 'Fn::If': ['NewVpc', {}, ref(conditional[0])] } }, conditional)).toHaveLength(1);
  });

  test('in a new VPC, waits for its way to the internet', () => {
    const waiting = always.filter(([, { Type }]) => NEEDS_A_WAY_OUT.includes(Type));
    const wayOut = conditional.filter((id) =>
      /^AWS::EC2::(Route|SubnetRouteTableAssociation|VPCGatewayAttachment)$/.test(Resources[id].Type),
    );
    expect(waiting.map(([, { Type }]) => Type).sort()).toEqual(types);
    expect(wayOut.length).toBeGreaterThan(4);
    for (const [, { Metadata }] of waiting) {
      expect(Metadata['cdk-mlflow:waitsFor']).toEqual({ 'Fn::If': ['NewVpc', wayOut.map(ref), []] });
    }
  });
});

/** What a value refers to that is there only with a new VPC, outside of what is chosen with a new VPC. */
function danglingIn(value: any, conditional: readonly string[]): string[] {
  if (typeof value === 'string') return conditional.includes(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  const choice = value['Fn::If'];
  if (choice?.[0] === 'NewVpc') return danglingIn(choice[2], conditional);
  return Object.values(value).flatMap((child) => danglingIn(child, conditional));
}
