import { Duration, TimeZone } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { InstanceType, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  AsgCapacityProvider,
  Cluster,
  ContainerInsights,
  CpuArchitecture,
  EcsOptimizedImage,
} from 'aws-cdk-lib/aws-ecs';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { importedCluster } from './errors';
import { Compute, EcsOnEc2ComputeProps, Endpoint, Profile, WorkingHours } from '../../../src';
import { ALL_KINDS, givenVpc } from '../../support/networks';
import { newStack } from '../../support/new-app';
import { containersOf, idsOf, only, permissionsOf, resourcesOf, templateWith } from '../../support/templates';

const withProps = (props: EcsOnEc2ComputeProps, stack = newStack()) =>
  templateWith({ compute: Compute.ecsOnEc2(props) }, stack);
const serviceOf = (template: Template) => only(template, 'AWS::ECS::Service').Properties;
const targetOf = (template: Template) => only(template, 'AWS::ApplicationAutoScaling::ScalableTarget').Properties;

describe('a given cluster', () => {
  const stack = newStack();
  const template = withProps({ cluster: importedCluster(true, stack) }, stack);

  test('is where the tasks run, spread over zones and instances; nothing is added to it', () => {
    expect(serviceOf(template)).toMatchObject({
      Cluster: 'team',
      LaunchType: 'EC2',
      PlacementStrategies: [
        { Type: 'spread', Field: 'attribute:ecs.availability-zone' },
        { Type: 'spread', Field: 'instanceId' },
      ],
    });
    expect(serviceOf(template)).not.toHaveProperty('PlacementConstraints');
    expect(serviceOf(template)).not.toHaveProperty('CapacityProviderStrategy');
    const types = new Set(Object.values(resourcesOf(template)).map(({ Type }) => Type));
    for (const type of ['AWS::ECS::Cluster', 'AWS::AutoScaling::AutoScalingGroup', 'AWS::ECS::CapacityProvider']) {
      expect(types).not.toContain(type);
    }
    expect(types).not.toContain('Custom::AWS');
  });

  test('brings the database and the load balancer into its VPC', () => {
    expect(idsOf(template, 'AWS::EC2::VPC')).toEqual([expect.stringMatching(/^ImportedVpc/)]);
    expect(serviceOf(template).NetworkConfiguration.AwsvpcConfiguration.Subnets[0].Ref).toMatch(/^ImportedVpc/);
  });

  test('has capacity providers of which some are chosen', () => {
    const other = newStack();
    const made = withProps(
      {
        cluster: importedCluster(true, other),
        capacityProviderStrategies: [
          { capacityProvider: 'on-demand', base: 1, weight: 1 },
          { capacityProvider: 'spot', weight: 3 },
        ],
      },
      other,
    );
    expect(serviceOf(made).CapacityProviderStrategy).toEqual([
      { CapacityProvider: 'on-demand', Base: 1, Weight: 1 },
      { CapacityProvider: 'spot', Weight: 3 },
    ]);
    expect(serviceOf(made)).not.toHaveProperty('LaunchType');
  });

  test.each([
    [CpuArchitecture.ARM64, 'arm64'],
    [CpuArchitecture.X86_64, 'x86_64'],
  ])('has instances of several architectures: %j', (cpuArchitecture, name) => {
    const other = newStack();
    const made = withProps({ cluster: importedCluster(true, other), cpuArchitecture }, other);
    expect(serviceOf(made).PlacementConstraints).toEqual([
      { Type: 'memberOf', Expression: `attribute:ecs.cpu-architecture == ${name}` },
    ]);
  });

  test('is one of this app, with a group of the user’s', () => {
    const other = newStack();
    const vpc = givenVpc(other, ALL_KINDS);
    const cluster = new Cluster(other, 'Given', { vpc });
    const autoScalingGroup = new AutoScalingGroup(other, 'Asg', {
      vpc,
      instanceType: new InstanceType('m7i.large'),
      machineImage: EcsOptimizedImage.amazonLinux2023(),
      requireImdsv2: true,
    });
    cluster.addAsgCapacityProvider(new AsgCapacityProvider(other, 'Provider', { autoScalingGroup }));
    const compute = Compute.ecsOnEc2({ cluster });
    const made = templateWith({ compute }, other);
    expect(serviceOf(made).Cluster).toEqual({ Ref: only(made, 'AWS::ECS::Cluster').id });
    expect(compute.autoScalingGroup).toBeUndefined();
    expect(compute.capabilities.cpuArchitecture).toBeUndefined();
    made.resourceCountIs('AWS::AutoScaling::AutoScalingGroup', 1);
  });
});

describe('scaling', () => {
  test('follows the CPU unless something else is said, and leaves the number of tasks alone', () => {
    const template = withProps({ scaling: { minReplicas: 2, maxReplicas: 4 } });
    expect(serviceOf(template)).not.toHaveProperty('DesiredCount');
    expect(targetOf(template)).toMatchObject({ MinCapacity: 2, MaxCapacity: 4 });
    expect(
      only(template, 'AWS::ApplicationAutoScaling::ScalingPolicy').Properties.TargetTrackingScalingPolicyConfiguration,
    ).toMatchObject({ TargetValue: 60 });
  });

  test('follows the working hours, and the instances with it', () => {
    const workingHours = WorkingHours.weekdays({ startHour: 7, stopHour: 19, timeZone: TimeZone.EUROPE_BERLIN });
    const template = withProps({ workingHours });
    expect(targetOf(template).ScheduledActions.map((action: any) => action.ScalableTargetAction)).toEqual([
      { MinCapacity: 1, MaxCapacity: 1 },
      { MinCapacity: 0, MaxCapacity: 0 },
    ]);
    expect(only(template, 'AWS::AutoScaling::AutoScalingGroup').Properties.MinSize).toBe('0');
  });

  test('is fixed by default', () => {
    expect(serviceOf(withProps({ replicas: 2 })).DesiredCount).toBe(2);
  });
});

