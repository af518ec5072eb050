import { Tokenization } from 'aws-cdk-lib';
import { ArtifactAccess } from '../artifact-store/artifact-access';
import { MlflowVersion, ServerOptions, ServerSecret } from '../server';
import { modelVersionSourceRegex } from './model-version-sources';
import { ServerInputs } from './server-inputs';
import { traceArchivalConfig } from './trace-archival';
import { uvicornOptions } from './uvicorn-options';
import { POOL_OVERFLOW, POOL_SIZE } from './workers';

/** The only directory that the server may write to. */
export const SCRATCH_PATH = '/tmp';

/**
 * One setting of the server's process: how it is rendered, and what a user can no longer set beside it. What the server
 * is given, which variables and flags are refused, and which options need a newer release all follow from these rows.
 */
export interface MlflowSetting {
  /** The option of `ServerOptions` that it is. */
  readonly option?: keyof ServerOptions;
  /** The environment variable. One that ends in `*` stands for all that begin so. */
  readonly variable?: string;
  /** The flags of `mlflow server` that set the same or contradict it. It takes no abbreviations of them. */
  readonly flags?: readonly string[];
  /** The oldest release that has it. Default: all releases that the library works with. */
  readonly since?: MlflowVersion;
  /** Which prop a user sets instead. Default: the option, or nothing. */
  readonly use?: string;
  /** The variable's value; undefined leaves it as MLflow has it. Default: a bound part gives it, or nobody. */
  readonly value?: (inputs: ServerInputs) => string | boolean | undefined;
  /** The same, where the value is secret. */
  readonly secret?: (inputs: ServerInputs) => ServerSecret | undefined;
}

const isDirect = ({ artifactStore }: ServerInputs) => artifactStore.access === ArtifactAccess.DIRECT;

/** What a user decides through `ServerOptions`. */
const OPTIONS: readonly MlflowSetting[] = [
  {
    option: 'workers',
    variable: 'MLFLOW_WORKERS',
    flags: ['--workers', '-w'],
    value: ({ workers }) => Tokenization.stringifyNumber(workers),
  },
  {
    option: 'staticPrefix',
    variable: 'MLFLOW_STATIC_PREFIX',
    flags: ['--static-prefix'],
    value: ({ options }) => options.staticPrefix,
  },
  {
    option: 'corsAllowedOrigins',
    variable: 'MLFLOW_SERVER_CORS_ALLOWED_ORIGINS',
    flags: ['--cors-allowed-origins'],
    // Without it, MLflow refuses the UI's own searches and edits: they carry the endpoint as their origin.
    value: ({ endpoint, options }) => [endpoint.origin, ...(options.corsAllowedOrigins ?? [])].join(','),
  },
  {
    option: 'frameOptions',
    variable: 'MLFLOW_SERVER_X_FRAME_OPTIONS',
    flags: ['--x-frame-options'],
    value: ({ options }) => options.frameOptions,
  },
  {
    option: 'jobs',
    variable: 'MLFLOW_SERVER_ENABLE_JOB_EXECUTION',
    // MLflow's own default is on: eight more processes, and a queue in the memory of one server.
    value: ({ options }) => options.jobs ?? false,
  },
  {
    option: 'jobQueueUrl',
    variable: 'MLFLOW_SERVER_JOB_HUEY_REDIS_URL',
    since: MlflowVersion.V3_17_2,
    secret: ({ options }) => options.jobQueueUrl,
  },
  {
    option: 'traceArchival',
    // The server's program writes it to a file.
    variable: 'CDK_MLFLOW_TRACE_ARCHIVAL',
    value: ({ options, artifactStore }) =>
      options.traceArchival && traceArchivalConfig(options.traceArchival, artifactStore.artifactsUri),
  },
  { option: 'traceArchival', variable: 'MLFLOW_TRACE_ARCHIVAL_CONFIG', flags: ['--trace-archival-config'] },
  {
    option: 'prometheusMetrics',
    variable: 'MLFLOW_EXPOSE_PROMETHEUS',
    flags: ['--expose-prometheus'],
    // Where the workers meet to add up what they count; MLflow makes the directory.
    value: ({ options }) => (options.prometheusMetrics ? `${SCRATCH_PATH}/prometheus` : undefined),
  },
  {
    option: 'aiGateway',
    variable: 'MLFLOW_ENABLE_AI_GATEWAY',
    since: MlflowVersion.V3_17_2,
    value: ({ options }) => options.aiGateway,
  },
  {
    option: 'workspaces',
    variable: 'MLFLOW_ENABLE_WORKSPACES',
    flags: ['--enable-workspaces', '--disable-workspaces'],
    value: ({ options }) => options.workspaces,
  },
  {
    option: 'allowedModelVersionSources',
    variable: 'MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX',
    value: ({ options, artifactStore }) => modelVersionSourceRegex(options, artifactStore),
  },
  {
    option: 'customArtifactLocations',
    variable: 'MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH',
    // The one switch there is. At 1, an experiment could still live at `/`. From JavaScript, 'false' must not open it.
    value: ({ options }) => (options.customArtifactLocations === true ? undefined : '0'),
  },
];

