import { Size } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { InstanceType, MachineImage } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import {
  AccessPath,
  EcsAutoScalingCapacityOptions,
  Compute,
  EcsCapacity,
  EcsOnEc2ComputeProps,
  Endpoint,
  IsolatedVpc,
  MlflowTrackingServer,
  Profile,
  ServerImage,
} from '../../../src';
import { newStack } from '../../support/new-app';
import {
  actionsOn,
  containersOf,
  idsOf,
  only,
  permissionsOf,
  resourcesOf,
  templateWith,
} from '../../support/templates';

const withProps = (props: EcsOnEc2ComputeProps, stack = newStack()) =>
  templateWith({ compute: Compute.ecsOnEc2(props) }, stack);

const withInstances = (options: EcsAutoScalingCapacityOptions, props: EcsOnEc2ComputeProps = {}, stack = newStack()) =>
  withProps({ ...props, capacity: EcsCapacity.autoScaling(options) }, stack);

const template = templateWith({ compute: Compute.ecsOnEc2() });
const fargate = templateWith();

const serviceOf = (of: Template) => only(of, 'AWS::ECS::Service');
const groupOf = (of: Template) => only(of, 'AWS::AutoScaling::AutoScalingGroup');
const launchOf = (of: Template) => only(of, 'AWS::EC2::LaunchTemplate').Properties.LaunchTemplateData;
const providerOf = (of: Template) => only(of, 'AWS::ECS::CapacityProvider');
const imageOf = (of: Template) => of.toJSON().Parameters[launchOf(of).ImageId.Ref].Default;

/** What the instance does at its first boot, line by line. */
function bootOf(of: Template): string[] {
  const parts: unknown[] = launchOf(of).UserData['Fn::Base64']['Fn::Join'][1];
  return parts
    .map((part: any) => (typeof part === 'string' ? part : `<${part.Ref}>`))
    .join('')
    .split('\n');
}

describe('the task', () => {
  test('is Fargate’s, container by container', () => {
    expect(containersOf(template)).toEqual(containersOf(fargate));
  });

  test('has the size of the profile, and a network interface and a security group of its own', () => {
    const task = only(template, 'AWS::ECS::TaskDefinition').Properties;
    expect(task).toMatchObject({
      Cpu: '512',
      Memory: '1024',
      NetworkMode: 'awsvpc',
      RequiresCompatibilities: ['EC2'],
      Volumes: [{ Name: 'scratch' }],
    });
    expect(serviceOf(template).Properties.NetworkConfiguration.AwsvpcConfiguration).toEqual({
      AssignPublicIp: 'DISABLED',
      SecurityGroups: [
        { 'Fn::GetAtt': [only(template, 'AWS::EC2::SecurityGroup', 'MlflowComputeService').id, 'GroupId'] },
      ],
      Subnets: [
        { Ref: expect.stringMatching(/^MlflowVpcPrivateSubnet1/) },
        { Ref: expect.stringMatching(/^MlflowVpcPrivateSubnet2/) },
      ],
    });
    expect(only(template, 'AWS::ElasticLoadBalancingV2::TargetGroup').Properties.TargetType).toBe('ip');
  });

  test('has the size that is asked for', () => {
    const other = withProps({ cpu: 700, memoryLimitMiB: 1500 });
    expect(only(other, 'AWS::ECS::TaskDefinition').Properties).toMatchObject({ Cpu: '700', Memory: '1500' });
  });

  test('has rights of its own, the same as on Fargate', () => {
    const ofTask = (of: Template) => permissionsOf(of).filter(({ role }) => role.startsWith('MlflowComputeTask'));
    expect(ofTask(template)).toEqual(ofTask(fargate));
    expect(ofTask(template).length).toBeGreaterThan(10);
  });
});

