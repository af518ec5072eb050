import { Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { InstanceType, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Key } from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import { CaCertificate, PostgresEngineVersion, SubnetGroup } from 'aws-cdk-lib/aws-rds';
import { BackendStore, Compute, IsolatedVpc, Profile, RdsPostgresBackendStoreProps, ServerImage } from '../../src';
import { newStack } from '../support/new-app';
import { actionsOn, environmentOf, idsOf, only, templateWith } from '../support/templates';

const instanceWith = (props: RdsPostgresBackendStoreProps, stack?: Stack) =>
  only(templateWith({ backendStore: BackendStore.rdsPostgres(props) }, stack), 'AWS::RDS::DBInstance');

test.each<[RdsPostgresBackendStoreProps, Record<string, unknown>]>([
  [{ engineVersion: PostgresEngineVersion.VER_16 }, { EngineVersion: '16' }],
  [
    { engineVersion: PostgresEngineVersion.VER_18, allowMajorVersionUpgrade: true },
    { EngineVersion: '18', AllowMajorVersionUpgrade: true },
  ],
  [{ instanceType: new InstanceType('r7g.large') }, { DBInstanceClass: 'db.r7g.large' }],
  [{ allocatedStorage: Size.gibibytes(50) }, { AllocatedStorage: '50', MaxAllocatedStorage: 200 }],
  [{ allocatedStorage: Size.gibibytes(500) }, { AllocatedStorage: '500', MaxAllocatedStorage: 1000 }],
  [{ maxAllocatedStorage: Size.tebibytes(1) }, { AllocatedStorage: '20', MaxAllocatedStorage: 1024 }],
  [{ multiAz: true }, { MultiAZ: true }],
  [{ backupRetention: Duration.days(35) }, { BackupRetentionPeriod: 35 }],
  [{ preferredBackupWindow: '02:00-03:00' }, { PreferredBackupWindow: '02:00-03:00' }],
  [{ preferredMaintenanceWindow: 'sun:03:30-sun:04:30' }, { PreferredMaintenanceWindow: 'sun:03:30-sun:04:30' }],
  [{ enablePerformanceInsights: true }, { EnablePerformanceInsights: true }],
  [{ cloudwatchLogsExports: ['postgresql', 'upgrade'] }, { EnableCloudwatchLogsExports: ['postgresql', 'upgrade'] }],
  [{ deletionProtection: true }, { DeletionProtection: true }],
  [{ caCertificate: CaCertificate.RDS_CA_ECC384_G1 }, { CACertificateIdentifier: 'rds-ca-ecc384-g1' }],
])('%j', (props, expected) => {
  expect(instanceWith(props).Properties).toMatchObject(expected);
  expect(instanceWith({}).Properties).not.toMatchObject(expected);
});

test('the production profile records what the database spends its time on, unless told otherwise', () => {
  const insights = (props: RdsPostgresBackendStoreProps) => {
    const template = templateWith({ profile: Profile.PRODUCTION, backendStore: BackendStore.rdsPostgres(props) });
    return only(template, 'AWS::RDS::DBInstance').Properties.EnablePerformanceInsights;
  };
  expect(insights({})).toBe(true);
  expect(insights({ enablePerformanceInsights: false })).toBe(false);
});

test('the default engine is the same in every release, and RDS refuses another one until it is allowed', () => {
  const { Engine, EngineVersion, ...others } = instanceWith({}).Properties;
  expect([Engine, EngineVersion]).toEqual(['postgres', '17']);
  expect(others).not.toHaveProperty('AllowMajorVersionUpgrade');
});

test('an upgrade to another major version keeps the instance, and takes parameters of that version', () => {
  const upgraded = templateWith({
    backendStore: BackendStore.rdsPostgres({
      engineVersion: PostgresEngineVersion.VER_18,
      allowMajorVersionUpgrade: true,
    }),
  });
  const [before, after] = [templateWith(), upgraded].map((template) => only(template, 'AWS::RDS::DBInstance'));
  expect(after).toEqual({
    ...before,
    Properties: { ...before.Properties, EngineVersion: '18', AllowMajorVersionUpgrade: true },
  });
  expect(only(upgraded, 'AWS::RDS::DBParameterGroup').Properties.Family).toBe('postgres18');
});

test('parameters of the user stand beside the one that refuses connections without TLS', () => {
  const parameters = { log_min_duration_statement: '1000' };
  const template = templateWith({ backendStore: BackendStore.rdsPostgres({ parameters }) });
  template.hasResourceProperties('AWS::RDS::DBParameterGroup', {
    Parameters: { log_min_duration_statement: '1000', 'rds.force_ssl': '1' },
  });
});

test('a given key encrypts the storage', () => {
  const stack = newStack();
  const storageEncryptionKey = new Key(stack, 'Key');
  expect(instanceWith({ storageEncryptionKey }, stack).Properties.KmsKeyId).toEqual({
    'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'],
  });
});

