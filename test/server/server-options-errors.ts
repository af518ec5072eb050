import { Duration, Fn, Token } from 'aws-cdk-lib';
import { Compute, MlflowTrackingServerProps, MlflowVersion, Profile, ServerOptions } from '../../src';
import { FakeCompute } from '../support/fakes';
import { namedSecret } from '../support/server-inputs';

const LARGE = { cpu: 1024, memoryLimitMiB: 4096 };
const ARCHIVAL = { retention: Duration.days(30) };
const QUEUE = { secret: namedSecret('queue') };

const LATER = Token.asNumber(Fn.importValue('Size'));
const UNKNOWN_WORKERS =
  "'server.workers' must be set where the compute's CPU or memory is known only at deployment, because its default depends on them; got a token, set 'server.workers' or give a size that is known at synthesis";

const ORIGINS = [
  '*',
  'portal.example.com',
  'https://a/',
  'https://*.example.com',
  'https://a,https://b',
  'ftp://a',
  '',
];

const SOURCES = [
  '',
  's3://',
  's3://team-models',
  's3://team-models/released',
  's3:///released/',
  's3://team-models//',
  's3://team-models/../other/',
  's3://team-models/./',
  's3://team-models/(a|b)/',
  's3://team-models/a b/',
  's3://team-models/%2e%2e/',
  's3://.*/',
  's3://a/|.*/',
  'file://host/models/',
  'file:///models/',
  '/models/',
  'runs:/',
  'S3://team-models/',
];

