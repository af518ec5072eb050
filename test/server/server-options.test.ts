import { Duration, Lazy, Size } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { SERVER_OPTIONS_PROPS } from './server-options-errors';
import {
  Compute,
  FrameOptions,
  MlflowTrackingServer,
  MlflowVersion,
  Profile,
  ServerOptions,
  TraceArchivalOptions,
} from '../../src';
import { defineServer } from '../../src/core/define-server';
import { FakeCompute } from '../support/fakes';
import { newStack } from '../support/new-app';
import { namedSecret, SERVER_INPUTS } from '../support/server-inputs';
import {
  actionsOn,
  elementsIn,
  environmentOf,
  messageOf,
  only,
  serverContainer,
  templateWith,
} from '../support/templates';

const environment = (options: ServerOptions) => defineServer({ ...SERVER_INPUTS, options }).environment;

test.each(SERVER_OPTIONS_PROPS)('%s, before anything is defined', (_name, props, message) => {
  const stack = newStack();
  expect(messageOf(() => new MlflowTrackingServer(stack, 'Mlflow', props()))).toBe(message);
  expect(elementsIn(stack)).toEqual([]);
});

test.each<[ServerOptions, Record<string, string>]>([
  [{ frameOptions: FrameOptions.DENY }, { MLFLOW_SERVER_X_FRAME_OPTIONS: 'DENY' }],
  [{ frameOptions: FrameOptions.SAMEORIGIN }, { MLFLOW_SERVER_X_FRAME_OPTIONS: 'SAMEORIGIN' }],
  [{ frameOptions: FrameOptions.NONE }, { MLFLOW_SERVER_X_FRAME_OPTIONS: 'NONE' }],
  [{ jobs: true }, { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'true' }],
  [{ jobs: false }, { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' }],
  [{ prometheusMetrics: true }, { MLFLOW_EXPOSE_PROMETHEUS: '/tmp/prometheus' }],
  [{ prometheusMetrics: false }, {}],
  [{ aiGateway: true }, { MLFLOW_ENABLE_AI_GATEWAY: 'true' }],
  [{ aiGateway: false }, { MLFLOW_ENABLE_AI_GATEWAY: 'false' }],
  [{ workspaces: true }, { MLFLOW_ENABLE_WORKSPACES: 'true' }],
  [{ workspaces: false }, { MLFLOW_ENABLE_WORKSPACES: 'false' }],
  [
    { corsAllowedOrigins: ['https://a.example.com', 'http://b:8080'] },
    { MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: 'https://mlflow.example.com,https://a.example.com,http://b:8080' },
  ],
])('%j changes the environment by that alone', (options, change) => {
  expect(environment(options)).toEqual({ ...environment({}), ...change });
});

describe('the archival of traces', () => {
  const config = (traceArchival: TraceArchivalOptions) =>
    environment({ jobs: true, traceArchival }).CDK_MLFLOW_TRACE_ARCHIVAL;

  test('is a file of MLflow’s', () => {
    expect(config({ retention: Duration.days(30) })).toBe(
      `trace_archival:
  enabled: true
  location: "${SERVER_INPUTS.artifactStore.artifactsUri}/archived-traces"
  retention: 43200m
`,
    );
  });

  test('has every setting in it', () => {
    const text = config({
      retention: Duration.minutes(1),
      interval: Duration.hours(24),
      maxTracesPerPass: 500,
      longRetentionExperiments: ['1', '7'],
    });
    expect(text!.split('\n').slice(3)).toEqual([
      '  retention: 1m',
      '  interval_seconds: 86400',
      '  max_traces_per_pass: 500',
      '  long_retention_allowlist: ["1","7"]',
      '',
    ]);
  });

  test('takes numbers that are known later', () => {
    const later = (value: number) => Lazy.number({ produce: () => value });
    const text = config({
      retention: Duration.minutes(later(60)),
      interval: Duration.seconds(later(7)),
      maxTracesPerPass: later(9),
      longRetentionExperiments: [Lazy.string({ produce: () => '3' })],
    });
    expect(newStack().resolve(text).split('\n').slice(3, -1)).toEqual([
      '  retention: 60m',
      '  interval_seconds: 7',
      '  max_traces_per_pass: 9',
      '  long_retention_allowlist: ["3"]',
    ]);
  });

  test('is off by default', () => {
    expect(environment({ jobs: true })).not.toHaveProperty('CDK_MLFLOW_TRACE_ARCHIVAL');
  });
});

describe('jobs', () => {
  const LARGE = { cpu: 2048, memoryLimitMiB: 4096 };

  test('take memory from the workers', () => {
    const workers = (jobs: boolean) =>
      environmentOf(templateWith({ compute: Compute.fargate(LARGE), server: { jobs } })).MLFLOW_WORKERS;
    expect([workers(false), workers(true)]).toEqual(['2', '2']);
    const tight = { cpu: 2048, memoryLimitMiB: 4096 };
    const many = templateWith({
      compute: Compute.fargate({ ...tight, cpu: 4096, memoryLimitMiB: 8192 }),
      server: { jobs: true },
    });
    expect(environmentOf(many).MLFLOW_WORKERS).toBe('4');
    const compute = new FakeCompute({ size: { vcpus: 4, memory: Size.mebibytes(3072) } });
    templateWith({ compute, server: { jobs: true } });
    expect(compute.options!.selfHosted!.server.environment.MLFLOW_WORKERS).toBe('2');
  });

  test('of several servers wait in a queue whose address is secret', () => {
    const stack = newStack();
    const secret = new Secret(stack, 'Queue');
    const server = { jobs: true, jobQueueUrl: { secret, field: 'url' } };
    const template = templateWith({ profile: Profile.PRODUCTION, server }, stack);
    const queue = only(template, 'AWS::SecretsManager::Secret', 'Queue');
    const given = serverContainer(template).Secrets!.find(({ Name }) => Name === 'MLFLOW_SERVER_JOB_HUEY_REDIS_URL')!;
    expect(given.ValueFrom).toEqual({ 'Fn::Join': ['', [{ Ref: queue.id }, ':url::']] });
    expect(actionsOn(template, 'MlflowComputeTaskExecutionRole', { Ref: queue.id })).toEqual([
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
    ]);
    expect(environmentOf(template)).not.toHaveProperty('MLFLOW_SERVER_JOB_HUEY_REDIS_URL');
  });
});

describe('what is not refused', () => {
  const origin = Lazy.string({ produce: () => 'https://later.example.com' });
  const number = Lazy.number({ produce: () => 2 });
  const memory = Size.mebibytes(2048);

  test.each<[string, ServerOptions, FakeCompute?]>([
    ['an origin that is known later', { corsAllowedOrigins: [origin] }],
    ['no origins', { corsAllowedOrigins: [] }],
    ['jobs on one server', { jobs: true }, new FakeCompute({ size: { memory } })],
    [
      'jobs on a number of servers that is known later',
      { jobs: true },
      new FakeCompute({ size: { memory, replicas: number } }),
    ],
    ['workers that are known later, with jobs', { jobs: true, workers: number }, new FakeCompute({ size: { memory } })],
    [
      'jobs with a queue on several',
      { jobs: true, jobQueueUrl: { secret: namedSecret('q') } },
      new FakeCompute({ size: { memory, replicas: 3 } }),
    ],
  ])('%s', (_name, server, compute = new FakeCompute()) => {
    expect(() => new MlflowTrackingServer(newStack(), 'Mlflow', { compute, server })).not.toThrow();
  });

  test.each(['3.17.2', '3.17.10', '3.18.0', '4.0.0'])('the gateway of MLflow %s', (version) => {
    const props = { version: MlflowVersion.of(version), server: { aiGateway: false } };
    expect(() => new MlflowTrackingServer(newStack(), 'Mlflow', props)).not.toThrow();
  });
});
