import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { BackendStoreConfig } from '../backend-store/contract';
import { ComputeConfig } from '../compute/contract';
import { EndpointConfig } from '../endpoint/contract';

/** The parts that can have metrics, and the maximum number of connections of the database. */
export interface MeasuredParts {
  readonly compute: ComputeConfig;
  readonly endpoint?: EndpointConfig;
  readonly backendStore?: BackendStoreConfig;
}

interface Source {
  /** The prop that selects the part. */
  readonly prop: 'endpoint' | 'backendStore' | 'compute';
  /** Created on request, because a target group can be attached to the user's load balancer later. */
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
  metricUnhealthyHostCount: ofBalancer(({ endpoint }) => endpoint?.targetGroup?.metrics.unhealthyHostCount()),
  metricCpuUtilization: ofCompute(({ compute }) => compute.metrics?.cpuUtilization),
  metricMemoryUtilization: ofCompute(({ compute }) => compute.metrics?.memoryUtilization),
  metricDatabaseCpuUtilization: ofDatabase(({ backendStore }) => backendStore?.metrics?.cpuUtilization),
  metricDatabaseFreeStorageSpace: ofDatabase(({ backendStore }) => backendStore?.metrics?.freeStorageSpace),
  metricDatabaseConnections: ofDatabase(({ backendStore }) => backendStore?.metrics?.databaseConnections),
};

export type MetricMethod = keyof typeof SOURCES;

/** Why a metric does not exist. */
const REASONS: Record<Source['prop'], string> = {
  endpoint: 'the endpoint has no load balancer',
  compute: 'the compute has no such metric',
  backendStore: 'the backend store has no such metric',
};

/** A metric of the parts, if it exists. */
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

/** Throws if the parts have no metrics, which alarms and dashboards need. */
export function validateMeasured(measured: MeasuredParts, method: string): void {
  if (Object.values(SOURCES).some(({ metric }) => metric(measured) !== undefined)) return;
  throw new Error(
    `'${method}' cannot be used, because no part of this server has metrics; remove it or choose another 'compute'`,
  );
}
