import { Duration, Size } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { InstanceType, KeyPair, MachineImage } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { requirementsWith } from './errors';
import { ec2Files, ec2Metadata, ec2UserData, launchData } from './launch-template';
import { directives } from '../../../local/workload/ec2-user-data';
import { Compute, Ec2ComputeProps, Ec2OperatingSystem, Endpoint, MlflowTrackingServer, Profile } from '../../../src';
import { instanceSize } from '../../../src/compute/common/instance-sizes';
import { instanceTypeOf } from '../../../src/compute/ec2/machine';
import { profileDefaults } from '../../../src/server/profile-defaults';
import { FakeEndpoint } from '../../support/fakes';
import { newStack } from '../../support/new-app';
import { actionsOn, idsOf, only, permissionsOf, templateWith } from '../../support/templates';

const UNIT = '/etc/systemd/system/mlflow.service';
const PROGRAMS = [
  '/etc/systemd/journald.conf.d/mlflow.conf',
  '/etc/systemd/system/mlflow-logs.service',
  '/opt/mlflow/bootstrap.py',
  '/opt/mlflow/instance.py',
  '/opt/mlflow/requirements.txt',
];

const ec2 = (props: Ec2ComputeProps = {}, stack = newStack()) =>
  templateWith({ compute: Compute.ec2(props), endpoint: new FakeEndpoint() }, stack);

const template = ec2();
const group = only(template, 'AWS::AutoScaling::AutoScalingGroup') as any;
const securityGroup = only(template, 'AWS::EC2::SecurityGroup', 'MlflowComputeSecurityGroup');
const role = only(template, 'AWS::IAM::Role', 'MlflowCompute');
const logs = only(template, 'AWS::Logs::LogGroup');

