import { Token } from 'aws-cdk-lib';
import { ComputeSize } from '../compute/capabilities';
import { MlflowVersion, ServerOptions } from '../server';
import { MLFLOW_SETTINGS, propOf, settingOfFlag, settingOfVariable } from './mlflow-settings';
import { checkModelVersionSources } from './model-version-sources';
import { ServerProps } from './resolved-props';
import { checkStaticPrefix } from './static-prefix';
import { checkTraceArchival } from './trace-archival';
import { idleMemoryMiB } from './workers';
import { Problems } from '../private/problems';

export function checkServerOptions(
  problems: Problems,
  { options, version }: Pick<ServerProps, 'options' | 'version'>,
  size: ComputeSize,
): void {
  checkRelease(problems, options, version);
  checkWorkers(problems, options, size);
  checkStaticPrefix(problems, options);
  checkOrigins(problems, options);
  checkJobQueue(problems, options, size);
  checkTraceArchival(problems, options);
  checkModelVersionSources(problems, options);
  for (const name of Object.keys(options.environment ?? {})) {
    checkVariable(problems, name);
  }
  checkArguments(problems, options);
}

function checkArguments(problems: Problems, { extraArguments = [] }: ServerOptions): void {
  // From JavaScript, it can be a text, whose letters would be the arguments.
  if (Array.isArray(extraArguments)) {
    for (const argument of extraArguments) checkArgument(problems, argument);
    return;
  }
  problems.require(false, () => {
    return `'server.extraArguments' must be a list such as ['--name', 'value']; got '${extraArguments}'`;
  });
}

function checkWorkers(problems: Problems, { workers, jobs }: ServerOptions, size: ComputeSize): void {
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
function checkJobQueue(problems: Problems, { jobs, jobQueueUrl }: ServerOptions, { replicas }: ComputeSize): void {
  problems
    .require(jobs === true || jobQueueUrl === undefined, () => {
      return `'server.jobQueueUrl' has no effect without 'server.jobs'; set 'server.jobs' or remove 'server.jobQueueUrl'`;
    })
    .require(!jobs || jobQueueUrl !== undefined || Token.isUnresolved(replicas) || !(replicas > 1), () => {
      return `'server.jobs' with ${replicas} servers needs a queue that they share; set 'server.jobQueueUrl', or the compute's replicas to 1`;
    });
}

function checkOrigins(problems: Problems, { corsAllowedOrigins }: ServerOptions): void {
  if (corsAllowedOrigins === undefined) return;
  if (Token.isUnresolved(corsAllowedOrigins)) {
    problems.require(false, () => {
      return `'server.corsAllowedOrigins' must be a list whose length is known at synthesis; got a token, name each origin`;
    });
    return;
  }
  for (const origin of corsAllowedOrigins) {
    problems.require(Token.isUnresolved(origin) || /^https?:\/\/[^\s/,*?#@]+$/.test(origin), () => {
      return `'server.corsAllowedOrigins' must contain origins such as 'https://portal.example.com', without a path or a '*'; got '${origin}'`;
    });
  }
}

function checkVariable(problems: Problems, name: string): void {
  problems.require(/^[A-Za-z_]\w*$/.test(name), () => {
    return `'server.environment' must have names of letters, digits and underscores; got '${name}'`;
  });
  const setting = settingOfVariable(name);
  const instead = setting && propOf(setting);
  problems
    .require(!setting || !instead, () => `'server.environment' cannot set ${name}; use ${instead}`)
    .require(!setting || instead !== undefined, () => {
      return `'server.environment' cannot set ${name}, which the library sets; remove it`;
    });
}

function checkArgument(problems: Problems, argument: string): void {
  const flag = /^-\w/.test(argument) ? argument.slice(0, 2) : argument.split('=')[0];
  const setting = settingOfFlag(flag);
  const instead = setting && propOf(setting);
  problems
    .require(!setting || !instead, () => `'server.extraArguments' cannot contain ${flag}; use ${instead}`)
    .require(!setting || instead !== undefined, () => {
      return `'server.extraArguments' cannot contain ${flag}, which the library sets; remove it`;
    });
}

function checkRelease(problems: Problems, options: ServerOptions, version: MlflowVersion): void {
  for (const { option, since } of MLFLOW_SETTINGS) {
    if (!option || !since) continue;
    problems.require(options[option] === undefined || !isOlder(version, since), () => {
      return `'server.${option}' needs MLflow ${since.version} or newer; got ${version.version}, remove 'server.${option}' or choose a newer 'version'`;
    });
  }
}

function isOlder(version: MlflowVersion, than: MlflowVersion): boolean {
  const [a, b] = [version, than].map((each) => each.version.split('.').map(Number));
  const differing = a.findIndex((part, index) => part !== b[index]);
  return differing >= 0 && a[differing] < b[differing];
}