/** What follows from the other parts. */
const PARTS: readonly MlflowSetting[] = [
  { use: "'backendStore'", variable: 'MLFLOW_BACKEND_STORE_URI', flags: ['--backend-store-uri'] },
  { use: "'backendStore'", variable: 'MLFLOW_REGISTRY_STORE_URI', flags: ['--registry-store-uri'] },
  {
    use: "'backendStore'",
    variable: 'MLFLOW_READ_REPLICA_BACKEND_STORE_URI',
    flags: ['--read-replica-backend-store-uri'],
  },
  { use: "'backendStore'", variable: 'MLFLOW_WORKSPACE_STORE_URI', flags: ['--workspace-store-uri'] },
  {
    variable: 'CDK_MLFLOW_DATABASE_SECRET',
    value: ({ backendStore }) => backendStore.rotatedSecret?.secretArn,
  },
  {
    use: "'artifactStore'",
    variable: 'MLFLOW_ARTIFACTS_DESTINATION',
    flags: ['--artifacts-destination'],
    // Proxied, MLflow gives clients addresses of its own (`mlflow-artifacts:`); direct, those of the store.
    value: (inputs) => (isDirect(inputs) ? undefined : inputs.artifactStore.artifactsUri),
  },
  {
    use: "'artifactStore'",
    variable: 'MLFLOW_DEFAULT_ARTIFACT_ROOT',
    flags: ['--default-artifact-root'],
    value: (inputs) => (isDirect(inputs) ? inputs.artifactStore.artifactsUri : undefined),
  },
  {
    use: "'artifactStore'",
    variable: 'MLFLOW_SERVE_ARTIFACTS',
    flags: ['--serve-artifacts', '--no-serve-artifacts'],
    value: (inputs) => (isDirect(inputs) ? false : undefined),
  },
  { use: "'artifactStore'", variable: 'MLFLOW_S3_EXPECTED_BUCKET_OWNER' },
  { use: "'artifactStore'", variable: 'MLFLOW_S3_UPLOAD_EXTRA_ARGS' },
  {
    use: "'endpoint'",
    variable: 'MLFLOW_SERVER_ALLOWED_HOSTS',
    flags: ['--allowed-hosts'],
    value: ({ endpoint, hostNames = [] }) => allowedHosts([...endpoint.hostNames, ...hostNames]).join(','),
  },
  {
    use: "'endpoint'",
    variable: 'MLFLOW_UVICORN_OPTS',
    flags: ['--uvicorn-opts'],
    value: ({ endpoint }) => uvicornOptions(endpoint),
  },
  { use: "'endpoint'", variable: 'MLFLOW_GUNICORN_OPTS', flags: ['--gunicorn-opts', '--waitress-opts'] },
  {
    use: "'endpoint' or 'server.corsAllowedOrigins'",
    variable: 'MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE',
    flags: ['--disable-security-middleware'],
  },
  { use: "'authentication'", variable: 'MLFLOW_FLASK_SERVER_SECRET_KEY', flags: ['--app-name'] },
  { use: "'authentication'", variable: 'MLFLOW_AUTH_*' },
];

