import { Token } from 'aws-cdk-lib';
import { ComputeSize } from '../compute/capabilities';
import { MlflowVersion, ServerOptions } from '../server';
import { ServerProps } from './resolved-props';
import { validateTraceArchival } from './trace-archival';
import { idleMemoryMiB } from './workers';
import { Problems } from '../private/problems';

/** What the library sets itself, and what a user would use instead. */
const OWN_VARIABLES: Record<string, string> = {
  MLFLOW_WORKERS: "'server.workers'",
  MLFLOW_STATIC_PREFIX: "'server.staticPrefix'",
  MLFLOW_BACKEND_STORE_URI: "'backendStore'",
  MLFLOW_ARTIFACTS_DESTINATION: "'artifactStore'",
  MLFLOW_S3_EXPECTED_BUCKET_OWNER: "'artifactStore'",
  MLFLOW_SERVER_ALLOWED_HOSTS: "'endpoint'",
  MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: "'server.corsAllowedOrigins'",
  MLFLOW_SERVER_X_FRAME_OPTIONS: "'server.frameOptions'",
  MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "'server.jobs'",
  MLFLOW_SERVER_JOB_HUEY_REDIS_URL: "'server.jobQueueUrl'",
  MLFLOW_TRACE_ARCHIVAL_CONFIG: "'server.traceArchival'",
  MLFLOW_EXPOSE_PROMETHEUS: "'server.prometheusMetrics'",
  MLFLOW_ENABLE_AI_GATEWAY: "'server.aiGateway'",
  MLFLOW_ENABLE_WORKSPACES: "'server.workspaces'",
  MLFLOW_UVICORN_OPTS: "'endpoint'",
  MLFLOW_FLASK_SERVER_SECRET_KEY: "'authentication'",
  MLFLOW_AUTH_CONFIG_PATH: "'authentication'",
  MLFLOW_AUTH_ADMIN_USERNAME: "'authentication'",
  MLFLOW_AUTH_ADMIN_PASSWORD: "'authentication'",
};

const FIXED_VARIABLES = [
  'HOME',
  'TMPDIR',
  'PYTHONUNBUFFERED',
  'MLFLOW_HOST',
  'MLFLOW_PORT',
  'MLFLOW_WORKSPACE',
  'MLFLOW_SQLALCHEMYSTORE_POOL_SIZE',
  'MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW',
  'MLFLOW_DISABLE_TELEMETRY',
  'MLFLOW_CRYPTO_KEK_PASSPHRASE',
  'MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY',
];

const OWN_ARGUMENTS: Record<string, string> = {
  '--app-name': "'authentication'",
  '--workers': "'server.workers'",
  '-w': "'server.workers'",
  '--static-prefix': "'server.staticPrefix'",
  '--backend-store-uri': "'backendStore'",
  '--registry-store-uri': "'backendStore'",
  '--artifacts-destination': "'artifactStore'",
  '--default-artifact-root': "'artifactStore'",
  '--no-serve-artifacts': "'artifactStore'",
  '--allowed-hosts': "'endpoint'",
  '--cors-allowed-origins': "'server.corsAllowedOrigins'",
  '--x-frame-options': "'server.frameOptions'",
  '--expose-prometheus': "'server.prometheusMetrics'",
  '--trace-archival-config': "'server.traceArchival'",
  '--enable-workspaces': "'server.workspaces'",
  '--disable-workspaces': "'server.workspaces'",
  '--uvicorn-opts': "'endpoint'",
  '--gunicorn-opts': "'endpoint'",
  '--waitress-opts': "'endpoint'",
};

const FIXED_ARGUMENTS = ['--host', '-h', '--port', '-p', '--dev'];

/** The release that these were read and tried in; 3.14.0 does not know them. */
const NEWER = MlflowVersion.V3_17_2;
const NEWER_OPTIONS = ['jobQueueUrl', 'aiGateway'] as const;

export function validateServerOptions(
  problems: Problems,
  { options, version }: Pick<ServerProps, 'options' | 'version'>,
  size: ComputeSize,
): void {
  for (const name of NEWER_OPTIONS) {
    problems.require(options[name] === undefined || !isOlder(version, NEWER), () => {
      return `'server.${name}' needs MLflow ${NEWER.version} or newer; got ${version.version}, remove 'server.${name}' or choose a newer 'version'`;
    });
  }
  requireWorkersThatFit(problems, options, size);
  requireStaticPrefix(problems, options);
  requireOrigins(problems, options);
  requireQueueOfJobs(problems, options, size);
  validateTraceArchival(problems, options);
  for (const name of Object.keys(options.environment ?? {})) {
    requireForeignVariable(problems, name);
  }
  for (const argument of options.extraArguments ?? []) {
    requireForeignArgument(problems, argument);
  }
}

