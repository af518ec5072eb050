import { Duration } from 'aws-cdk-lib';
import { AlarmOptions, MlflowTrackingServer } from '../../src';
import { FakeBackendStore, FakeCompute, FakeEndpoint, SelfContainedCompute } from '../support/fakes';
import { newStack } from '../support/new-app';

/** A server none of whose parts has metrics. */
export function unmeasured(): MlflowTrackingServer {
  return new MlflowTrackingServer(newStack(), 'Mlflow', {
    compute: new FakeCompute(),
    backendStore: new FakeBackendStore(),
    endpoint: new FakeEndpoint(),
  });
}

const ENDPOINT = "because the endpoint has no load balancer; choose another 'endpoint'";
const COMPUTE = "because the compute has no such metric; choose another 'compute'";
const STORE = "because the backend store has no such metric; choose another 'backendStore'";

export const METRICS = {
  metricRequestCount: ENDPOINT,
  metricTargetResponseTime: ENDPOINT,
  metricServerErrors: ENDPOINT,
  metricUnhealthyHostCount: ENDPOINT,
  metricCpuUtilization: COMPUTE,
  metricMemoryUtilization: COMPUTE,
  metricDatabaseCpuUtilization: STORE,
  metricDatabaseFreeStorageSpace: STORE,
  metricDatabaseConnections: STORE,
} as const;

export type MetricMethod = keyof typeof METRICS;

const THRESHOLDS: [AlarmOptions, string][] = [
  ...(['memoryUtilizationPercent', 'databaseCpuUtilizationPercent', 'databaseConnectionsPercent'] as const).flatMap(
    (name) =>
      [0, -1, 101, NaN].map((value): (typeof THRESHOLDS)[number] => [
        { [name]: value },
        `'${name}' must be more than 0 and at most 100; got ${value}`,
      ]),
  ),
  [{ serverErrors: 0 }, "'serverErrors' must be more than 0; got 0"],
  [{ targetResponseTime: Duration.seconds(0) }, "'targetResponseTime' must be more than 0 seconds; got 0 seconds"],
  [
    { serverErrors: -1, memoryUtilizationPercent: 200 },
    "'addAlarms' has 2 problems:\n" +
      "- 'memoryUtilizationPercent' must be more than 0 and at most 100; got 200\n" +
      "- 'serverErrors' must be more than 0; got -1",
  ],
];

export const MONITORING_ERRORS: [string, () => unknown, string][] = [
  ...Object.entries(METRICS).map(([method, why]): [string, () => unknown, string] => [
    method,
    () => unmeasured()[method as MetricMethod](),
    `'${method}' is not available, ${why}`,
  ]),
  ...(['addAlarms', 'addDashboard'] as const).flatMap((method): [string, () => unknown, string][] => [
    [
      `${method} of nothing`,
      () => unmeasured()[method](),
      `'${method}' cannot be used, because no part of this server has metrics; remove it or choose another 'compute'`,
    ],
    [
      `${method} of a managed server`,
      () => new MlflowTrackingServer(newStack(), 'Mlflow', { compute: new SelfContainedCompute() })[method](),
      `'${method}' cannot be used, because no part of this server has metrics; remove it or choose another 'compute'`,
    ],
    [
      `${method} twice`,
      () => {
        const server = new MlflowTrackingServer(newStack(), 'Mlflow');
        server[method]();
        server[method]();
      },
      `'${method}' can be called only once; pass all options in one call`,
    ],
  ]),
  ...THRESHOLDS.map(([options, message]): [string, () => unknown, string] => [
    JSON.stringify(options),
    () => new MlflowTrackingServer(newStack(), 'Mlflow').addAlarms(options),
    message,
  ]),
];
