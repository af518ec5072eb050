import { Duration, Lazy } from 'aws-cdk-lib';
import { Authentication, BasicAuthenticationProps, DefaultPermission, MlflowTrackingServer } from '../../src';
import { newStack } from '../support/new-app';
import { environmentOf, only, serverContainer, templateWith } from '../support/templates';

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

test('the administrator’s secret can be reached', () => {
  const stack = newStack();
  const authentication = Authentication.basic();
  new MlflowTrackingServer(stack, 'Mlflow', { authentication });
  expect(authentication.administrator.node.path).toBe('Stack/Mlflow/Authentication/Administrator');
});
