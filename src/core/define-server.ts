import { Duration, Tokenization } from 'aws-cdk-lib';
import { ArtifactAccess } from '../artifact-store/artifact-access';
import { ArtifactStoreConfig } from '../artifact-store/contract';
import { AuthenticationConfig } from '../authentication/contract';
import { BackendStoreConfig } from '../backend-store/contract';
import { EndpointConfig, IEndpoint } from '../endpoint/contract';
import { ServerDefinition, ServerImageConfig, ServerOptions, ServerSecret } from '../server';
import { SCRATCH_PATH, optionEnvironment } from './server-settings';
import { traceArchivalConfig } from './trace-archival';
import { POOL_OVERFLOW, POOL_SIZE } from './workers';

/** The port that MLflow users know. */
export const SERVER_PORT = 5000;

/** The port that the server listens on: the endpoint's, or the usual one. */
export function serverPort(endpoint: IEndpoint): number {
  return endpoint.capabilities.serverPort ?? SERVER_PORT;
}

/** Between SIGTERM and SIGKILL. Of all computes, Amazon ECS allows the least: this. */
const STOP_TIMEOUT = Duration.seconds(120);

/** What is left of the stop timeout once open requests were given up: the server's own exit. */
const EXIT_RESERVE_SECONDS = 15;

/** The server keeps an idle connection open for this much longer than the load balancer: otherwise there are 502s. */
const KEEP_ALIVE_MARGIN_SECONDS = 15;

export interface ServerInputs {
  readonly image?: ServerImageConfig;
  readonly program: string;
  readonly port: number;
  readonly workers: number;
  readonly options: ServerOptions;
  readonly backendStore: BackendStoreConfig;
  readonly artifactStore: ArtifactStoreConfig;
  readonly endpoint: EndpointConfig;
  readonly authentication: AuthenticationConfig;
  readonly secrets: Record<string, ServerSecret>;
  /** Names by which the server is reached without the endpoint. */
  readonly hostNames?: string[];
}

/** What is run, from what was bound: data in, data out. */
export function defineServer(inputs: ServerInputs): ServerDefinition {
  const { options, backendStore, artifactStore, endpoint, authentication } = inputs;
  return {
    imageUri: inputs.image?.imageUri,
    imageRepository: inputs.image?.repository,
    imageTagOrDigest: inputs.image?.tagOrDigest,
    imageCredentials: inputs.image?.credentials,
    program: inputs.program,
    migrateArguments: ['migrate'],
    serveArguments: [
      'serve',
      ...(authentication.appName ? ['--app-name', authentication.appName] : []),
      ...(options.extraArguments ?? []),
    ],
    environment: {
      ...PROCESS_ENVIRONMENT,
      MLFLOW_PORT: `${inputs.port}`,
      MLFLOW_WORKERS: Tokenization.stringifyNumber(inputs.workers),
      ...artifactEnvironment(artifactStore),
      MLFLOW_SERVER_ALLOWED_HOSTS: allowedHosts([...endpoint.hostNames, ...(inputs.hostNames ?? [])]).join(','),
      // Without it, MLflow refuses the UI's own searches and edits: they carry the endpoint as their origin.
      MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: [endpoint.origin, ...(options.corsAllowedOrigins ?? [])].join(','),
      MLFLOW_UVICORN_OPTS: uvicornOptions(endpoint).join(' '),
      ...optionEnvironment(options),
      ...archivalEnvironment(options, artifactStore),
      ...backendStore.environment,
      ...(backendStore.rotatedSecret ? { CDK_MLFLOW_DATABASE_SECRET: backendStore.rotatedSecret.secretArn } : {}),
      ...artifactStore.environment,
      ...authentication.environment,
      ...options.environment,
    },
    secrets: {
      ...inputs.secrets,
      ...backendStore.secrets,
      ...authentication.secrets,
      ...(options.jobQueueUrl ? { MLFLOW_SERVER_JOB_HUEY_REDIS_URL: options.jobQueueUrl } : {}),
    },
    port: inputs.port,
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
  MLFLOW_SQLALCHEMYSTORE_POOL_SIZE: `${POOL_SIZE}`,
  MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW: `${POOL_OVERFLOW}`,
  MLFLOW_DISABLE_TELEMETRY: 'true',
  HOME: SCRATCH_PATH,
  TMPDIR: SCRATCH_PATH,
  PYTHONUNBUFFERED: '1',
};

/** Proxied, MLflow gives clients addresses of its own (`mlflow-artifacts:`); direct, those of the store. */
function artifactEnvironment({ access, artifactsUri }: ArtifactStoreConfig): Record<string, string> {
  return access === ArtifactAccess.DIRECT
    ? { MLFLOW_SERVE_ARTIFACTS: 'false', MLFLOW_DEFAULT_ARTIFACT_ROOT: artifactsUri }
    : { MLFLOW_ARTIFACTS_DESTINATION: artifactsUri };
}

function archivalEnvironment({ traceArchival }: ServerOptions, store: ArtifactStoreConfig): Record<string, string> {
  return traceArchival ? { CDK_MLFLOW_TRACE_ARCHIVAL: traceArchivalConfig(traceArchival, store.artifactsUri) } : {};
}

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
  if (endpoint.targetGroup || endpoint.ingress) {
    // Only the load balancer's security group reaches the port, or whom the cluster's network policy admits.
    options.push('--proxy-headers', '--forwarded-allow-ips=*');
  }
  return options;
}
