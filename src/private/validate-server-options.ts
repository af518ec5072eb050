import { Token } from 'aws-cdk-lib';
import { ComputeSize } from '../compute/capabilities';
import { ServerOptions } from '../server';
import { Problems } from './problems';
import { idleMemoryMiB } from './workers';

/** What the library sets itself, and what a user would use instead. */
const OWN_VARIABLES: Record<string, string> = {
  MLFLOW_WORKERS: "'server.workers'",
  MLFLOW_STATIC_PREFIX: "'server.staticPrefix'",
  MLFLOW_BACKEND_STORE_URI: "'backendStore'",
  MLFLOW_ARTIFACTS_DESTINATION: "'artifactStore'",
  MLFLOW_S3_EXPECTED_BUCKET_OWNER: "'artifactStore'",
  MLFLOW_SERVER_ALLOWED_HOSTS: "'endpoint'",
  MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: "'endpoint'",
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
  'MLFLOW_SERVER_ENABLE_JOB_EXECUTION',
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
  '--cors-allowed-origins': "'endpoint'",
  '--uvicorn-opts': "'endpoint'",
  '--gunicorn-opts': "'endpoint'",
  '--waitress-opts': "'endpoint'",
};

const FIXED_ARGUMENTS = ['--host', '-h', '--port', '-p', '--dev'];

export function validateServerOptions(problems: Problems, options: ServerOptions, size: ComputeSize): void {
  requireWorkersThatFit(problems, options, size);
  requireStaticPrefix(problems, options);
  for (const name of Object.keys(options.environment ?? {})) {
    requireForeignVariable(problems, name);
  }
  for (const argument of options.extraArguments ?? []) {
    requireForeignArgument(problems, argument);
  }
}

function requireWorkersThatFit(problems: Problems, { workers }: ServerOptions, size: ComputeSize): void {
  if (workers === undefined || Token.isUnresolved(workers)) return;
  const whole = Number.isInteger(workers) && workers >= 1;
  problems.require(whole, () => `'server.workers' must be a whole number of at least 1; got ${workers}`);
  if (!whole || size.memory.isUnresolved()) return;
  const memoryMiB = size.memory.toMebibytes();
  problems.require(idleMemoryMiB(workers) <= memoryMiB, () => {
    return `'server.workers' is ${workers}, which need ${idleMemoryMiB(workers)} MiB before the first request; got ${memoryMiB} MiB for each server, lower it or give the compute more memory`;
  });
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
  problems.require(!(name in OWN_VARIABLES), () => {
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
  problems.require(!(option in OWN_ARGUMENTS), () => {
    return `'server.extraArguments' cannot have ${option}; use ${OWN_ARGUMENTS[option]}`;
  });
}
