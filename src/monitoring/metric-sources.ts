import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { BackendStoreConfig } from '../backend-store/contract';
import { ComputeConfig } from '../compute/contract';
import { EndpointConfig } from '../endpoint/contract';

/** What may measure itself, and how many connections the database accepts. */
export interface MeasuredParts {
  readonly compute: ComputeConfig;
  readonly endpoint?: EndpointConfig;
  readonly backendStore?: BackendStoreConfig;
}

interface Source {
  /** The prop that chooses the part. */
  readonly prop: 'endpoint' | 'backendStore' | 'compute';
  /** Made when it is asked for: a target group of the user's may join its load balancer late. */
  readonly metric: (measured: MeasuredParts) => Metric | undefined;
}

const ofBalancer = (metric: Source['metric']): Source => ({ prop: 'endpoint', metric });
const ofCompute = (metric: Source['metric']): Source => ({ prop: 'compute', metric });
const ofDatabase = (metric: Source['metric']): Source => ({ prop: 'backendStore', metric });

const SOURCES = {
  metricRequestCount: ofBalancer(({ endpoint }) => endpoint?.targetGroup?.metrics.requestCount()),
  metricTargetResponseTime: ofBalancer(({ endpoint }) => endpoint?.targetGroup?.metrics.targetResponseTime()),
  metricServerErrors: ofBalancer(({ endpoint }) =>
    endpoint?.targetGroup?.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT),
  ),
  metricUnhealthyHosts: ofBalancer(({ endpoint }) => endpoint?.targetGroup?.metrics.unhealthyHostCount()),
  metricCpuUtilization: ofCompute(({ compute }) => compute.metrics?.cpuUtilization),
  metricMemoryUtilization: ofCompute(({ compute }) => compute.metrics?.memoryUtilization),
  metricDatabaseCpuUtilization: ofDatabase(({ backendStore }) => backendStore?.metrics?.cpuUtilization),
  metricDatabaseFreeStorage: ofDatabase(({ backendStore }) => backendStore?.metrics?.freeStorage),
  metricDatabaseConnections: ofDatabase(({ backendStore }) => backendStore?.metrics?.connections),
};

export type MetricMethod = keyof typeof SOURCES;

/** Why there is none. */
const REASONS: Record<Source['prop'], string> = {
  endpoint: 'the endpoint has no load balancer',
  compute: 'the compute does not measure it',
  backendStore: 'the backend store does not measure it',
};

/** A metric of the parts, if they have it. */
export function findMetric(measured: MeasuredParts, method: MetricMethod): Metric | undefined {
  return SOURCES[method].metric(measured);
}

/** A metric of the parts. */
export function metricOf(measured: MeasuredParts, method: MetricMethod): Metric {
  const metric = findMetric(measured, method);
  if (metric) return metric;
  const { prop } = SOURCES[method];
  throw new Error(`'${method}' is not available, because ${REASONS[prop]}; choose another '${prop}'`);
}

/** For alarms and dashboards, which need something to look at. */
export function requireAnyMetric(measured: MeasuredParts, method: string): void {
  if (Object.values(SOURCES).some(({ metric }) => metric(measured) !== undefined)) return;
  throw new Error(
    `'${method}' has nothing to look at, because no part of this server measures itself; remove it or choose another 'compute'`,
  );
}