describe('an instance', () => {
  test('is a small Graviton one with the newest Amazon Linux 2023', () => {
    const { ImageId, InstanceType: type } = launchData(template);
    expect(type).toBe('t4g.micro');
    const parameter = template.toJSON().Parameters[ImageId.Ref];
    expect(parameter).toEqual({
      Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>',
      Default: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-arm64',
    });
  });

  test('answers version 2 of the metadata service alone, and to nobody behind it', () => {
    expect(launchData(template).MetadataOptions).toEqual({ HttpTokens: 'required', HttpPutResponseHopLimit: 1 });
  });

  test('has one encrypted gp3 disk', () => {
    expect(launchData(template).BlockDeviceMappings).toEqual([
      { DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeSize: 20, VolumeType: 'gp3' } },
    ]);
  });

  test('has no key pair and no public address', () => {
    expect(launchData(template)).not.toHaveProperty('KeyName');
    expect(launchData(template)).not.toHaveProperty('NetworkInterfaces');
    expect(securityGroup.Properties).not.toHaveProperty('SecurityGroupIngress');
  });

  test('installs nothing that is not pinned', () => {
    const requirements = ec2Metadata(template)['/opt/mlflow/requirements.txt'].trim().split('\n');
    expect(requirements.length).toBeGreaterThan(80);
    expect(requirements.filter((line) => !/^[\w.-]+==\S+ --hash=sha256:[0-9a-f]{64}$/.test(line))).toEqual([]);
    expect(ec2Files(template)['/opt/mlflow/boot.txt'].split('\n')).toHaveLength(8);
  });

  test('has user data that fits, with room for the variables of the user', () => {
    expect(ec2UserData(template).length).toBeLessThan(11000);
  });

  test('finds its files in the metadata of its own launch template', () => {
    expect(Object.keys(ec2Metadata(template)).sort()).toEqual(PROGRAMS);
    expect(ec2Metadata(template)['/opt/mlflow/bootstrap.py']).toMatch(/^\nimport argparse\n[^]*'app\.py': r'''/);
    const settings = JSON.parse(ec2Files(template)['/etc/mlflow/instance.json']);
    expect(settings).toMatchObject({
      files: { resource: only(template, 'AWS::EC2::LaunchTemplate').id },
      signal: group.id,
      logGroup: `<${logs.id}>`,
      health: 'http://127.0.0.1:5000/health',
    });
    expect(settings).not.toHaveProperty('address');
  });

  test('gets the server’s memory without that of the system', () => {
    expect(directives(ec2Files(template)[UNIT], 'MemoryMax')).toEqual(['704M']);
    const large = ec2({ instanceType: new InstanceType('m7g.large') });
    expect(directives(ec2Files(large)[UNIT], 'MemoryMax')).toEqual([`${8192 - 320}M`]);
  });
});

describe('the group', () => {
  test('keeps one instance running', () => {
    expect(group.Properties).toMatchObject({ MinSize: '1', MaxSize: '1', HealthCheckType: 'EC2' });
    expect(group.Properties).not.toHaveProperty('DesiredCapacity');
    expect(group.Properties.LaunchTemplate).toEqual({
      LaunchTemplateId: { Ref: only(template, 'AWS::EC2::LaunchTemplate').id },
      Version: { 'Fn::GetAtt': [only(template, 'AWS::EC2::LaunchTemplate').id, 'LatestVersionNumber'] },
    });
    expect(group.Properties.VPCZoneIdentifier).toEqual([
      { Ref: expect.stringMatching(/^MlflowVpcPrivateSubnet1/) },
      { Ref: expect.stringMatching(/^MlflowVpcPrivateSubnet2/) },
    ]);
  });

  test('stops the old instances first, and waits for the signals of the new ones', () => {
    const { UpdatePolicy, CreationPolicy } = template.toJSON().Resources[group.id];
    expect(CreationPolicy).toEqual({ ResourceSignal: { Count: 1, Timeout: 'PT20M' } });
    expect(UpdatePolicy.AutoScalingRollingUpdate).toMatchObject({
      MinInstancesInService: 0,
      MaxBatchSize: 1,
      WaitOnResourceSignals: true,
      PauseTime: 'PT20M',
    });
    expect(UpdatePolicy).not.toHaveProperty('AutoScalingReplacingUpdate');
  });

  test('waits for everything that the first instance needs', () => {
    const expected = [
      only(template, 'AWS::RDS::DBInstance').id,
      ...idsOf(template, 'AWS::EC2::SecurityGroupIngress').filter((id) => id.startsWith('MlflowBackendStore')),
      ...idsOf(template, 'AWS::IAM::Policy'),
      ...idsOf(template, 'AWS::EC2::Route').filter((id) => id.includes('Private')),
    ];
    expect(expected).toHaveLength(5);
    expect(group.DependsOn).toEqual(expect.arrayContaining(expected));
  });

  test('gives a boot as long as it is told', () => {
    const slow = ec2({ bootTimeout: Duration.hours(2), replicas: 3 });
    const { CreationPolicy, UpdatePolicy } = Object.values<any>(
      slow.findResources('AWS::AutoScaling::AutoScalingGroup'),
    )[0];
    expect(CreationPolicy.ResourceSignal).toEqual({ Count: 3, Timeout: 'PT2H' });
    expect(UpdatePolicy.AutoScalingRollingUpdate).toMatchObject({ PauseTime: 'PT2H', MaxBatchSize: 3 });
    expect(ec2UserData(slow)).toContain('boot.py health "$((7080 - SECONDS))"');
    expect(only(slow, 'AWS::AutoScaling::AutoScalingGroup').Properties).toMatchObject({
      MinSize: '3',
      MaxSize: '3',
      HealthCheckGracePeriod: 7200,
    });
  });

  test('is the load balancer’s target, which judges its health too', () => {
    const balanced = templateWith({ compute: Compute.ec2({ replicas: 2 }) });
    const { Properties } = only(balanced, 'AWS::AutoScaling::AutoScalingGroup');
    expect(Properties).toMatchObject({
      HealthCheckType: 'ELB',
      TargetGroupARNs: [{ Ref: only(balanced, 'AWS::ElasticLoadBalancingV2::TargetGroup').id }],
    });
    expect(only(balanced, 'AWS::ElasticLoadBalancingV2::TargetGroup').Properties.TargetType).toBe('instance');
    const { DependsOn } = only(balanced, 'AWS::AutoScaling::AutoScalingGroup');
    expect(DependsOn).toContain(only(balanced, 'AWS::ElasticLoadBalancingV2::Listener').id);
    const own = only(balanced, 'AWS::EC2::SecurityGroup', 'MlflowComputeSecurityGroup').id;
    const rules = Object.values(balanced.findResources('AWS::EC2::SecurityGroupIngress'))
      .map(({ Properties: rule }) => rule)
      .filter(({ GroupId }) => GroupId['Fn::GetAtt'][0] === own);
    expect(rules).toEqual([
      expect.objectContaining({
        FromPort: 5000,
        ToPort: 5000,
        SourceSecurityGroupId: {
          'Fn::GetAtt': [only(balanced, 'AWS::EC2::SecurityGroup', 'MlflowEndpoint').id, 'GroupId'],
        },
      }),
    ]);
    expect(only(balanced, 'AWS::EC2::SecurityGroup', 'MlflowComputeSecurityGroup').Properties).not.toHaveProperty(
      'SecurityGroupIngress',
    );
  });
});

describe('the role', () => {
  test('may do this, and no more', () => {
    const allowed = permissionsOf(template).map(({ action }) => action);
    expect([...new Set(allowed)].filter((action) => !action.startsWith('s3:')).sort()).toEqual([
      'cloudformation:DescribeStackResource',
      'cloudformation:SignalResource',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'ssm:UpdateInstanceInformation',
      'ssmmessages:CreateControlChannel',
      'ssmmessages:CreateDataChannel',
      'ssmmessages:OpenControlChannel',
      'ssmmessages:OpenDataChannel',
    ]);
    expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  test('names what it may use', () => {
    expect(actionsOn(template, role.id, { Ref: 'AWS::StackId' })).toEqual([
      'cloudformation:DescribeStackResource',
      'cloudformation:SignalResource',
    ]);
    expect(actionsOn(template, role.id, { 'Fn::GetAtt': [logs.id, 'Arn'] })).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
    const stars = permissionsOf(template).filter(({ resource }) => resource === '*');
    expect(stars.map(({ action }) => action.split(':')[0])).toEqual(['ssm', ...Array(4).fill('ssmmessages')]);
    const secrets = permissionsOf(template).filter(({ action }) => action === 'secretsmanager:GetSecretValue');
    expect(secrets).toHaveLength(5);
  });

  test('is that of EC2', () => {
    expect(role.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' } },
    ]);
  });

  test('can be given, and gets what the server needs', () => {
    const stack = newStack();
    const given = new Role(stack, 'Given', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    const compute = Compute.ec2({ role: given });
    const withRole = templateWith({ compute, endpoint: new FakeEndpoint() }, stack);
    expect(compute.role).toBe(given);
    const { id } = only(withRole, 'AWS::IAM::Role', 'Given');
    expect(idsOf(withRole, 'AWS::IAM::Role').filter((name) => name.startsWith('Mlflow'))).toEqual([]);
    expect(only(withRole, 'AWS::IAM::InstanceProfile').Properties.Roles).toEqual([{ Ref: id }]);
    const actions = (of: Template) =>
      permissionsOf(of)
        .map(({ action }) => action)
        .sort();
    expect(actions(withRole)).toEqual(actions(template));
  });
});

describe('settings', () => {
  test.each([
    ['t3.micro', 'x86_64', 704, '1'],
    ['t4g.medium', 'aarch64', 4096 - 320, '2'],
    ['m7i.xlarge', 'x86_64', 16384 - 320, '4'],
    ['r8g.medium', 'aarch64', 8192 - 320, '1'],
  ])('the instance type %s decides packages, memory and workers', (type, processor, memory, workers) => {
    const sized = ec2({ instanceType: new InstanceType(type) });
    expect(launchData(sized).InstanceType).toBe(type);
    expect(directives(ec2Files(sized)[UNIT], 'MemoryMax')).toEqual([`${memory}M`]);
    expect(ec2Files(sized)['/etc/mlflow/server.env']).toContain(`MLFLOW_WORKERS="${workers}"\n`);
    const numpy = /^numpy==.*$/m.exec(ec2Metadata(sized)['/opt/mlflow/requirements.txt'])![0];
    const other = /^numpy==.*$/m.exec(
      ec2Metadata(ec2({ instanceType: new InstanceType(processor === 'x86_64' ? 't4g.micro' : 't3.micro') }))[
        '/opt/mlflow/requirements.txt'
      ],
    )![0];
    expect(numpy).not.toBe(other);
  });

  test('a type that the library does not know is what the user says', () => {
    const sized = ec2({ instanceType: new InstanceType('x9.tiny'), vcpus: 3, memory: Size.gibibytes(6) });
    expect(directives(ec2Files(sized)[UNIT], 'MemoryMax')).toEqual([`${6144 - 320}M`]);
    expect(ec2Files(sized)['/etc/mlflow/server.env']).toContain('MLFLOW_WORKERS="3"\n');
  });

  test('Ubuntu has packages, disk and image of its own', () => {
    const ubuntu = ec2({ operatingSystem: Ec2OperatingSystem.UBUNTU_24_04 });
    const { ImageId, BlockDeviceMappings } = launchData(ubuntu);
    expect(BlockDeviceMappings[0].DeviceName).toBe('/dev/sda1');
    expect(ubuntu.toJSON().Parameters[ImageId.Ref].Default).toBe(
      '/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id',
    );
    expect(ec2UserData(ubuntu)).toContain('apt-get install --yes --quiet python3.12-venv');
    expect(ec2UserData(ubuntu)).toContain('\npython3.12 -m venv /opt/mlflow/venv\n');
    const x86 = ec2({ operatingSystem: Ec2OperatingSystem.UBUNTU_24_04, instanceType: new InstanceType('t3.small') });
    expect(x86.toJSON().Parameters[launchData(x86).ImageId.Ref].Default).toContain('/amd64/');
    expect(ec2Metadata(ubuntu)['/opt/mlflow/requirements.txt']).not.toBe(
      ec2Metadata(template)['/opt/mlflow/requirements.txt'],
    );
  });

  test('an image of the organisation’s own', () => {
    const stack = newStack({ env: { region: 'eu-central-1', account: '111111111111' } });
    const given = ec2({ machineImage: MachineImage.genericLinux({ 'eu-central-1': 'ami-1' }) }, stack);
    expect(launchData(given).ImageId).toBe('ami-1');
  });

  test('disk', () => {
    expect(launchData(ec2({ volumeSize: Size.gibibytes(100) })).BlockDeviceMappings[0].Ebs.VolumeSize).toBe(100);
  });

  test('SSH from named addresses, with a key pair', () => {
    const stack = newStack();
    const ssh = ec2(
      { keyPair: KeyPair.fromKeyPairName(stack, 'Key', 'team'), sshCidrs: ['10.0.0.0/8', '203.0.113.7/32'] },
      stack,
    );
    expect(launchData(ssh).KeyName).toBe('team');
    expect(only(ssh, 'AWS::EC2::SecurityGroup', 'MlflowComputeSecurityGroup').Properties.SecurityGroupIngress).toEqual(
      ['10.0.0.0/8', '203.0.113.7/32'].map((CidrIp) => ({
        CidrIp,
        IpProtocol: 'tcp',
        FromPort: 22,
        ToPort: 22,
        Description: 'SSH',
      })),
    );
  });

  test('packages of the user’s own decide the release', () => {
    const own = ec2({ requirements: requirementsWith('3.17.1') });
    expect(ec2Metadata(own)['/opt/mlflow/requirements.txt']).toBe(requirementsWith('3.17.1'));
    expect(ec2Files(own)['/opt/mlflow/boot.txt']).not.toContain('mlflow');
  });

  test.each(Object.values(Profile))('the default type has the memory of the profile: %s', (profile) => {
    expect(instanceSize(instanceTypeOf({}, profile))!.memoryMiB).toBe(profileDefaults(profile).memoryMiB);
  });

  test('the profile gives the defaults', () => {
    const production = templateWith({ compute: Compute.ec2(), profile: Profile.PRODUCTION });
    expect(launchData(production).InstanceType).toBe('t4g.small');
    expect(directives(ec2Files(production)[UNIT], 'MemoryMax')).toEqual([`${2048 - 320}M`]);
    expect(only(production, 'AWS::AutoScaling::AutoScalingGroup').Properties).toMatchObject({
      MinSize: '2',
      MaxSize: '2',
    });
    expect(only(production, 'AWS::Logs::LogGroup', 'MlflowCompute').Properties.RetentionInDays).toBe(365);
    expect(logs.Properties.RetentionInDays).toBe(30);
  });
});

test('the group, the launch template and the security group can be reached for what the props do not have', () => {
  const stack = newStack();
  const compute = Compute.ec2();
  new MlflowTrackingServer(stack, 'Mlflow', { compute, endpoint: Endpoint.portForwarding() });
  const children = [
    compute.autoScalingGroup,
    compute.launchTemplate,
    compute.connections.securityGroups[0],
    compute.role,
  ];
  expect(children.map(({ node }) => node.path)).toEqual(
    ['Instances', 'LaunchTemplate', 'SecurityGroup', 'Role'].map((id) => `Stack/Mlflow/Compute/${id}`),
  );
});

test('another variable makes another launch template, and so another instance', () => {
  const other = templateWith({
    compute: Compute.ec2(),
    endpoint: new FakeEndpoint(),
    server: { environment: { TEAM: 'x' } },
  });
  expect(ec2UserData(other)).not.toBe(ec2UserData(template));
  expect(ec2UserData(ec2())).toBe(ec2UserData(template));
});

test('no secret and no placeholder is in the user data or the metadata', () => {
  const text = JSON.stringify([launchData(template).UserData, ec2Metadata(template)]);
  expect(text).not.toMatch(/resolve:secretsmanager|\$\{/);
});