describe('the service', () => {
  test('stops the old tasks first, and begins anew where the new ones do not become healthy', () => {
    expect(serviceOf(template).Properties).toMatchObject({
      DesiredCount: 1,
      DeploymentConfiguration: {
        MinimumHealthyPercent: 0,
        MaximumPercent: 100,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      },
      AvailabilityZoneRebalancing: 'DISABLED',
      HealthCheckGracePeriodSeconds: 600,
    });
  });

  test('places each task on an instance of its own, of its own capacity provider', () => {
    const { CapacityProviderStrategy, PlacementConstraints, ...rest } = serviceOf(template).Properties;
    expect(CapacityProviderStrategy).toEqual([{ CapacityProvider: { Ref: providerOf(template).id }, Weight: 1 }]);
    expect(PlacementConstraints).toEqual([{ Type: 'distinctInstance' }]);
    expect(rest).not.toHaveProperty('LaunchType');
  });

  test('waits for its capacity, and goes before it', () => {
    const { DependsOn } = serviceOf(template);
    expect(DependsOn).toEqual(
      expect.arrayContaining([
        only(template, 'AWS::ECS::ClusterCapacityProviderAssociations').id,
        only(template, 'Custom::AWS').id,
        ...idsOf(template, 'AWS::EC2::Route').filter((id) => id.includes('Private')),
        only(template, 'AWS::IAM::Policy', 'MlflowComputeTaskExecutionRole').id,
      ]),
    );
  });

  test('is the load balancer’s target and may reach the database', () => {
    expect(serviceOf(template).Properties.LoadBalancers).toEqual([
      expect.objectContaining({ ContainerName: 'server', ContainerPort: 5000 }),
    ]);
    const sources = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map(
      ({ Properties }) => Properties.SourceSecurityGroupId['Fn::GetAtt'][0],
    );
    expect(sources).toContain(only(template, 'AWS::EC2::SecurityGroup', 'MlflowComputeService').id);
    expect(sources).not.toContain(only(template, 'AWS::EC2::SecurityGroup', 'MlflowComputeInstance').id);
  });
});