/** What the construct refuses before anything is defined. */
export const SERVER_OPTIONS_PROPS: [string, () => MlflowTrackingServerProps, string][] = [
  ...ORIGINS.map((origin): (typeof SERVER_OPTIONS_PROPS)[number] => [
    `the origin '${origin}'`,
    () => ({ server: { corsAllowedOrigins: ['https://portal.example.com', origin] } }),
    `'server.corsAllowedOrigins' must contain origins such as 'https://portal.example.com', without a path or a '*'; got '${origin}'`,
  ]),
  [
    'origins that are a token',
    () => ({ server: { corsAllowedOrigins: Fn.split(',', Fn.importValue('Origins')) } }),
    "'server.corsAllowedOrigins' must be a list whose length is known at synthesis; got a token, name each origin",
  ],
  [
    'a default number of workers for a CPU that is a token',
    () => ({ compute: Compute.fargate({ cpu: LATER, memoryLimitMiB: 4096 }) }),
    UNKNOWN_WORKERS,
  ],
  [
    'a default number of workers for a memory that is a token',
    () => ({ compute: Compute.fargate({ cpu: 1024, memoryLimitMiB: LATER }) }),
    UNKNOWN_WORKERS,
  ],
  [
    'jobs in little memory',
    () => ({ server: { jobs: true } }),
    "'server.jobs' needs 1795 MiB with one worker; got 1024 MiB for each server, give the compute more memory or remove 'server.jobs'",
  ],
  [
    'jobs beside too many workers',
    () => ({ compute: Compute.fargate({ ...LARGE, replicas: 1 }), server: { jobs: true, workers: 14 } }),
    "'server.workers' is 14, which need 4200 MiB before the first request; got 4096 MiB for each server, lower it or give the compute more memory",
  ],
  [
    'jobs on two servers',
    () => ({ profile: Profile.PRODUCTION, server: { jobs: true } }),
    "'server.jobs' with 2 servers needs a queue that they share; set 'server.jobQueueUrl', or the compute's replicas to 1",
  ],
  [
    'jobs on as many servers as there may be',
    () => ({ compute: Compute.fargate({ ...LARGE, scaling: { maxReplicas: 5 } }), server: { jobs: true } }),
    "'server.jobs' with 5 servers needs a queue that they share; set 'server.jobQueueUrl', or the compute's replicas to 1",
  ],
  ...[undefined, false].map((jobs): (typeof SERVER_OPTIONS_PROPS)[number] => [
    `a queue with jobs ${jobs}`,
    () => ({ server: { jobs, jobQueueUrl: QUEUE } }),
    "'server.jobQueueUrl' has no effect without 'server.jobs'; set 'server.jobs' or remove 'server.jobQueueUrl'",
  ]),
  ...(
    [
      ['aiGateway', { aiGateway: false }],
      ['jobQueueUrl', { jobs: true, jobQueueUrl: QUEUE }],
    ] as [string, ServerOptions][]
  ).flatMap(([name, server]) =>
    ['3.17.0', '3.17.1'].map((version): (typeof SERVER_OPTIONS_PROPS)[number] => [
      `${name} with MLflow ${version}`,
      () => ({ compute: Compute.fargate(LARGE), version: MlflowVersion.of(version), server }),
      `'server.${name}' needs MLflow 3.17.2 or newer; got ${version}, remove 'server.${name}' or choose a newer 'version'`,
    ]),
  ),
  ...(
    [
      [
        'as no job',
        { traceArchival: { retention: Duration.days(30) } },
        "'server.traceArchival' is a job of the server; set 'server.jobs' to true, or remove 'server.traceArchival'",
      ],
      ...[0, 90].map((seconds) => [
        `after ${seconds} seconds`,
        { jobs: true, traceArchival: { retention: Duration.seconds(seconds) } },
        `'server.traceArchival.retention' must be a whole number of minutes, at least 1; got ${seconds / 60} minutes`,
      ]),
      ...[0, 1500, 86401000].map((millis) => [
        `every ${millis} milliseconds`,
        { jobs: true, traceArchival: { ...ARCHIVAL, interval: Duration.millis(millis) } },
        `'server.traceArchival.interval' must be a whole number of seconds from 1 to 86400; got ${millis / 1000} seconds`,
      ]),
      ...[0, 1.5].map((maxTracesPerPass) => [
        `${maxTracesPerPass} at a time`,
        { jobs: true, traceArchival: { ...ARCHIVAL, maxTracesPerPass } },
        `'server.traceArchival.maxTracesPerPass' must be a whole number of at least 1; got ${maxTracesPerPass}`,
      ]),
      ...['', 'a b', '1,2'].map((id) => [
        `later in the experiment '${id}'`,
        { jobs: true, traceArchival: { ...ARCHIVAL, longRetentionExperiments: ['7', id] } },
        `'server.traceArchival.longRetentionExperiments' must contain IDs of experiments, such as '1'; got '${id}'`,
      ]),
    ] as [string, ServerOptions, string][]
  ).map(([name, server, message]): (typeof SERVER_OPTIONS_PROPS)[number] => [
    `traces that are archived ${name}`,
    () => ({ compute: Compute.fargate(LARGE), server }),
    message,
  ]),
  ...SOURCES.map((uri): (typeof SERVER_OPTIONS_PROPS)[number] => [
    `the source '${uri}' of models`,
    () => ({ server: { allowedModelVersionSources: ['s3://team-models/released/', uri] } }),
    `'server.allowedModelVersionSources' must contain URIs of directories such as 's3://team-models/released/', with a slash at the end, no local paths, and no characters but letters, digits, slashes and '._~+=@-'; got '${uri}'`,
  ]),
  [
    'sources of models that are a token',
    () => ({ server: { allowedModelVersionSources: Fn.split(',', Fn.importValue('Sources')) } }),
    "'server.allowedModelVersionSources' must be a list whose length is known at synthesis; got a token, name each URI",
  ],
  ...[5, null, true].map((staticPrefix): (typeof SERVER_OPTIONS_PROPS)[number] => [
    `from JavaScript, the prefix ${staticPrefix}`,
    () => ({ server: { staticPrefix: staticPrefix as never } }),
    `'server.staticPrefix' must be a path such as '/mlflow', with a leading slash and without a trailing slash; got '${staticPrefix}'`,
  ]),
  [
    'from JavaScript, arguments that are a text',
    () => ({ server: { extraArguments: '--host=x' as never } }),
    "'server.extraArguments' must be a list such as ['--name', 'value']; got '--host=x'",
  ],
  [
    'several at once',
    () => ({
      compute: new FakeCompute({ size: { replicas: 3 } }),
      server: { workers: 0, jobs: true, corsAllowedOrigins: ['*'] },
    }),
    'MlflowTrackingServer has 3 problems:\n' +
      "- 'server.workers' must be a whole number of at least 1; got 0\n" +
      "- 'server.corsAllowedOrigins' must contain origins such as 'https://portal.example.com', without a path or a '*'; got '*'\n" +
      "- 'server.jobs' with 3 servers needs a queue that they share; set 'server.jobQueueUrl', or the compute's replicas to 1",
  ],
];