test('a given subnet group and given security groups replace those of the library', () => {
  const stack = newStack();
  const vpc = new Vpc(stack, 'Vpc', {
    subnetConfiguration: [
      { name: 'Public', subnetType: SubnetType.PUBLIC },
      { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    ],
  });
  const subnetGroup = SubnetGroup.fromSubnetGroupName(stack, 'Subnets', 'database-subnets');
  const group = new SecurityGroup(stack, 'Group', { vpc });
  const template = templateWith(
    { vpc, backendStore: BackendStore.rdsPostgres({ subnetGroup, securityGroups: [group] }) },
    stack,
  );
  const groupId = { 'Fn::GetAtt': [expect.stringMatching(/^Group/), 'GroupId'] };
  const { Properties } = only(template, 'AWS::RDS::DBInstance');
  expect(Properties).toMatchObject({ DBSubnetGroupName: 'database-subnets', VPCSecurityGroups: [groupId] });
  expect(idsOf(template, 'AWS::RDS::DBSubnetGroup')).toEqual([]);
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    Description: 'MLflow server',
    GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Group'), 'GroupId'] },
  });
});

describe('from a snapshot', () => {
  const template = templateWith({ backendStore: BackendStore.rdsPostgres({ snapshotIdentifier: 'last-friday' }) });
  const instance = only(template, 'AWS::RDS::DBInstance');
  const fresh = only(templateWith(), 'AWS::RDS::DBInstance');

  test('the database begins with its rows, and gets the password of the secret', () => {
    expect(instance.Properties).toMatchObject({ DBSnapshotIdentifier: 'last-friday', PubliclyAccessible: false });
    expect(instance.Properties).not.toHaveProperty('DBName');
    expect(instance.Properties.MasterUserPassword).toEqual(fresh.Properties.MasterUserPassword);
    expect(environmentOf(template).PGDATABASE).toBe('mlflow_tracking');
  });

  test('the storage is that of the snapshot, which may have grown', () => {
    expect(instance.Properties).not.toHaveProperty('AllocatedStorage');
    expect(instance.Properties).toMatchObject({ StorageType: 'gp3', MaxAllocatedStorage: 200 });
    const larger = instanceWith({
      snapshotIdentifier: 'last-friday',
      allocatedStorage: Size.gibibytes(500),
    }).Properties;
    expect(larger).toMatchObject({ AllocatedStorage: '500', MaxAllocatedStorage: 1000 });
  });

  test('nothing else of the instance differs', () => {
    const { DBName, AllocatedStorage, MasterUsername, StorageEncrypted, ...others } = fresh.Properties;
    const { DBSnapshotIdentifier, ...restored } = instance.Properties;
    expect(restored).toEqual(others);
  });

  test('it takes the place of the empty one, and the old one leaves a snapshot', () => {
    expect(instance.id).toBe(fresh.id);
    expect(instance.UpdateReplacePolicy).toBe('Snapshot');
    expect(idsOf(template, 'AWS::SecretsManager::Secret')).toEqual(
      idsOf(templateWith(), 'AWS::SecretsManager::Secret'),
    );
  });
});

test('the root certificate follows the certificate authority', () => {
  const pem = (caCertificate?: CaCertificate) => {
    const stack = newStack({ env: { region: 'eu-west-1' } });
    return environmentOf(templateWith({ backendStore: BackendStore.rdsPostgres({ caCertificate }) }, stack))
      .CDK_MLFLOW_DATABASE_CA;
  };
  expect(pem()).toBe(pem(CaCertificate.RDS_CA_RSA2048_G1));
  expect(new Set([pem(), pem(CaCertificate.RDS_CA_RSA4096_G1), pem(CaCertificate.RDS_CA_ECC384_G1)]).size).toBe(3);
});

test('a given root certificate is used where the library carries none', () => {
  const stack = newStack({ env: { region: 'xx-nowhere-1' } });
  const template = templateWith(
    { backendStore: BackendStore.rdsPostgres({ certificateAuthority: 'PEM', caCertificate: CaCertificate.of('own') }) },
    stack,
  );
  expect(environmentOf(template).CDK_MLFLOW_DATABASE_CA).toBe('PEM');
});