describe('the instances', () => {
  test.each([
    [Profile.DEVELOPMENT, undefined, 't4g.small', 'arm64/'],
    [Profile.PRODUCTION, undefined, 't4g.medium', 'arm64/'],
    [Profile.DEVELOPMENT, CpuArchitecture.X86_64, 't3.small', ''],
    [Profile.PRODUCTION, CpuArchitecture.X86_64, 't3.medium', ''],
  ])('in %s with %j are the smallest that hold a task', (profile, cpuArchitecture, type, directory) => {
    const other = templateWith({ profile, compute: Compute.ecsOnEc2({ cpuArchitecture }) });
    expect(launchOf(other).InstanceType).toBe(type);
    expect(imageOf(other)).toBe(`/aws/service/ecs/optimized-ami/amazon-linux-2023/${directory}recommended/image_id`);
  });

  test.each([
    [2048, 't4g.medium'],
    [4096, 't4g.large'],
    [8192, 't4g.xlarge'],
    [16384, 't4g.2xlarge'],
  ])('grow with the task: %d MiB', (memoryLimitMiB, type) => {
    expect(launchOf(withProps({ memoryLimitMiB })).InstanceType).toBe(type);
  });

  test('are of a type, an image and a size of disk of the user’s', () => {
    const other = withInstances(
      {
        instanceType: new InstanceType('m7i.large'),
        machineImage: MachineImage.genericLinux({ 'eu-west-1': 'ami-1' }),
        volumeSize: Size.gibibytes(200),
      },
      {},
      newStack({ env: { account: '111111111111', region: 'eu-west-1' } }),
    );
    expect(launchOf(other)).toMatchObject({ InstanceType: 'm7i.large', ImageId: 'ami-1' });
    expect(launchOf(other).BlockDeviceMappings[0].Ebs.VolumeSize).toBe(200);
  });

  test('of a type that the library does not know are described by the user', () => {
    const instanceType = new InstanceType('x9g.huge');
    const other = withInstances({ instanceType, vcpus: 1, memory: Size.gibibytes(2) }, { memoryLimitMiB: 1638 });
    expect(launchOf(other).InstanceType).toBe('x9g.huge');
    expect(imageOf(other)).toContain('/arm64/');
  });

  test('have an encrypted disk, IMDSv2 and no key', () => {
    expect(launchOf(template)).toMatchObject({
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeSize: 30, VolumeType: 'gp3' } }],
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
    });
    expect(launchOf(template)).not.toHaveProperty('KeyName');
    expect(launchOf(template)).not.toHaveProperty('NetworkInterfaces');
  });

  test('admit nobody', () => {
    const group = only(template, 'AWS::EC2::SecurityGroup', 'MlflowComputeInstance');
    expect(launchOf(template).SecurityGroupIds).toEqual([{ 'Fn::GetAtt': [group.id, 'GroupId'] }]);
    expect(group.Properties).not.toHaveProperty('SecurityGroupIngress');
  });

  test('join the cluster, keep memory for the system and their identity from the tasks', () => {
    expect(bootOf(template)).toEqual([
      '#!/bin/bash',
      'echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config',
      'echo ECS_RESERVED_MEMORY=256 >> /etc/ecs/ecs.config',
      `echo ECS_CLUSTER=<${only(template, 'AWS::ECS::Cluster').id}> >> /etc/ecs/ecs.config`,
    ]);
  });

  test('may do what the agent needs in the one cluster, and open sessions', () => {
    const cluster = only(template, 'AWS::ECS::Cluster').id;
    const ofInstance = permissionsOf(template).filter(({ role }) => role.startsWith('MlflowComputeInstanceRole'));
    const onCluster = actionsOn(template, 'MlflowComputeInstanceRole', { 'Fn::GetAtt': [cluster, 'Arn'] });
    expect(onCluster).toEqual([
      'ecs:DeregisterContainerInstance',
      'ecs:RegisterContainerInstance',
      'ecs:SubmitAttachmentStateChanges',
      'ecs:SubmitContainerStateChange',
      'ecs:SubmitTaskStateChange',
    ]);
    expect(actionsOn(template, 'MlflowComputeInstanceRole', '*')).toEqual([
      'ecs:DiscoverPollEndpoint',
      'ssm:UpdateInstanceInformation',
      'ssmmessages:CreateControlChannel',
      'ssmmessages:CreateDataChannel',
      'ssmmessages:OpenControlChannel',
      'ssmmessages:OpenDataChannel',
    ]);
    const onInstances = ofInstance.filter(({ action }) => /Poll$|Telemetry|UpdateContainer/.test(action));
    expect(onInstances.map(({ action }) => action)).toEqual(['ecs:Poll', 'ecs:StartTelemetrySession']);
    expect(JSON.stringify(onInstances[0].resource)).toContain(`:container-instance/",{"Ref":"${cluster}"},"/*"`);
    expect(ofInstance).toHaveLength(onCluster.length + 6 + 2);
    const [policy] = Object.values(template.findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
      Properties.PolicyName.startsWith('MlflowComputeInstanceRole'),
    );
    expect(policy.Properties.PolicyDocument.Statement[1].Condition).toEqual({
      ArnEquals: { 'ecs:cluster': { 'Fn::GetAtt': [cluster, 'Arn'] } },
    });
    expect(only(template, 'AWS::IAM::Role', 'MlflowComputeInstanceRole').Properties).not.toHaveProperty(
      'ManagedPolicyArns',
    );
  });

  test('have their rights and a way out before they boot', () => {
    expect(groupOf(template).DependsOn).toEqual(
      expect.arrayContaining([
        only(template, 'AWS::IAM::Policy', 'MlflowComputeInstanceRole').id,
        ...idsOf(template, 'AWS::EC2::Route').filter((id) => id.includes('Private')),
      ]),
    );
  });

  test('are replaced one after the other, with time for a task to start', () => {
    expect((groupOf(template) as any).UpdatePolicy.AutoScalingRollingUpdate).toMatchObject({
      MaxBatchSize: 1,
      MinInstancesInService: 0,
      PauseTime: 'PT5M',
    });
  });
});

