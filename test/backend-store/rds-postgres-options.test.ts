import { Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { InstanceType, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CaCertificate, PostgresEngineVersion, SubnetGroup } from 'aws-cdk-lib/aws-rds';
import { BackendStore, Profile, RdsPostgresBackendStoreProps } from '../../src';
import { newStack } from '../support/new-app';
import { environmentOf, idsOf, only, templateWith } from '../support/templates';

const instanceWith = (props: RdsPostgresBackendStoreProps, stack?: Stack) =>
  only(templateWith({ backendStore: BackendStore.rdsPostgres(props) }, stack), 'AWS::RDS::DBInstance');

test.each<[RdsPostgresBackendStoreProps, Record<string, unknown>]>([
  [{ engineVersion: PostgresEngineVersion.VER_16 }, { EngineVersion: '16' }],
  [{ instanceType: new InstanceType('r7g.large') }, { DBInstanceClass: 'db.r7g.large' }],
  [{ allocatedStorage: Size.gibibytes(50) }, { AllocatedStorage: '50', MaxAllocatedStorage: 200 }],
  [{ allocatedStorage: Size.gibibytes(500) }, { AllocatedStorage: '500', MaxAllocatedStorage: 1000 }],
  [{ maxAllocatedStorage: Size.tebibytes(1) }, { AllocatedStorage: '20', MaxAllocatedStorage: 1024 }],
  [{ multiAz: true }, { MultiAZ: true }],
  [{ backupRetention: Duration.days(35) }, { BackupRetentionPeriod: 35 }],
  [{ backupWindow: '02:00-03:00' }, { PreferredBackupWindow: '02:00-03:00' }],
  [{ maintenanceWindow: 'sun:03:30-sun:04:30' }, { PreferredMaintenanceWindow: 'sun:03:30-sun:04:30' }],
  [{ performanceInsights: true }, { EnablePerformanceInsights: true }],
  [{ logExports: ['postgresql', 'upgrade'] }, { EnableCloudwatchLogsExports: ['postgresql', 'upgrade'] }],
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
  expect(insights({ performanceInsights: false })).toBe(false);
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
  const encryptionKey = new Key(stack, 'Key');
  expect(instanceWith({ encryptionKey }, stack).Properties.KmsKeyId).toEqual({
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

test('fails with all problems at once', () => {
  expect(() => BackendStore.rdsPostgres({ logExports: ['audit'], backupRetention: Duration.days(0) })).toThrow(
    new Error(
      'BackendStore.rdsPostgres() has 2 problems:\n' +
        "- 'backupRetention' must be from 1 to 35 whole days; got 0 days\n" +
        "- 'logExports' must be of postgresql, upgrade; got 'audit'",
    ),
  );
});

test('values that are known only later pass', () => {
  const text = Lazy.string({ produce: () => '02:00-03:00' });
  const properties = instanceWith({ backupWindow: text, logExports: [text] }).Properties;
  expect(properties).toMatchObject({
    PreferredBackupWindow: '02:00-03:00',
    EnableCloudwatchLogsExports: ['02:00-03:00'],
  });
});
