import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Compute, Endpoint, MlflowTrackingServer, MlflowTrackingServerProps, MlflowVersion, ServerImage } from '../src';
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

test.each([
  [new FakeEndpoint(true), { isPublic: true, origin: 'https://mlflow.example.com' }],
  [
    new FakeEndpoint(false, { origin: 'http://mlflow.test:8080' }),
    { isPublic: false, origin: 'http://mlflow.test:8080' },
  ],
])('an authentication learns how clients reach the server', (endpoint, expected) => {
  const authentication = new FakeAuthentication();
  define({ endpoint, authentication });
  expect(authentication.options).toEqual({ profile: 'development', ...expected });
});

describe('an authentication that needs a plugin', () => {
  const needing = () => new FakeAuthentication({ pythonPackages: ['mlflow-oidc-auth'] });
  const names = { pythonPackages: ['boto3-stubs', 'MLflow_OIDC.auth'] };

  test.each<[string, MlflowTrackingServerProps]>([
    ['an image of a registry', { image: ServerImage.fromRegistry('example.com/mlflow:1', names) }],
    ['an image that is built', { image: ServerImage.fromAsset('assets/image', names) }],
    [
      'an image in Amazon ECR',
      {
        image: ServerImage.fromEcrRepository(Repository.fromRepositoryName(newStack(), 'Images', 'mlflow'), '1', names),
      },
    ],
    [
      'a compute that installs it',
      { compute: new FakeCompute({ runtime: { mlflowVersion: MlflowVersion.V3_17_2, ...names } }) },
    ],
  ])('gets it with %s that names it, however it is spelled', (_name, props) => {
    expect(() => define({ ...props, authentication: needing() })).not.toThrow();
  });

  test('gets it with the packages of Amazon EC2 that have it', () => {
    const lines = ['mlflow==3.17.2', 'mlflow-oidc-auth==7.0.0'].map(
      (line) => `${line} --hash=sha256:${'0'.repeat(64)}`,
    );
    const { runtime } = Compute.ec2({ requirements: [...others(), ...lines].join('\n') }).capabilities;
    expect(runtime!.pythonPackages).toEqual(expect.arrayContaining(['mlflow', 'mlflow-oidc-auth']));
  });
});

/** What else the packages of a server must have. */
function others(): string[] {
  const names = ['psycopg2-binary', 'boto3', 'botocore', 'jmespath', 'python-dateutil', 's3transfer', 'six', 'urllib3'];
  return names.map((name) => `${name}==1.0 --hash=sha256:${'0'.repeat(64)}`);
}

test('what an image contains does not become an option of its build', () => {
  const image = (options: object) => define({ image: ServerImage.fromAsset('assets/image', options) }).template;
  expect(image({ pythonPackages: ['a'] }).toJSON()).toEqual(image({}).toJSON());
});

test('an authentication that needs HTTPS is legal with it', () => {
  const endpoints = [
    Endpoint.publicLoadBalancer({ domainName: 'mlflow.example.com', certificate: certificate(newStack()) }),
    Endpoint.internalLoadBalancer({ domainName: 'mlflow.example.com', certificate: certificate(newStack()) }),
    Endpoint.kubernetesIngress({ domainName: 'mlflow.example.com' }),
  ];
  expect(endpoints.map(({ capabilities }) => capabilities.usesHttps)).toEqual([true, true, true]);
  const without = [
    Endpoint.publicLoadBalancer({ plainHttp: true }),
    Endpoint.internalLoadBalancer(),
    Endpoint.kubernetesIngress({ domainName: 'mlflow.example.com', plainHttp: true }),
    Endpoint.instanceAddress(),
    Endpoint.portForwarding(),
  ];
  expect(without.map(({ capabilities }) => capabilities.usesHttps ?? false)).toEqual(without.map(() => false));
  const authentication = new FakeAuthentication({ needsHttps: true });
  expect(() => define({ endpoint: endpoints[1], authentication })).not.toThrow();
});

function certificate(stack: Stack) {
  return Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/1');
}

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
