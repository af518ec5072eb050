import { Duration } from 'aws-cdk-lib';
import { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { defineServer, healthCheckPath, SERVER_PORT } from '../../src/core/define-server';
import { ServerInputs } from '../../src/core/server-inputs';
import { namedSecret, SERVER_INPUTS } from '../support/server-inputs';
import { messageOf } from '../support/templates';

function define(inputs: Partial<ServerInputs> = {}) {
  return defineServer({ ...SERVER_INPUTS, ...inputs });
}

test('a server is plain data', () => {
  expect(define()).toEqual({
    imageUri: 'example.com/mlflow:1',
    program: 'print(1)',
    migrateArguments: ['migrate'],
    serveArguments: ['serve'],
    environment: {
      MLFLOW_HOST: '0.0.0.0',
      MLFLOW_PORT: '5000',
      MLFLOW_SQLALCHEMYSTORE_POOL_SIZE: '10',
      MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW: '31',
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      MLFLOW_DISABLE_TELEMETRY: 'true',
      HOME: '/tmp',
      TMPDIR: '/tmp',
      PYTHONUNBUFFERED: '1',
      MLFLOW_WORKERS: '3',
      MLFLOW_ARTIFACTS_DESTINATION: 's3://bucket/prefix',
      MLFLOW_SERVER_ALLOWED_HOSTS:
        'mlflow.example.com,mlflow.example.com:*,localhost,localhost:*,127.0.0.1,127.0.0.1:*,0.0.0.0,0.0.0.0:*',
      MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: 'https://mlflow.example.com',
      MLFLOW_UVICORN_OPTS: '--timeout-graceful-shutdown 105 --no-proxy-headers',
      MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX:
        '^(mlflow-artifacts:/|runs:/|models:/|(dummy-source|prompt-template)$)',
      MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH: '0',
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      PGHOST: 'db.example.com',
    },
    secrets: { SHARED: { secret: namedSecret('shared') } },
    port: 5000,
    healthCheckPath: '/health',
    stopTimeout: Duration.seconds(120),
    scratchPath: '/tmp',
    userId: 1000,
  });
  expect(SERVER_PORT).toBe(5000);
});

test('the server answers to names of the compute too', () => {
  const { environment } = define({
    hostNames: ['mlflow.ml'],
    endpoint: { ...SERVER_INPUTS.endpoint, ingress: {} },
  });
  expect(environment.MLFLOW_SERVER_ALLOWED_HOSTS).toMatch(
    /^mlflow\.example\.com,mlflow\.example\.com:\*,mlflow\.ml,mlflow\.ml:\*,localhost,/,
  );
  expect(environment.MLFLOW_SERVER_CORS_ALLOWED_ORIGINS).toBe('https://mlflow.example.com');
});

describe('arguments', () => {
  test('the application of the authentication comes before what the user adds', () => {
    const { serveArguments } = define({
      authentication: { appName: 'basic-auth' },
      options: { extraArguments: ['--secrets-cache-ttl', '30'] },
    });
    expect(serveArguments).toEqual(['serve', '--app-name', 'basic-auth', '--secrets-cache-ttl', '30']);
  });

  test('the migration takes nothing from the user', () => {
    expect(define({ options: { extraArguments: ['--x'] } }).migrateArguments).toEqual(['migrate']);
  });
});

describe('allowed hosts', () => {
  test.each([
    [[], 'localhost,localhost:*,127.0.0.1,127.0.0.1:*,0.0.0.0,0.0.0.0:*'],
    [['a', 'b'], 'a,a:*,b,b:*,localhost,localhost:*,127.0.0.1,127.0.0.1:*,0.0.0.0,0.0.0.0:*'],
  ])('%j', (hostNames, expected) => {
    const { environment } = define({ endpoint: { ...SERVER_INPUTS.endpoint, hostNames } });
    expect(environment.MLFLOW_SERVER_ALLOWED_HOSTS).toBe(expected);
  });
});

describe('options of uvicorn', () => {
  const targetGroup = {} as ApplicationTargetGroup;

  test.each([
    ['nothing in front', {}, '--timeout-graceful-shutdown 105 --no-proxy-headers'],
    [
      'an idle timeout',
      { idleTimeout: Duration.minutes(5) },
      '--timeout-graceful-shutdown 105 --timeout-keep-alive 315 --no-proxy-headers',
    ],
    ['a target group', { targetGroup }, '--timeout-graceful-shutdown 105 --no-proxy-headers'],
    ['an ingress', { ingress: {} }, '--timeout-graceful-shutdown 105 --no-proxy-headers'],
    [
      'both',
      { idleTimeout: Duration.seconds(60), targetGroup },
      '--timeout-graceful-shutdown 105 --timeout-keep-alive 75 --no-proxy-headers',
    ],
  ])('with %s', (_name, endpoint, expected) => {
    const { environment } = define({ endpoint: { ...SERVER_INPUTS.endpoint, ...endpoint } });
    expect(environment.MLFLOW_UVICORN_OPTS).toBe(expected);
  });
});

describe('static prefix', () => {
  test('moves the health check and is told to MLflow', () => {
    const server = define({ options: { staticPrefix: '/team/mlflow' } });
    expect(server.healthCheckPath).toBe('/team/mlflow/health');
    expect(server.environment.MLFLOW_STATIC_PREFIX).toBe('/team/mlflow');
  });

  test('is not told without one', () => {
    expect(define().environment).not.toHaveProperty('MLFLOW_STATIC_PREFIX');
    expect(healthCheckPath({})).toBe('/health');
  });
});

describe('environment', () => {
  test('of every part and of the user reaches the server', () => {
    const { environment } = define({
      backendStore: { environment: { OF_DATABASE: '1' } },
      artifactStore: { artifactsUri: 's3://b', environment: { OF_STORE: '2' } },
      authentication: { environment: { OF_AUTHENTICATION: '3' } },
      options: { environment: { OF_USER: '4' } },
    });
    expect(environment).toMatchObject({ OF_DATABASE: '1', OF_STORE: '2', OF_AUTHENTICATION: '3', OF_USER: '4' });
  });

  const secret = namedSecret('x');

  test.each<[string, Partial<ServerInputs>, string]>([
    [
      'the user, of what a part sets',
      { backendStore: { environment: { URL_OF: 'part' } }, options: { environment: { URL_OF: 'user' } } },
      "'server.environment' cannot set URL_OF, which 'backendStore' sets; remove it",
    ],
    [
      'the user, of what a part keeps secret',
      { authentication: { secrets: { KEY: { secret } } }, options: { environment: { KEY: 'user' } } },
      "'server.environment' cannot set KEY, which 'authentication' sets; remove it",
    ],
    [
      'a part, of what another sets, and of what the library sets',
      {
        backendStore: { environment: { A: '1' }, secrets: { B: { secret } } },
        artifactStore: { artifactsUri: 's3://b', environment: { A: '2', AWS_REGION: 'us-east-1' } },
        authentication: { environment: { B: '3' } },
      },
      'MlflowTrackingServer has 3 problems:\n' +
        "- 'artifactStore' cannot set A, which 'backendStore' sets; remove it\n" +
        "- 'artifactStore' cannot set AWS_REGION, which the library sets; remove it\n" +
        "- 'authentication' cannot set B, which 'backendStore' sets; remove it",
    ],
    [
      'a part, of what the library keeps secret',
      { backendStore: { environment: {}, secrets: { SHARED: { secret } } } },
      "'backendStore' cannot set SHARED, which the library sets; remove it",
    ],
  ])('nothing takes the place of something else: %s', (_name, inputs, message) => {
    expect(messageOf(() => define(inputs))).toBe(message);
  });
});

test('secrets of every part are merged', () => {
  const secret = namedSecret('x');
  const { secrets } = define({
    backendStore: { environment: {}, secrets: { PGPASSWORD: { secret, field: 'password' } } },
    authentication: { secrets: { ADMIN: { secret } } },
  });
  expect(secrets).toEqual({
    SHARED: { secret: namedSecret('shared') },
    PGPASSWORD: { secret, field: 'password' },
    ADMIN: { secret },
  });
});
