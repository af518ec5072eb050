import { Duration, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import * as fc from 'fast-check';
import { Authentication, DefaultPermission, FrameOptions, IAuthentication, ServerOptions } from '../../src';

export const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
export const PATH_PART = fc.stringMatching(/^[A-Za-z0-9_.~-]{1,12}$/);
/** Neither a step up nor a path that MLflow has itself. */
const PREFIX_PART = PATH_PART.filter(
  (part) => !/^(\.{1,2}$|(static|health|favicon\.ico|(api|ajax-api|gateway|graphql|metrics|v1)$))/.test(part),
);

/** What the other parts allow the server's options to be. */
export interface ServerFacts {
  /** Whether each server has the memory that jobs take. */
  readonly roomForJobs: boolean;
  /** Whether MLflow is as new as the newest options. */
  readonly newest: boolean;
  readonly singleServer: boolean;
  /** Whether the container's settings travel in EC2's user data, which leaves them little room. */
  readonly littleRoom: boolean;
}

const ARCHIVAL = fc.record({
  retention: fc.integer({ min: 1, max: 100_000 }).map((minutes) => Duration.minutes(minutes)),
  interval: maybe(fc.integer({ min: 1, max: 86_400 }).map((seconds) => Duration.seconds(seconds))),
  maxTracesPerPass: maybe(fc.integer({ min: 1, max: 10_000 })),
  longRetentionExperiments: maybe(fc.array(fc.stringMatching(/^[1-9][0-9]{0,8}$/), { maxLength: 3 })),
});

const SERVER = fc.record({
  workers: maybe(fc.integer({ min: 1, max: 4 })),
  staticPrefix: maybe(fc.array(PREFIX_PART, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`)),
  environment: maybe(
    fc.dictionary(fc.stringMatching(/^TEAM_[A-Z0-9_]{1,12}$/), fc.stringMatching(/^[ -#%-~]{0,16}$/), { maxKeys: 2 }),
  ),
  extraArguments: maybe(fc.constantFrom<string[]>([], ['--secrets-cache-ttl', '30'], ['--enable-thing'])),
  corsAllowedOrigins: maybe(fc.constantFrom<string[]>([], ['https://portal.example.com', 'http://b:8080'])),
  frameOptions: maybe(fc.constantFrom(...Object.values(FrameOptions))),
  prometheusMetrics: maybe(fc.boolean()),
  workspaces: maybe(fc.boolean()),
  allowedModelVersionSources: maybe(fc.constantFrom<string[]>([], ['s3://team.models/released/', 'https://hub/'])),
  customArtifactLocations: maybe(fc.boolean()),
  aiGateway: maybe(fc.boolean()),
  jobs: fc.boolean(),
  queue: fc.boolean(),
  traceArchival: maybe(ARCHIVAL),
});

/** Any legal options of the server. */
export const SERVER_OPTIONS: fc.Arbitrary<(stack: Stack, facts: ServerFacts) => ServerOptions> = SERVER.map(
  ({ queue, jobs: wanted, traceArchival, aiGateway, ...options }) =>
    (stack, { roomForJobs, newest, singleServer, littleRoom }) => {
      const jobs = wanted && roomForJobs && (singleServer || newest);
      const shared = jobs && newest && (queue || !singleServer);
      return {
        ...options,
        ...(littleRoom ? { environment: first(options.environment), corsAllowedOrigins: undefined } : {}),
        // Small servers hold one worker.
        workers: roomForJobs && !jobs ? options.workers : undefined,
        jobs,
        aiGateway: newest ? aiGateway : undefined,
        traceArchival: jobs && !littleRoom ? traceArchival : undefined,
        jobQueueUrl: shared ? { secret: Secret.fromSecretNameV2(stack, 'Queue', 'queue'), field: 'url' } : undefined,
      };
    },
);

function first(environment: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).slice(0, 1));
}

/** Any legal authentication. */
export const AUTHENTICATION: fc.Arbitrary<(stack: Stack, isPublic: boolean) => IAuthentication | undefined> = fc.oneof(
  fc.constant(() => undefined),
  fc.boolean().map((acknowledges) => (_stack: Stack, isPublic: boolean) => {
    return Authentication.none({ acknowledgePublicAccess: isPublic || acknowledges });
  }),
  fc
    .record({
      defaultPermission: maybe(fc.constantFrom(...Object.values(DefaultPermission))),
      cacheTtl: maybe(fc.integer({ min: 0, max: 3600 }).map((seconds) => Duration.seconds(seconds))),
      administrator: fc.boolean(),
      flaskKey: fc.boolean(),
    })
    .map(({ administrator, flaskKey, ...props }) => (stack: Stack) => {
      return Authentication.basic({
        ...props,
        administrator: administrator ? new Secret(stack, 'GivenAdministrator', GENERATED) : undefined,
        flaskKey: flaskKey ? Secret.fromSecretCompleteArn(stack, 'GivenKey', FLASK_KEY) : undefined,
      });
    }),
);

const GENERATED = {
  generateSecretString: { secretStringTemplate: '{"username":"root"}', generateStringKey: 'password' },
};
const FLASK_KEY = 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:flask-AbCdEf';
