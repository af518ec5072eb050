import { Duration } from 'aws-cdk-lib';
import { ArtifactStoreConfig } from '../artifact-store/contract';
import { AuthenticationConfig } from '../authentication/contract';
import { BackendStoreConfig } from '../backend-store/contract';
import { EndpointConfig } from '../endpoint/contract';
import { ServerDefinition, ServerOptions, ServerSecret } from '../server';
import { POOL_OVERFLOW, POOL_SIZE } from './workers';

/** The port that MLflow users know. */
export const SERVER_PORT = 5000;

/** The longest time that Fargate waits between SIGTERM and SIGKILL. */
const STOP_TIMEOUT = Duration.seconds(120);

/** What is left of the stop timeout once open requests were given up: the server's own exit. */
const EXIT_RESERVE_SECONDS = 15;

/** The server keeps an idle connection open for this much longer than the load balancer: otherwise there are 502s. */
const KEEP_ALIVE_MARGIN_SECONDS = 15;

const SCRATCH_PATH = '/tmp';

export interface ServerInputs {
  readonly imageUri: string;
  readonly program: string;
  readonly workers: number;
  readonly options: ServerOptions;
  readonly backendStore: BackendStoreConfig;
  readonly artifactStore: ArtifactStoreConfig;
  readonly endpoint: EndpointConfig;
  readonly authentication: AuthenticationConfig;
  readonly secrets: Record<string, ServerSecret>;
}

/** What is run, from what was bound: data in, data out. */
export function defineServer(inputs: ServerInputs): ServerDefinition {
  const { options, backendStore, artifactStore, endpoint, authentication } = inputs;
  return {
    imageUri: inputs.imageUri,
    program: inputs.program,
    migrateArguments: ['migrate'],
    serveArguments: [
      'serve',
      ...(authentication.appName ? ['--app-name', authentication.appName] : []),
      ...(options.extraArguments ?? []),
    ],
    environment: {
      ...PROCESS_ENVIRONMENT,
      MLFLOW_WORKERS: `${inputs.workers}`,
      MLFLOW_ARTIFACTS_DESTINATION: artifactStore.artifactsUri,
      MLFLOW_SERVER_ALLOWED_HOSTS: allowedHosts(endpoint.hostNames).join(','),
      // Without it, MLflow refuses the UI's own searches and edits: they carry the endpoint as their origin.
      MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: endpoint.origin,
      MLFLOW_UVICORN_OPTS: uvicornOptions(endpoint).join(' '),
      ...(options.staticPrefix ? { MLFLOW_STATIC_PREFIX: options.staticPrefix } : {}),
      ...backendStore.environment,
      ...artifactStore.environment,
      ...authentication.environment,
      ...options.environment,
    },
    secrets: { ...inputs.secrets, ...backendStore.secrets, ...authentication.secrets },
    port: SERVER_PORT,
    healthCheckPath: healthCheckPath(options),
    stopTimeout: STOP_TIMEOUT,
    scratchPath: SCRATCH_PATH,
    userId: 1000,
  };
}

/** MLflow serves its health check under the static prefix only. */
export function healthCheckPath(options: ServerOptions): string {
  return `${options.staticPrefix ?? ''}/health`;
}

const PROCESS_ENVIRONMENT = {
  MLFLOW_HOST: '0.0.0.0',
  MLFLOW_PORT: `${SERVER_PORT}`,
  MLFLOW_SQLALCHEMYSTORE_POOL_SIZE: `${POOL_SIZE}`,
  MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW: `${POOL_OVERFLOW}`,
  // Jobs need one replica, eight more processes and a queue of their own.
  MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
  MLFLOW_DISABLE_TELEMETRY: 'true',
  HOME: SCRATCH_PATH,
  TMPDIR: SCRATCH_PATH,
  PYTHONUNBUFFERED: '1',
};

/** MLflow compares the Host header with its port, so each name is given bare and with any port. */
function allowedHosts(hostNames: string[]): string[] {
  // The server calls itself by the local names.
  return [...hostNames, 'localhost', '127.0.0.1', '0.0.0.0'].flatMap((name) => [name, `${name}:*`]);
}

function uvicornOptions(endpoint: EndpointConfig): string[] {
  const gracefulSeconds = STOP_TIMEOUT.toSeconds() - EXIT_RESERVE_SECONDS;
  const options = [`--timeout-graceful-shutdown ${gracefulSeconds}`];
  if (endpoint.idleTimeout) {
    options.push(`--timeout-keep-alive ${endpoint.idleTimeout.toSeconds() + KEEP_ALIVE_MARGIN_SECONDS}`);
  }
  if (endpoint.targetGroup) {
    // Only the load balancer's security group reaches the port.
    options.push('--proxy-headers', '--forwarded-allow-ips=*');
  }
  return options;
}
