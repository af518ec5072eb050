import { CfnParameter, Duration, Lazy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Authentication, BasicAuthenticationProps, Compute, DefaultPermission, MlflowTrackingServer } from '../../src';
import { newStack } from '../support/new-app';
import {
  actionsOn,
  environmentOf,
  idsOf,
  only,
  permissionsOf,
  serverContainer,
  templateWith,
} from '../support/templates';

const template = templateWith();
const administrator = only(template, 'AWS::SecretsManager::Secret', 'MlflowAuthenticationAdministrator');
const flaskKey = only(template, 'AWS::SecretsManager::Secret', 'MlflowAuthenticationFlaskKey');

test('the server is MLflow’s application with authentication', () => {
  expect(serverContainer(template).Command).toEqual(['serve', '--app-name', 'basic-auth']);
});

test('the administrator has a generated password', () => {
  expect(administrator.Properties.GenerateSecretString).toEqual({
    SecretStringTemplate: '{"username":"admin"}',
    GenerateStringKey: 'password',
    PasswordLength: 32,
    ExcludePunctuation: true,
  });
});

test('sessions are signed with a generated key', () => {
  expect(flaskKey.Properties.GenerateSecretString).toEqual({ PasswordLength: 64, ExcludePunctuation: true });
});

test.each([
  ['administrator', administrator],
  ['key', flaskKey],
])('the %s survives the stack', (_name, { DeletionPolicy, UpdateReplacePolicy }) => {
  expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain']);
});

test('the server receives them as secrets', () => {
  const field = (name: string) => ({ 'Fn::Join': ['', [{ Ref: administrator.id }, `:${name}::`]] });
  expect(serverContainer(template).Secrets).toEqual(
    expect.arrayContaining([
      { Name: 'MLFLOW_AUTH_ADMIN_USERNAME', ValueFrom: field('username') },
      { Name: 'MLFLOW_AUTH_ADMIN_PASSWORD', ValueFrom: field('password') },
      { Name: 'MLFLOW_FLASK_SERVER_SECRET_KEY', ValueFrom: { Ref: flaskKey.id } },
    ]),
  );
});

describe('configuration', () => {
  test.each<[BasicAuthenticationProps, string, string]>([
    [{}, 'READ', '60'],
    [{ defaultPermission: DefaultPermission.NO_PERMISSIONS, cacheTtl: Duration.minutes(2) }, 'NO_PERMISSIONS', '120'],
    [{ defaultPermission: DefaultPermission.EDIT, cacheTtl: Duration.seconds(0) }, 'EDIT', '0'],
    [{ defaultPermission: DefaultPermission.MANAGE, cacheTtl: Duration.millis(3000) }, 'MANAGE', '3'],
  ])('%j', (props, permission, seconds) => {
    const environment = environmentOf(templateWith({ authentication: Authentication.basic(props) }));
    expect(JSON.parse(environment.CDK_MLFLOW_AUTH_CONFIG as string)).toEqual({
      default_permission: permission,
      auth_cache_ttl_seconds: seconds,
    });
  });

  test('a time that is known later', () => {
    const cacheTtl = Duration.seconds(Lazy.number({ produce: () => 17 }));
    const environment = environmentOf(templateWith({ authentication: Authentication.basic({ cacheTtl }) }));
    expect(JSON.parse(environment.CDK_MLFLOW_AUTH_CONFIG as string).auth_cache_ttl_seconds).toBe('17');
  });
});

describe('given secrets', () => {
  const ARN = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:';
  const stack = newStack();
  const encryptionKey = new Key(stack, 'Key');
  const givenKey = new Secret(stack, 'Given', { encryptionKey });
  const given = Secret.fromSecretCompleteArn(stack, 'Imported', `${ARN}team/admin-AbCdEf`);
  const authentication = Authentication.basic({ administrator: given, flaskKey: givenKey });
  const server = new MlflowTrackingServer(stack, 'Mlflow', { authentication });
  server.grantAccess(new Role(stack, 'Client', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }));
  const all = Template.fromStack(stack);
  const keyId = only(all, 'AWS::SecretsManager::Secret', 'Given').id;

  test('are used instead of generated ones', () => {
    expect(idsOf(all, 'AWS::SecretsManager::Secret').filter((id) => id.startsWith('MlflowAuthentication'))).toEqual([]);
    expect(serverContainer(all).Secrets).toEqual(
      expect.arrayContaining([
        { Name: 'MLFLOW_AUTH_ADMIN_USERNAME', ValueFrom: `${ARN}team/admin-AbCdEf:username::` },
        { Name: 'MLFLOW_AUTH_ADMIN_PASSWORD', ValueFrom: `${ARN}team/admin-AbCdEf:password::` },
        { Name: 'MLFLOW_FLASK_SERVER_SECRET_KEY', ValueFrom: { Ref: keyId } },
      ]),
    );
    expect(authentication.administrator).toBe(given);
  });

  test('are granted to the tasks, with the key that encrypts them', () => {
    const role = 'MlflowComputeTaskExecutionRole';
    const read = ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'];
    expect(actionsOn(all, role, `${ARN}team/admin-AbCdEf`)).toEqual(read);
    expect(actionsOn(all, role, { Ref: keyId })).toEqual(read);
    const roleId = only(all, 'AWS::IAM::Role', role).id;
    all.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'kms:Decrypt',
            Effect: 'Allow',
            Principal: { AWS: { 'Fn::GetAtt': [roleId, 'Arn'] } },
          }),
        ]),
      },
    });
  });

  test('are what clients sign in with, and what the output names', () => {
    expect(actionsOn(all, 'Client', `${ARN}team/admin-AbCdEf`)).toContain('secretsmanager:GetSecretValue');
    all.hasOutput('*', { Value: 'team/admin', Description: Match.stringLikeRegexp('administrator') });
  });

  test('are granted to instances, too', () => {
    const other = newStack();
    const named = Secret.fromSecretNameV2(other, 'Admin', new CfnParameter(other, 'Name').valueAsString);
    const onInstance = templateWith(
      { compute: Compute.ec2(), authentication: Authentication.basic({ administrator: named }) },
      other,
    );
    const [{ resource }] = permissionsOf(onInstance).filter((each) => JSON.stringify(each).includes('"Ref":"Name"'));
    expect(actionsOn(onInstance, 'MlflowComputeRole', resource)).toContain('secretsmanager:GetSecretValue');
  });
});

test('the administrator’s secret can be reached', () => {
  const stack = newStack();
  const authentication = Authentication.basic();
  new MlflowTrackingServer(stack, 'Mlflow', { authentication });
  expect(authentication.administrator.node.path).toBe('Stack/Mlflow/Authentication/Administrator');
});