/** What is the same for every server. */
const FIXED: readonly MlflowSetting[] = [
  { variable: 'MLFLOW_HOST', flags: ['--host', '-h'], value: () => '0.0.0.0' },
  { variable: 'MLFLOW_PORT', flags: ['--port', '-p'], value: ({ port }) => `${port}` },
  { flags: ['--dev'] },
  { variable: 'MLFLOW_ARTIFACTS_ONLY', flags: ['--artifacts-only'] },
  { variable: 'MLFLOW_SQLALCHEMYSTORE_POOL_SIZE', value: () => `${POOL_SIZE}` },
  { variable: 'MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW', value: () => `${POOL_OVERFLOW}` },
  { variable: 'MLFLOW_DISABLE_TELEMETRY', value: () => true },
  { variable: 'MLFLOW_WORKSPACE' },
  { variable: 'MLFLOW_CRYPTO_KEK_PASSPHRASE' },
  { variable: 'MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY' },
  // boto3 reads the second alone, other SDKs the first. Without it, addresses in S3 are signed for us-east-1.
  { variable: 'AWS_REGION', value: ({ region }) => region },
  { variable: 'AWS_DEFAULT_REGION', value: ({ region }) => region },
  { variable: 'HOME', value: () => SCRATCH_PATH },
  { variable: 'TMPDIR', value: () => SCRATCH_PATH },
  { variable: 'PYTHONUNBUFFERED', value: () => '1' },
  // What MLflow's processes tell each other, what libpq reads, and what uvicorn reads beside its options.
  { variable: '_MLFLOW_*' },
  { variable: 'PG*' },
  { variable: 'UVICORN_*' },
  { variable: 'FORWARDED_ALLOW_IPS' },
  { variable: 'WEB_CONCURRENCY' },
  // Where systemd tells a service that its directories are.
  { variable: 'RUNTIME_DIRECTORY' },
  { variable: 'STATE_DIRECTORY' },
  { variable: 'LOGS_DIRECTORY' },
  // What the server's program is told.
  { variable: 'CDK_MLFLOW_*' },
];

export const MLFLOW_SETTINGS: readonly MlflowSetting[] = [...OPTIONS, ...PARTS, ...FIXED];

/** The variables that the library itself gives to a server. */
export function settingVariables(inputs: ServerInputs): Record<string, string> {
  return Object.fromEntries(
    MLFLOW_SETTINGS.flatMap(({ variable, value }) => {
      const given = value?.(inputs);
      return variable === undefined || given === undefined ? [] : [[variable, `${given}`]];
    }),
  );
}

/** The same, for what is secret. */
export function settingSecrets(inputs: ServerInputs): Record<string, ServerSecret> {
  return Object.fromEntries(
    MLFLOW_SETTINGS.flatMap(({ variable, secret }) => {
      const given = secret?.(inputs);
      return variable === undefined || given === undefined ? [] : [[variable, given]];
    }),
  );
}

/** The setting that a variable belongs to. */
export function settingOfVariable(name: string): MlflowSetting | undefined {
  const isNamed = (variable: string) =>
    variable.endsWith('*') ? name.startsWith(variable.slice(0, -1)) : name === variable;
  return MLFLOW_SETTINGS.find(({ variable }) => variable !== undefined && isNamed(variable));
}

/** The setting that an argument of `mlflow server` belongs to. */
export function settingOfFlag(flag: string): MlflowSetting | undefined {
  return MLFLOW_SETTINGS.find(({ flags }) => flags?.includes(flag));
}

/** Which prop a user sets instead, if any. */
export function propOf({ option, use }: MlflowSetting): string | undefined {
  return use ?? (option && `'server.${option}'`);
}

/** MLflow compares the Host header with its port, so each name is given bare and with any port. */
function allowedHosts(hostNames: string[]): string[] {
  // The server calls itself by the local names.
  return [...hostNames, 'localhost', '127.0.0.1', '0.0.0.0'].flatMap((name) => [name, `${name}:*`]);
}
