import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { InstanceClass, InstanceSize, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { BackendStore, MlflowTrackingServer, Profile } from '../../src';
import { ALL_KINDS, givenVpc, WITHOUT_ISOLATED } from '../support/networks';
import { newStack } from '../support/new-app';
import { environmentOf, idsOf, only, serverContainer, templateWith } from '../support/templates';

describe('by default', () => {
  const template = templateWith();
  const instance = only(template, 'AWS::RDS::DBInstance');

  test('the database is private, encrypted and recent', () => {
    expect(instance.Properties).toMatchObject({
      Engine: 'postgres',
      EngineVersion: '17',
      DBName: 'mlflow_tracking',
      PubliclyAccessible: false,
      StorageEncrypted: true,
      StorageType: 'gp3',
      AllocatedStorage: '20',
      MaxAllocatedStorage: 200,
      CACertificateIdentifier: 'rds-ca-rsa2048-g1',
    });
  });

  test('it leaves a snapshot when it is deleted or replaced', () => {
    expect(instance.DeletionPolicy).toBe('Snapshot');
    expect(instance.UpdateReplacePolicy).toBe('Snapshot');
  });

  test('connections without TLS are refused', () => {
    const parameters = only(template, 'AWS::RDS::DBParameterGroup');
    expect(parameters.Properties).toMatchObject({ Family: 'postgres17', Parameters: { 'rds.force_ssl': '1' } });
    expect(instance.Properties.DBParameterGroupName).toEqual({ Ref: parameters.id });
  });

  test('it is in the isolated subnets', () => {
    const subnets = only(template, 'AWS::RDS::DBSubnetGroup');
    expect(instance.Properties.DBSubnetGroupName).toEqual({ Ref: subnets.id });
    expect(subnets.Properties.SubnetIds).toEqual([
      { Ref: expect.stringMatching(/^MlflowVpcIsolatedSubnet1/) },
      { Ref: expect.stringMatching(/^MlflowVpcIsolatedSubnet2/) },
    ]);
  });

  test('only the server reaches it', () => {
    const group = only(template, 'AWS::EC2::SecurityGroup', 'MlflowBackendStore');
    expect(instance.Properties.VPCSecurityGroups).toEqual([{ 'Fn::GetAtt': [group.id, 'GroupId'] }]);
    expect(group.Properties).not.toHaveProperty('SecurityGroupIngress');
    const port = { 'Fn::GetAtt': [instance.id, 'Endpoint.Port'] };
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress'))
      .map(({ Properties }) => Properties)
      .filter(({ GroupId }) => GroupId['Fn::GetAtt'][0] === group.id);
    expect(rules).toEqual([
      {
        Description: 'MLflow server',
        IpProtocol: 'tcp',
        FromPort: port,
        ToPort: port,
        GroupId: { 'Fn::GetAtt': [group.id, 'GroupId'] },
        SourceSecurityGroupId: {
          'Fn::GetAtt': [only(template, 'AWS::EC2::SecurityGroup', 'MlflowComputeService').id, 'GroupId'],
        },
      },
    ]);
  });

  test('the server is told where it is, and verifies its certificate', () => {
    expect(environmentOf(template)).toMatchObject({
      MLFLOW_BACKEND_STORE_URI:
        'postgresql+psycopg2://?tcp_user_timeout=10000&keepalives_idle=4&keepalives_interval=2&keepalives_count=3',
      PGHOST: { 'Fn::GetAtt': [instance.id, 'Endpoint.Address'] },
      PGPORT: { 'Fn::GetAtt': [instance.id, 'Endpoint.Port'] },
      PGDATABASE: 'mlflow_tracking',
      PGSSLMODE: 'verify-full',
      PGCONNECT_TIMEOUT: '10',
    });
  });

  test('user and password are a secret that the database knows', () => {
    const secret = only(template, 'AWS::SecretsManager::Secret', 'MlflowBackendStore');
    expect(secret.Properties.GenerateSecretString).toMatchObject({
      SecretStringTemplate: '{"username":"mlflow"}',
      GenerateStringKey: 'password',
      PasswordLength: 30,
    });
    expect(instance.Properties.MasterUserPassword).toEqual({
      'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: secret.id }, ':SecretString:password::}}']],
    });
    const attachment = { Ref: idsOf(template, 'AWS::SecretsManager::SecretTargetAttachment')[0] };
    expect(serverContainer(template).Secrets).toEqual(
      expect.arrayContaining([
        { Name: 'PGUSER', ValueFrom: { 'Fn::Join': ['', [attachment, ':username::']] } },
        { Name: 'PGPASSWORD', ValueFrom: { 'Fn::Join': ['', [attachment, ':password::']] } },
      ]),
    );
  });
});

describe('the profile gives sizes and protection', () => {
  test.each([
    [Profile.DEVELOPMENT, 'db.t4g.micro', false, 7, false],
    [Profile.PRODUCTION, 'db.m7g.large', true, 30, true],
  ])('%s', (profile, DBInstanceClass, MultiAZ, BackupRetentionPeriod, DeletionProtection) => {
    templateWith({ profile }).hasResourceProperties('AWS::RDS::DBInstance', {
      DBInstanceClass,
      MultiAZ,
      BackupRetentionPeriod,
      DeletionProtection,
    });
  });

  test('and every value can be overridden', () => {
    const backendStore = BackendStore.rdsPostgres({
      engineVersion: PostgresEngineVersion.VER_16,
      instanceType: InstanceType.of(InstanceClass.R7G, InstanceSize.XLARGE),
      multiAz: false,
      backupRetention: Duration.days(3),
      deletionProtection: false,
    });
    const template = templateWith({ profile: Profile.PRODUCTION, backendStore });
    template.hasResourceProperties('AWS::RDS::DBInstance', {
      EngineVersion: '16',
      DBInstanceClass: 'db.r7g.xlarge',
      MultiAZ: false,
      BackupRetentionPeriod: 3,
      DeletionProtection: false,
    });
    template.hasResourceProperties('AWS::RDS::DBParameterGroup', { Family: 'postgres16' });
  });
});

describe('in a given VPC', () => {
  test.each([
    ['with isolated subnets it goes there', ALL_KINDS, /^GivenVpcGiven2Subnet/],
    ['without, it goes to the private ones', WITHOUT_ISOLATED, /^GivenVpcGiven1Subnet/],
  ])('%s', (_name, kinds, subnet) => {
    const stack = newStack();
    const template = templateWith({ vpc: givenVpc(stack, kinds) }, stack);
    const { SubnetIds } = only(template, 'AWS::RDS::DBSubnetGroup').Properties;
    expect(SubnetIds).toEqual([{ Ref: expect.stringMatching(subnet) }, { Ref: expect.stringMatching(subnet) }]);
  });
});

test('the instance can be reached for what the props do not have', () => {
  const stack = newStack();
  const backendStore = BackendStore.rdsPostgres();
  new MlflowTrackingServer(stack, 'Mlflow', { backendStore });
  backendStore.instance.metricCPUUtilization().createAlarm(stack, 'Alarm', { threshold: 90, evaluationPeriods: 1 });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Dimensions: [
      { Name: 'DBInstanceIdentifier', Value: { Ref: Match.stringLikeRegexp('^MlflowBackendStoreInstance') } },
    ],
  });
});