function requireWorkersThatFit(problems: Problems, { workers, jobs }: ServerOptions, size: ComputeSize): void {
  if (Token.isUnresolved(workers)) return;
  const whole = workers === undefined || (Number.isInteger(workers) && workers >= 1);
  problems.require(whole, () => `'server.workers' must be a whole number of at least 1; got ${workers}`);
  const sized = !Token.isUnresolved(size.vcpus) && !size.memory.isUnresolved();
  problems.require(workers !== undefined || sized, () => {
    return `'server.workers' must be set where the compute's CPU or memory is known only at deployment, because its default depends on them; got a token, set 'server.workers' or give a size that is known at synthesis`;
  });
  if (!whole || size.memory.isUnresolved()) return;
  const memoryMiB = size.memory.toMebibytes();
  const needed = idleMemoryMiB(workers ?? 1, jobs);
  problems.require(workers === undefined || needed <= memoryMiB, () => {
    return `'server.workers' is ${workers}, which need ${needed} MiB before the first request; got ${memoryMiB} MiB for each server, lower it or give the compute more memory`;
  });
  problems.require(workers !== undefined || !jobs || needed <= memoryMiB, () => {
    return `'server.jobs' needs ${needed} MiB with one worker; got ${memoryMiB} MiB for each server, give the compute more memory or remove 'server.jobs'`;
  });
}

/** Where the jobs wait: in the memory of one server, or where all can see them. */
function requireQueueOfJobs(problems: Problems, { jobs, jobQueueUrl }: ServerOptions, { replicas }: ComputeSize): void {
  problems
    .require(jobs === true || jobQueueUrl === undefined, () => {
      return `'server.jobQueueUrl' has no effect without 'server.jobs'; set 'server.jobs' or remove 'server.jobQueueUrl'`;
    })
    .require(!jobs || jobQueueUrl !== undefined || Token.isUnresolved(replicas) || !(replicas > 1), () => {
      return `'server.jobs' with ${replicas} servers needs a queue that they share; set 'server.jobQueueUrl', or the compute's replicas to 1`;
    });
}

function requireOrigins(problems: Problems, { corsAllowedOrigins }: ServerOptions): void {
  if (corsAllowedOrigins === undefined) return;
  if (Token.isUnresolved(corsAllowedOrigins)) {
    problems.require(false, () => {
      return `'server.corsAllowedOrigins' must be a list whose length is known at synthesis; got a token, name each origin`;
    });
    return;
  }
  for (const origin of corsAllowedOrigins) {
    problems.require(Token.isUnresolved(origin) || /^https?:\/\/[^\s/,*?#@]+$/.test(origin), () => {
      return `'server.corsAllowedOrigins' must be of origins such as 'https://portal.example.com', without a path or a '*'; got '${origin}'`;
    });
  }
}

/** MLflow's own rule, and no characters that would be routing patterns. */
function requireStaticPrefix(problems: Problems, { staticPrefix }: ServerOptions): void {
  if (staticPrefix === undefined || Token.isUnresolved(staticPrefix)) return;
  problems.require(/^(\/[\w.~-]+)+$/.test(staticPrefix), () => {
    return `'server.staticPrefix' must be a path such as '/mlflow', with a slash at its beginning and none at its end; got '${staticPrefix}'`;
  });
}

function requireForeignVariable(problems: Problems, name: string): void {
  problems.require(/^[A-Za-z_]\w*$/.test(name), () => {
    return `'server.environment' must have names of letters, digits and underscores; got '${name}'`;
  });
  problems.require(!Object.hasOwn(OWN_VARIABLES, name), () => {
    return `'server.environment' cannot set ${name}; use ${OWN_VARIABLES[name]}`;
  });
  problems.require(!FIXED_VARIABLES.includes(name) && !/^(PG|CDK_MLFLOW_)/.test(name), () => {
    return `'server.environment' cannot set ${name}, which the library sets; remove it`;
  });
}

function requireForeignArgument(problems: Problems, argument: string): void {
  const option = /^-\w/.test(argument) ? argument.slice(0, 2) : argument.split('=')[0];
  problems.require(!FIXED_ARGUMENTS.includes(option), () => {
    return `'server.extraArguments' cannot have ${option}, which the library sets; remove it`;
  });
  problems.require(!Object.hasOwn(OWN_ARGUMENTS, option), () => {
    return `'server.extraArguments' cannot have ${option}; use ${OWN_ARGUMENTS[option]}`;
  });
}

function isOlder(version: MlflowVersion, than: MlflowVersion): boolean {
  const [a, b] = [version, than].map((each) => each.version.split('.').map(Number));
  const differing = a.findIndex((part, index) => part !== b[index]);
  return differing >= 0 && a[differing] < b[differing];
}