describe('a password that is changed from time to time', () => {
  const rotating = (options: rds.RotationSingleUserOptions = {}) =>
    BackendStore.rdsPostgres({ credentialsRotation: options });
  const template = templateWith({ backendStore: rotating() });
  const secretArn = { Ref: only(template, 'AWS::SecretsManager::SecretTargetAttachment').id };
  const parametersOf = (all: Template) => only(all, 'AWS::Serverless::Application').Properties.Parameters;

  test('is changed by the function of AWS, every 30 days', () => {
    expect(only(template, 'AWS::SecretsManager::RotationSchedule').Properties).toMatchObject({
      SecretId: secretArn,
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
    });
    template.hasMapping('*', { aws: { applicationId: Match.stringLikeRegexp('PostgreSQLRotationSingleUser$') } });
  });

  test('stays without the option', () => {
    const without = templateWith();
    for (const type of ['AWS::SecretsManager::RotationSchedule', 'AWS::Serverless::Application']) {
      expect(idsOf(without, type)).toEqual([]);
    }
    expect(environmentOf(without)).not.toHaveProperty('CDK_MLFLOW_DATABASE_SECRET');
    expect(actionsOn(without, 'MlflowComputeTaskTaskRole', secretArn)).toEqual([]);
  });

  test('is read again by the running server, which may do that', () => {
    expect(environmentOf(template).CDK_MLFLOW_DATABASE_SECRET).toEqual(secretArn);
    expect(actionsOn(template, 'MlflowComputeTaskTaskRole', secretArn)).toEqual([
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
    ]);
  });

  test('is read again on an instance, too', () => {
    const onInstance = templateWith({ compute: Compute.ec2(), backendStore: rotating() });
    const userData = JSON.stringify(only(onInstance, 'AWS::EC2::LaunchTemplate').Properties);
    expect(userData).toContain('CDK_MLFLOW_DATABASE_SECRET');
    expect(actionsOn(onInstance, 'MlflowComputeRole', secretArn)).toContain('secretsmanager:GetSecretValue');
  });

  test('the function runs where there is a way out, and may connect to the database', () => {
    const subnets = template.findResources('AWS::EC2::Subnet', {
      Properties: { Tags: Match.arrayWith([{ Key: 'aws-cdk:subnet-type', Value: 'Private' }]) },
    });
    expect(parametersOf(template).vpcSubnetIds).toEqual({
      'Fn::Join': ['', [{ Ref: Object.keys(subnets)[0] }, ',', { Ref: Object.keys(subnets)[1] }]],
    });
    const group = only(template, 'AWS::EC2::SecurityGroup', 'MlflowBackendStoreInstanceRotation').id;
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      SourceSecurityGroupId: { 'Fn::GetAtt': [group, 'GroupId'] },
      FromPort: { 'Fn::GetAtt': [only(template, 'AWS::RDS::DBInstance').id, 'Endpoint.Port'] },
    });
  });

  test('is changed as often as is said', () => {
    const often = templateWith({ backendStore: rotating({ automaticallyAfter: Duration.hours(4) }) });
    expect(only(often, 'AWS::SecretsManager::RotationSchedule').Properties.RotationRules).toEqual({
      ScheduleExpression: 'rate(4 hours)',
    });
  });

  test('is changed where a database begins with a snapshot', () => {
    const backendStore = BackendStore.rdsPostgres({ snapshotIdentifier: 'last-friday', credentialsRotation: {} });
    expect(idsOf(templateWith({ backendStore }), 'AWS::SecretsManager::RotationSchedule')).toHaveLength(1);
  });

  test('needs no way out in a VPC that has an endpoint, or of which nothing is known', () => {
    const image = () => ServerImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Images', 'mlflow'), 'one');
    let stack = newStack();
    const inside = templateWith(
      { vpc: new IsolatedVpc(stack, 'Vpc'), image: image(), backendStore: rotating() },
      stack,
    );
    expect(JSON.stringify(parametersOf(inside).vpcSubnetIds)).toContain('VpcIsolated');
    stack = newStack();
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      vpcCidrBlock: '10.0.0.0/16',
      availabilityZones: ['a', 'b'],
      isolatedSubnetIds: ['subnet-1', 'subnet-2'],
    });
    const outside = templateWith({ vpc, image: image(), backendStore: rotating() }, stack);
    expect(parametersOf(outside).vpcSubnetIds).toBe('subnet-1,subnet-2');
  });
});

test('fails with all problems at once', () => {
  expect(() =>
    BackendStore.rdsPostgres({ cloudwatchLogsExports: ['audit'], backupRetention: Duration.days(0) }),
  ).toThrow(
    new Error(
      'BackendStore.rdsPostgres() has 2 problems:\n' +
        "- 'backupRetention' must be a whole number of days from 1 to 35; got 0 days\n" +
        "- 'cloudwatchLogsExports' must contain only postgresql, upgrade; got 'audit'",
    ),
  );
});

test('values that are known only later pass', () => {
  const text = Lazy.string({ produce: () => '02:00-03:00' });
  const properties = instanceWith({ preferredBackupWindow: text, cloudwatchLogsExports: [text] }).Properties;
  expect(properties).toMatchObject({
    PreferredBackupWindow: '02:00-03:00',
    EnableCloudwatchLogsExports: ['02:00-03:00'],
  });
});