describe('ECS Exec', () => {
  test.each([
    ['by hand', { enableExecuteCommand: true }, undefined],
    ['by port forwarding', {}, Endpoint.portForwarding()],
  ])('%s mounts what the agent writes to and does not mount itself', (_name, props, endpoint) => {
    const template = templateWith({ endpoint, compute: Compute.ecsOnEc2(props) });
    expect(serviceOf(template).EnableExecuteCommand).toBe(true);
    const paths = (containersOf(template)[2].MountPoints as any[]).map(({ ContainerPath }) => ContainerPath);
    expect(paths).toEqual(['/tmp', '/var/lib/amazon/ssm']);
    const actions = permissionsOf(template)
      .filter(({ role }) => role.startsWith('MlflowComputeTaskTaskRole'))
      .map(({ action }) => action);
    expect(actions).toContain('ssmmessages:OpenDataChannel');
  });

  test('warns where it is for people', () => {
    const stack = newStack();
    withProps({ enableExecuteCommand: true }, stack);
    Annotations.fromStack(stack).hasWarning('/Stack/Mlflow/Compute', Match.stringLikeRegexp('ecs:ExecuteCommand'));
  });

  test('is off by default', () => {
    const stack = newStack();
    expect(serviceOf(withProps({}, stack))).not.toHaveProperty('EnableExecuteCommand');
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('ExecuteCommand'));
  });
});

test('port forwarding tells how to get there', () => {
  const { Outputs } = templateWith({ endpoint: Endpoint.portForwarding(), compute: Compute.ecsOnEc2() }).toJSON();
  const [command] = Object.entries<any>(Outputs).filter(([id]) => id.includes('ConnectCommand'));
  expect(JSON.stringify(command)).toContain('aws ecs list-tasks');
});

test.each([
  [Profile.DEVELOPMENT, undefined, 'disabled'],
  [Profile.PRODUCTION, undefined, 'enabled'],
  [Profile.DEVELOPMENT, ContainerInsights.ENHANCED, 'enhanced'],
])('container insights in %s: %s', (profile, containerInsights, Value) => {
  const template = templateWith({ profile, compute: Compute.ecsOnEc2({ containerInsights }) });
  expect(only(template, 'AWS::ECS::Cluster').Properties.ClusterSettings).toEqual([
    { Name: 'containerInsights', Value },
  ]);
});

test('the log is kept as long as is said, encrypted with a given key', () => {
  const stack = newStack();
  const template = withProps({ logRetention: RetentionDays.ONE_WEEK, logEncryptionKey: new Key(stack, 'Key') }, stack);
  expect(only(template, 'AWS::Logs::LogGroup', 'MlflowComputeLogs').Properties).toEqual({
    RetentionInDays: 7,
    KmsKeyId: { 'Fn::GetAtt': [only(template, 'AWS::KMS::Key').id, 'Arn'] },
  });
});

test('the permissions boundary limits the roles of the tasks and of the instances', () => {
  const stack = newStack();
  const permissionsBoundary = ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary');
  const roles = Object.entries(withProps({ permissionsBoundary }, stack).findResources('AWS::IAM::Role'));
  const limited = roles.filter(([, { Properties }]) => Properties.PermissionsBoundary !== undefined);
  expect(limited.map(([id]) => id.replace(/\w{8}$/, '')).sort()).toEqual([
    'MlflowComputeInstanceRole',
    'MlflowComputeTaskExecutionRole',
    'MlflowComputeTaskTaskRole',
  ]);
});

test('subnets are those of tasks and instances', () => {
  const stack = newStack();
  const vpc = givenVpc(stack, ALL_KINDS);
  const compute = Compute.ecsOnEc2({
    vpcSubnets: {
      subnetType: SubnetType.PRIVATE_WITH_EGRESS,
      onePerAz: true,
      availabilityZones: [vpc.availabilityZones[1]],
    },
  });
  const template = templateWith({ vpc, compute }, stack);
  const expected = [{ Ref: expect.stringMatching(/^GivenVpcGiven1Subnet2/) }];
  expect(serviceOf(template).NetworkConfiguration.AwsvpcConfiguration.Subnets).toEqual(expected);
  expect(only(template, 'AWS::AutoScaling::AutoScalingGroup').Properties.VPCZoneIdentifier).toEqual(expected);
});

test('deployments have as much time, and end as is said', () => {
  const template = withProps({
    healthCheckGracePeriod: Duration.minutes(45),
    circuitBreaker: { enable: true, rollback: false },
  });
  expect(serviceOf(template)).toMatchObject({
    HealthCheckGracePeriodSeconds: 2700,
    DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: false } },
  });
});