describe('the number of instances', () => {
  test.each<[EcsOnEc2ComputeProps, EcsAutoScalingCapacityOptions, string, string]>([
    [{}, {}, '0', '1'],
    [{ replicas: 3 }, {}, '0', '3'],
    [{ scaling: { maxReplicas: 5 } }, {}, '0', '5'],
    [{ replicas: 2 }, { maxCapacity: 4 }, '0', '4'],
    [{}, { minCapacity: 1 }, '1', '1'],
    [{}, { minCapacity: 2 }, '2', '2'],
    [{}, { minCapacity: 1, maxCapacity: 2 }, '1', '2'],
  ])('with %j and %j', (props, instances, MinSize, MaxSize) => {
    const { Properties } = groupOf(withInstances(instances, props));
    expect(Properties).toMatchObject({ MinSize, MaxSize });
    expect(Properties).not.toHaveProperty('DesiredCapacity');
  });

  test('is up to ECS, which moves tasks away before an instance goes', () => {
    expect(providerOf(template).Properties.AutoScalingGroupProvider).toEqual({
      AutoScalingGroupArn: { Ref: groupOf(template).id },
      ManagedDraining: 'ENABLED',
      ManagedScaling: { Status: 'ENABLED', TargetCapacity: 100 },
      ManagedTerminationProtection: 'ENABLED',
    });
    expect(only(template, 'AWS::ECS::ClusterCapacityProviderAssociations').Properties).toEqual({
      CapacityProviders: [{ Ref: providerOf(template).id }],
      Cluster: { Ref: only(template, 'AWS::ECS::Cluster').id },
      DefaultCapacityProviderStrategy: [],
    });
  });

  test.each(['ecs-team', 'EcsTeam', 'aws', 'Fargate'])('has a name that ECS takes in a stack named %s', (stackName) => {
    const { Name } = providerOf(withProps({}, newStack({ stackName }))).Properties;
    expect(Name).toMatch(/^cp-\S+$/);
    expect(Name.length).toBeLessThanOrEqual(255);
  });
});

describe('the protection of instances with tasks', () => {
  test('does not keep the stack from being deleted', () => {
    const removal = only(template, 'Custom::AWS');
    const call = removal.Properties.Delete['Fn::Join'][1];
    expect(call[1]).toEqual({ Ref: groupOf(template).id });
    expect(JSON.parse(`${call[0]}group${call[2]}`)).toEqual({
      service: '@aws-sdk/client-auto-scaling',
      action: 'DeleteAutoScalingGroup',
      parameters: { AutoScalingGroupName: 'group', ForceDelete: true },
      ignoreErrorCodesMatching: 'ValidationError',
    });
    expect(removal.Properties).not.toHaveProperty('Create');
    expect(removal.Properties).not.toHaveProperty('Update');
    const granted = permissionsOf(template).filter(({ action }) => action.startsWith('autoscaling:'));
    expect(granted.map(({ action }) => action)).toEqual(['autoscaling:DeleteAutoScalingGroup']);
    expect(JSON.stringify(granted[0].resource)).toContain(`autoScalingGroupName/",{"Ref":"${groupOf(template).id}"}`);
    expect(groupOf(template).Properties.NewInstancesProtectedFromScaleIn).toBe(true);
  });

  test('leaves a log that ends with the stack', () => {
    expect(only(template, 'AWS::Logs::LogGroup', 'MlflowComputeGroupRemovalLogs')).toMatchObject({
      Properties: { RetentionInDays: 30 },
      DeletionPolicy: 'Delete',
    });
  });

  test('can be turned off', () => {
    const other = withInstances({ managedTerminationProtection: false });
    expect(providerOf(other).Properties.AutoScalingGroupProvider.ManagedTerminationProtection).toBe('DISABLED');
    expect(groupOf(other).Properties).not.toHaveProperty('NewInstancesProtectedFromScaleIn');
    expect(only(other, 'Custom::AWS')).toEqual(only(template, 'Custom::AWS'));
  });

  test('and the function can be left out of a stack that has no assets', () => {
    const other = withInstances({ managedTerminationProtection: false, _withoutGroupRemoval: true });
    expect(idsOf(template, 'AWS::Lambda::Function')).toContainEqual(expect.stringMatching(/^AWS679/));
    expect(idsOf(other, 'AWS::Lambda::Function')).not.toContainEqual(expect.stringMatching(/^AWS679/));
    other.resourceCountIs('Custom::AWS', 0);
    expect(groupOf(other).id).toBe(groupOf(template).id);
  });
});

