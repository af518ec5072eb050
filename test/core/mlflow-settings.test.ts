import { Duration, Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { ArtifactAccess, FrameOptions, MlflowTrackingServer, ServerDefinition, ServerOptions } from '../../src';
import * as definition from '../../src/core/define-server';
import { MLFLOW_SETTINGS, settingOfFlag, settingOfVariable } from '../../src/core/mlflow-settings';
import { resolveProps } from '../../src/core/resolve-props';
import { ComputeKind, COMPUTES } from '../support/legal-compute';
import { ENDPOINT_KINDS, legalCase } from '../support/legal-props';
import { namedSecret, SERVER_INPUTS } from '../support/server-inputs';
import { elementsIn, messageOf } from '../support/templates';

const RUNS = 6;
const PAIRS = (Object.keys(COMPUTES) as ComputeKind[]).flatMap((kind) =>
  ENDPOINT_KINDS.map((endpoint) => [kind, endpoint] as const),
);

/** What a server with these props is given. */
function definitionOf(stack: Stack, props: object): ServerDefinition {
  const spy = jest.spyOn(definition, 'defineServer');
  try {
    new MlflowTrackingServer(stack, 'Mlflow', props);
    return spy.mock.results[0].value;
  } finally {
    spy.mockRestore();
  }
}

describe('whatever is chosen', () => {
  test.each(PAIRS)(
    'a user can set nothing that %s and endpoint %s set',
    (kind, endpoint) => {
      fc.assert(
        fc.property(legalCase(kind, endpoint), (define) => {
          const { stack, props } = define();
          const { environment, secrets, serveArguments } = definitionOf(stack, props);
          const own = props.server?.environment ?? {};
          const names = [...Object.keys(environment), ...Object.keys(secrets)].filter((name) => !(name in own));
          const flags = serveArguments.filter((text) => text.startsWith('-'));
          const given = flags.filter((flag) => !props.server?.extraArguments?.includes(flag));

          const again = define();
          const server: ServerOptions = {
            ...again.props.server,
            environment: Object.fromEntries(names.map((name) => [name, 'x'])),
            extraArguments: given,
          };
          const before = elementsIn(again.stack);
          const message = messageOf(() => resolveProps({ ...again.props, server }, 'eu-central-1'));
          const refused = [
            ...message.matchAll(/'server\.(?:environment|extraArguments)' cannot (?:set|contain) ([^,;]+)/g),
          ];
          expect(refused.map(([, name]) => name)).toEqual([...names, ...given]);
          expect(elementsIn(again.stack)).toEqual(before);
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
    },
    60_000,
  );
});

test('each row that says so sets its variable', () => {
  const secret = namedSecret('x');
  const options: ServerOptions = {
    staticPrefix: '/mlflow',
    frameOptions: FrameOptions.DENY,
    jobs: true,
    jobQueueUrl: { secret },
    traceArchival: { retention: Duration.days(1) },
    prometheusMetrics: true,
    aiGateway: false,
    workspaces: false,
  };
  const names = [ArtifactAccess.PROXIED, ArtifactAccess.DIRECT].flatMap((access) => {
    const { environment, secrets } = definition.defineServer({
      ...SERVER_INPUTS,
      options,
      secrets: {},
      artifactStore: { ...SERVER_INPUTS.artifactStore, access },
      backendStore: { environment: {}, rotatedSecret: { ...secret, secretArn: 'arn:x' } as typeof secret },
    });
    return [...Object.keys(environment), ...Object.keys(secrets)];
  });
  const rendered = MLFLOW_SETTINGS.filter(({ value, secret: kept }) => value || kept).map(({ variable }) => variable!);
  expect([...new Set(names)].sort()).toEqual(rendered.sort());
});

test('each option of the server is a setting', () => {
  // The compiler sees to it that none is missing here.
  const options: Record<Exclude<keyof ServerOptions, 'environment' | 'extraArguments'>, true> = {
    workers: true,
    staticPrefix: true,
    corsAllowedOrigins: true,
    frameOptions: true,
    jobs: true,
    jobQueueUrl: true,
    traceArchival: true,
    prometheusMetrics: true,
    aiGateway: true,
    workspaces: true,
    allowedModelVersionSources: true,
    customArtifactLocations: true,
  };
  expect([...new Set(MLFLOW_SETTINGS.flatMap(({ option = [] }) => option))].sort()).toEqual(
    Object.keys(options).sort(),
  );
});

test('no variable and no flag is in two rows, and each is found', () => {
  const variables = MLFLOW_SETTINGS.flatMap(({ variable = [] }) => variable);
  const flags = MLFLOW_SETTINGS.flatMap((setting) => setting.flags ?? []);
  expect(new Set(variables).size).toBe(variables.length);
  expect(new Set(flags).size).toBe(flags.length);
  for (const setting of MLFLOW_SETTINGS) {
    if (setting.variable) expect(settingOfVariable(setting.variable.replace(/\*$/, 'X'))).toBe(setting);
    for (const flag of setting.flags ?? []) expect(settingOfFlag(flag)).toBe(setting);
  }
});

test.each(['TEAM', 'MLFLOW_S3_ENDPOINT_URL', 'AWS_ENDPOINT_URL', 'PYTHONPATH', 'MLFLOW_BASIC_AUTH_FAIL_CLOSED'])(
  'the variable %s is the user’s',
  (name) => {
    expect(settingOfVariable(name)).toBeUndefined();
  },
);

test.each(['--secrets-cache-ttl', '--secrets-cache-max-size', '30'])('the argument %s is the user’s', (argument) => {
  expect(settingOfFlag(argument)).toBeUndefined();
});
