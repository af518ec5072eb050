import { Template } from 'aws-cdk-lib/assertions';
import { Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { MlflowTrackingServer, MlflowTrackingServerProps } from '../src';
import {
  FAKE_IDLE_TIMEOUT,
  FakeArtifactStore,
  FakeAuthentication,
  FakeBackendStore,
  FakeCompute,
  FakeEndpoint,
} from './support/fakes';
import { newStack } from './support/new-app';
import { environmentOf, only, permissionsOf, resourcesOf, serverContainer } from './support/templates';

function define(props: MlflowTrackingServerProps) {
  const stack = newStack();
  const server = new MlflowTrackingServer(stack, 'Mlflow', props);
  return { stack, server, template: Template.fromStack(stack) };
}

describe('a backend store of the user’s own', () => {
  const { template } = define({ backendStore: new FakeBackendStore() });

  test('replaces the database', () => {
    template.resourceCountIs('AWS::RDS::DBInstance', 0);
    expect(environmentOf(template)).toMatchObject({ PGHOST: 'db.example.com' });
    expect(serverContainer(template).Secrets!.map(({ Name }) => Name)).not.toContain('PGUSER');
  });

  test('is waited for', () => {
    expect(only(template, 'AWS::ECS::Service').DependsOn).toContain(only(template, 'Fake::Database').id);
  });
});

test('a backend store may have nothing but an address', () => {
  const { template } = define({ backendStore: { bind: () => ({ environment: { PGHOST: 'elsewhere' } }) } });
  expect(environmentOf(template).PGHOST).toBe('elsewhere');
});

describe('an endpoint of the user’s own', () => {
  const endpoint = new FakeEndpoint(true, { idleTimeout: FAKE_IDLE_TIMEOUT });
  const { server, template, stack } = define({ endpoint, server: { staticPrefix: '/ml' } });

  test('is bound with what it leads to', () => {
    expect(endpoint.options).toMatchObject({ port: 5000, healthCheckPath: '/ml/health' });
    expect(endpoint.options!.vpc.node.path).toBe('Stack/Mlflow/Vpc');
  });

  test('replaces the load balancer', () => {
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 0);
    expect(server.trackingUri).toBe('https://mlflow.example.com/ml');
    expect(environmentOf(template)).toMatchObject({
      MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: 'https://mlflow.example.com',
      MLFLOW_UVICORN_OPTS: '--timeout-graceful-shutdown 105 --timeout-keep-alive 135 --no-proxy-headers',
    });
    expect(environmentOf(template).MLFLOW_SERVER_ALLOWED_HOSTS).toMatch(/^mlflow\.example\.com,/);
  });

  test('without connections of its own, those of the compute are the server’s', () => {
    expect(server.connections.securityGroups.map(({ node }) => node.path)).toEqual([
      'Stack/Mlflow/Compute/Service/SecurityGroup',
    ]);
    expect(stack.node.tryFindChild('Mlflow')).toBe(server);
  });
});

test('the connections of an endpoint come first', () => {
  const stack = newStack();
  const endpoint = new FakeEndpoint();
  const bind = endpoint.bind.bind(endpoint);
  endpoint.bind = (scope, options) => {
    const group = new SecurityGroup(scope, 'Group', { vpc: options.vpc });
    group.connections.allowFromAnyIpv4(Port.tcp(443));
    return { ...bind(scope, options), connections: group.connections };
  };
  const server = new MlflowTrackingServer(stack, 'Mlflow', { endpoint });
  expect(server.connections.securityGroups[0].node.path).toBe('Stack/Mlflow/Endpoint/Group');
});

test('an authentication of the user’s own', () => {
  const { template, server } = define({ authentication: new FakeAuthentication() });
  expect(serverContainer(template).Command).toEqual(['serve', '--app-name', 'team-auth']);
  expect(environmentOf(template).TEAM_AUTH_URL).toBe('https://login.example.com');
  expect(server.grantAccess(server).success).toBe(false);
  expect(Object.keys(template.toJSON().Outputs)).toEqual([expect.stringMatching(/^MlflowTrackingUri/)]);
});

test('a public endpoint with an authentication of the user’s own is legal', () => {
  expect(() => define({ endpoint: new FakeEndpoint(true), authentication: new FakeAuthentication() })).not.toThrow();
});

test('an artifact store that is no bucket', () => {
  const { template } = define({ artifactStore: new FakeArtifactStore() });
  template.resourceCountIs('AWS::S3::Bucket', 0);
  expect(environmentOf(template)).toMatchObject({
    MLFLOW_ARTIFACTS_DESTINATION: 'gs://models/mlflow',
    TEAM_STORE: 'yes',
  });
  expect(permissionsOf(template).filter(({ action }) => action.startsWith('s3:'))).toEqual([]);
});

test('all of them together', () => {
  const { template } = define({
    compute: new FakeCompute(),
    backendStore: new FakeBackendStore(),
    artifactStore: new FakeArtifactStore(),
    endpoint: new FakeEndpoint(),
    authentication: new FakeAuthentication(),
  });
  const types = new Set(Object.values(resourcesOf(template)).map(({ Type }) => Type));
  expect([...types].filter((type) => !/::(EC2|IAM|Lambda)::|^Custom::/.test(type)).sort()).toEqual([
    'AWS::SecretsManager::Secret',
    'Fake::Database',
    'Fake::Machine',
  ]);
});
