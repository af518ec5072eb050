import { Template } from 'aws-cdk-lib/assertions';
import { AppRunnerCompute } from './app-runner-compute';
import { Authentication, Endpoint, MlflowTrackingServer, MlflowTrackingServerProps, ServerImage } from '../../../src';
import { FakeAuthentication } from '../../support/fakes';
import { newStack } from '../../support/new-app';
import { refused } from '../../support/refused';
import { actionsOn, messageOf, only } from '../../support/templates';

const image = ServerImage.hardened();

function define(props: MlflowTrackingServerProps = {}) {
  const stack = newStack({ env: { account: '111111111111', region: 'eu-west-1' } });
  const server = new MlflowTrackingServer(stack, 'Mlflow', { compute: new AppRunnerCompute(), image, ...props });
  const template = Template.fromStack(stack);
  const service = only(template, 'AWS::AppRunner::Service');
  const { ImageConfiguration: container, ...source } = service.Properties.SourceConfiguration.ImageRepository;
  const environment = Object.fromEntries(
    container.RuntimeEnvironmentVariables.map(({ Name, Value }: any) => [Name, Value]),
  );
  return { stack, server, template, service, container, source, environment };
}

const URL = (id: string) => ({ 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [id, 'ServiceUrl'] }]] });

describe('a compute with its own endpoint and our server process', () => {
  const { stack, server, template, service, container, environment } = define();

  test('has a database, an artifact store and the administrator, but no load balancer', () => {
    template.resourceCountIs('AWS::RDS::DBInstance', 1);
    template.resourceCountIs('AWS::S3::Bucket', 1);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 0);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 0);
    expect(only(template, 'AWS::SecretsManager::Secret', 'MlflowAuthenticationAdministrator').id).toBeDefined();
  });

  test('runs the migration and the server, on the port of its endpoint', () => {
    expect(container.StartCommand).toBe(
      `sh -c 'python -c "$MLFLOW_PROGRAM" migrate && exec python -c "$MLFLOW_PROGRAM" serve --app-name basic-auth'`,
    );
    expect([container.Port, environment.MLFLOW_PORT, environment.MLFLOW_WORKERS]).toEqual(['8080', '8080', '1']);
    expect(service.Properties.HealthCheckConfiguration.Path).toBe('/health');
  });

  test('answers to the names that its endpoint can get, and to its own', () => {
    const pattern = ['*.', { Ref: 'AWS::Region' }, '.awsapprunner.com'] as const;
    expect(environment.MLFLOW_SERVER_ALLOWED_HOSTS).toEqual({
      'Fn::Join': [
        '',
        [
          ...[pattern[0], pattern[1], `${pattern[2]},*.`, pattern[1]],
          `${pattern[2]}:*,localhost,localhost:*,127.0.0.1,127.0.0.1:*,0.0.0.0,0.0.0.0:*`,
        ],
      ],
    });
    expect(environment.MLFLOW_SERVER_CORS_ALLOWED_ORIGINS).toEqual({
      'Fn::Join': ['', ['https://*.', pattern[1], pattern[2]]],
    });
    expect(environment.MLFLOW_UVICORN_OPTS).not.toContain('keep-alive');
  });

  test('gives its address to clients', () => {
    expect(stack.resolve(server.trackingUri)).toEqual(URL(service.id));
    const outputs = template.toJSON().Outputs;
    expect(Object.keys(outputs)).toHaveLength(2);
    expect(Object.entries(outputs).find(([name]) => name.startsWith('MlflowTrackingUri'))![1]).toEqual({
      Description: 'The address for MLflow clients',
      Value: URL(service.id),
    });
  });

  test('reaches the database through its connector, and starts after it', () => {
    const group = { 'Fn::GetAtt': [only(template, 'AWS::EC2::SecurityGroup', 'MlflowCompute').id, 'GroupId'] };
    const rule = only(template, 'AWS::EC2::SecurityGroupIngress', 'MlflowBackendStore');
    expect(rule.Properties.SourceSecurityGroupId).toEqual(group);
    expect(only(template, 'AWS::AppRunner::VpcConnector').Properties.SecurityGroups).toEqual([group]);
    expect(service.DependsOn).toEqual(expect.arrayContaining([only(template, 'AWS::RDS::DBInstance').id, rule.id]));
  });

  test('is granted the artifacts and its secrets', () => {
    const bucket = { 'Fn::GetAtt': [only(template, 'AWS::S3::Bucket').id, 'Arn'] };
    expect(actionsOn(template, 'MlflowComputeRole', bucket)).toContain('s3:ListBucket');
    const names = container.RuntimeEnvironmentSecrets.map(({ Name }: any) => Name).sort();
    expect(names).toEqual([
      'MLFLOW_AUTH_ADMIN_PASSWORD',
      'MLFLOW_AUTH_ADMIN_USERNAME',
      'MLFLOW_CRYPTO_KEK_PASSPHRASE',
      'MLFLOW_FLASK_SERVER_SECRET_KEY',
      'MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY',
      'PGPASSWORD',
      'PGUSER',
    ]);
  });
});

test('the address has the path under which the server is served', () => {
  const { server, service, stack } = define({ server: { staticPrefix: '/ml' } });
  expect(stack.resolve(server.trackingUri)).toEqual({
    'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [service.id, 'ServiceUrl'] }, '/ml']],
  });
});

test('an authentication that needs HTTPS is accepted, and learns that the address is not known yet', () => {
  const authentication = new FakeAuthentication({ needsHttps: true });
  define({ authentication });
  expect(authentication.options).toEqual({ profile: 'development', isPublic: true, origin: undefined });
});

test.each<[string, MlflowTrackingServerProps, string]>([
  [
    'an endpoint, which the compute has',
    { endpoint: Endpoint.internalLoadBalancer() },
    "'endpoint' cannot be set with App Runner compute, which has its own endpoint; remove 'endpoint' or choose another compute",
  ],
  [
    'no authentication, in public',
    { authentication: Authentication.none() },
    "'authentication' cannot be none with the endpoint of App Runner compute, which anyone on the internet can reach; use Authentication.basic() or an internal endpoint, or accept it with 'acknowledgePublicAccess' of Authentication.none()",
  ],
  [
    'an image that the compute does not pull',
    { image: ServerImage.official() },
    "'image' must be in Amazon ECR with App Runner; got ServerImage.official()",
  ],
])('%s: refused before anything is defined', (_name, props, message) => {
  expect(messageOf(refused(() => ({ compute: new AppRunnerCompute(), image, ...props })))).toBe(message);
});
