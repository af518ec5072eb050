import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Authentication, Endpoint, IAuthentication, MlflowTrackingServer } from '../../src';
import { newStack } from '../support/new-app';
import { environmentOf, idsOf, serverContainer } from '../support/templates';

const stack = newStack();
const server = new MlflowTrackingServer(stack, 'Mlflow', { authentication: Authentication.none() });
const grant = server.grantAccess(
  new Role(stack, 'Client', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }),
);
const template = Template.fromStack(stack);

test('the server is MLflow’s plain application', () => {
  expect(serverContainer(template).Command).toEqual(['serve']);
  expect(environmentOf(template)).not.toHaveProperty('CDK_MLFLOW_AUTH_CONFIG');
});

test('no credentials are defined, and those of the server itself stay', () => {
  expect(serverContainer(template).Secrets!.map(({ Name }) => Name)).toEqual([
    'MLFLOW_CRYPTO_KEK_PASSPHRASE',
    'MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY',
    'PGUSER',
    'PGPASSWORD',
  ]);
  expect(idsOf(template, 'AWS::SecretsManager::Secret')).toHaveLength(3);
  expect(Object.keys(template.toJSON().Outputs)).toEqual([expect.stringMatching(/^MlflowTrackingUri/)]);
});

test('there is nothing to grant', () => {
  expect(grant.success).toBe(false);
  expect(Object.keys(template.findResources('AWS::IAM::Policy')).filter((id) => id.startsWith('Client'))).toEqual([]);
});

test('a warning says what it means', () => {
  Annotations.fromStack(stack).hasWarning(
    '/Stack/Mlflow/Authentication',
    'anyone who can connect to the endpoint can read, change and delete every run and model; ' +
      'use Authentication.basic() to require credentials [ack: cdk-mlflow:noAuthentication]',
  );
});

describe('on a public endpoint', () => {
  const publicly = (authentication: IAuthentication) => {
    const open = newStack();
    const endpoint = Endpoint.publicLoadBalancer({ plainHttp: true, openToTheWorld: true });
    new MlflowTrackingServer(open, 'Mlflow', { endpoint, authentication });
    return open;
  };

  test('it must be acknowledged, and the warning says what it means', () => {
    const open = publicly(Authentication.none({ acknowledgePublicAccess: true }));
    expect(serverContainer(Template.fromStack(open)).Command).toEqual(['serve']);
    Annotations.fromStack(open).hasWarning(
      '/Stack/Mlflow/Authentication',
      'anyone on the internet whom the endpoint allows can read, change and delete every run and model without credentials; ' +
        'use Authentication.basic() to require them [ack: cdk-mlflow:noAuthenticationInPublic]',
    );
  });

  test.each([[{}], [{ acknowledgePublicAccess: false }]])('%j is refused', (props) => {
    expect(() => publicly(Authentication.none(props))).toThrow(/^'authentication' cannot be none/);
  });

  test('it needs no acknowledgement with authentication', () => {
    Annotations.fromStack(publicly(Authentication.basic())).hasNoWarning('*', Match.stringLikeRegexp('cdk-mlflow'));
  });
});

test('with authentication there is no warning', () => {
  const other = newStack();
  new MlflowTrackingServer(other, 'Mlflow');
  Annotations.fromStack(other).hasNoWarning('*', Match.stringLikeRegexp('cdk-mlflow'));
});