describe('Spot', () => {
  test('is a share of the instances beyond a base, of several types', () => {
    const other = withInstances(
      {
        instanceType: new InstanceType('t4g.small'),
        spot: { onDemandBase: 1, onDemandPercent: 25, otherInstanceTypes: [new InstanceType('m7g.medium')] },
      },
      { replicas: 3 },
    );
    expect(groupOf(other).Properties.MixedInstancesPolicy).toMatchObject({
      InstancesDistribution: {
        OnDemandBaseCapacity: 1,
        OnDemandPercentageAboveBaseCapacity: 25,
        SpotAllocationStrategy: 'price-capacity-optimized',
      },
      LaunchTemplate: { Overrides: [{ InstanceType: 't4g.small' }, { InstanceType: 'm7g.medium' }] },
    });
    expect(groupOf(other).Properties).not.toHaveProperty('LaunchTemplate');
    const { LaunchTemplateSpecification } = groupOf(other).Properties.MixedInstancesPolicy.LaunchTemplate;
    expect(LaunchTemplateSpecification.LaunchTemplateId).toEqual({ Ref: only(other, 'AWS::EC2::LaunchTemplate').id });
    expect(launchOf(other).BlockDeviceMappings[0].Ebs.Encrypted).toBe(true);
  });

  test('is all of them unless something else is said, and drains what AWS takes back', () => {
    const other = withInstances({ spot: {} });
    expect(groupOf(other).Properties.MixedInstancesPolicy.InstancesDistribution).toMatchObject({
      OnDemandBaseCapacity: 0,
      OnDemandPercentageAboveBaseCapacity: 0,
    });
    expect(bootOf(other)).toContain('echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config');
    const drain = permissionsOf(other).find(({ action }) => action === 'ecs:UpdateContainerInstancesState');
    expect(JSON.stringify(drain!.resource)).toContain(':container-instance/');
  });

  test('is off by default', () => {
    expect(groupOf(template).Properties).toHaveProperty('LaunchTemplate');
    expect(groupOf(template).Properties).not.toHaveProperty('MixedInstancesPolicy');
  });
});

test('without a way out, the instances join through endpoints', () => {
  const stack = newStack();
  const vpc = new IsolatedVpc(stack, 'Isolated', { containerInstances: true });
  const image = ServerImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Images', 'mlflow'), '3.17.2');
  const other = templateWith({ vpc, image, compute: Compute.ecsOnEc2() }, stack);
  const names = Object.values(resourcesOf(other))
    .filter(({ Type }) => Type === 'AWS::EC2::VPCEndpoint')
    .map(({ Properties }) => JSON.stringify(Properties.ServiceName));
  for (const service of ['ecs', 'ecs-agent', 'ecs-telemetry']) {
    expect(names.filter((name) => name.includes(`.${service}"`))).toHaveLength(1);
  }
  expect(groupOf(other).Properties.VPCZoneIdentifier[0].Ref).toMatch(/^IsolatedIsolatedSubnet1/);
});

test('an image of the library’s is built for the instances', () => {
  const { capabilities } = Compute.ecsOnEc2({
    capacity: EcsCapacity.autoScaling({ instanceType: new InstanceType('m7i.large') }),
  });
  expect(capabilities).toMatchObject({ displayName: 'ECS on EC2', cpuArchitecture: 'x86_64' });
  expect(capabilities.accessPaths).toEqual([AccessPath.LOAD_BALANCER, AccessPath.SESSION_MANAGER]);
  expect(Compute.ecsOnEc2().capabilities.cpuArchitecture).toBe('arm64');
});

test('what is defined can be read', () => {
  const compute = Compute.ecsOnEc2();
  const stack = newStack();
  new MlflowTrackingServer(stack, 'Mlflow', { compute, endpoint: Endpoint.portForwarding() });
  const made = Template.fromStack(stack);
  expect(stack.resolve(compute.cluster.clusterName)).toEqual({ Ref: only(made, 'AWS::ECS::Cluster').id });
  expect(stack.resolve(compute.service.serviceArn)).toEqual({ Ref: only(made, 'AWS::ECS::Service').id });
  expect(stack.resolve(compute.taskDefinition.taskDefinitionArn)).toEqual({
    Ref: only(made, 'AWS::ECS::TaskDefinition').id,
  });
  expect(stack.resolve(compute.autoScalingGroup!.autoScalingGroupName)).toEqual({ Ref: groupOf(made).id });
});
