import { Alarm, Dashboard, DashboardProps, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { AlarmOptions } from './alarm-options';
import { defineAlarms, validateAlarmOptions } from './alarms';
import { defineDashboard } from './dashboard';
import { MeasuredParts, metricOf, validateMeasured } from './metric-sources';

/**
 * The metrics, alarms and dashboard of a tracking server. jsii makes them members of the server's own class.
 *
 * @internal
 */
export abstract class MonitoredTrackingServer extends Construct {
  /** @internal */
  protected abstract readonly _measured: MeasuredParts;

  /**
   * The number of requests that the load balancer sent to the servers.
   *
   * @param props Options of the metric.
   * @throws if the endpoint has no load balancer
   */
  public metricRequestCount(props: MetricOptions = {}): Metric {
    return metricOf(this._measured, 'metricRequestCount').with(props);
  }

  /**
   * The response time of the servers, in seconds.
   *
   * @param props Options of the metric.
   * @throws if the endpoint has no load balancer
   */
  public metricTargetResponseTime(props: MetricOptions = {}): Metric {
    return metricOf(this._measured, 'metricTargetResponseTime').with(props);
  }

  /**
   * The number of HTTP 5xx responses of the servers.
   *
   * @param props Options of the metric.
   * @throws if the endpoint has no load balancer
   */
  public metricServerErrors(props: MetricOptions = {}): Metric {
    return metricOf(this._measured, 'metricServerErrors').with(props);
  }

  /**
   * The number of servers that fail health checks.
   *
   * @param props Options of the metric.
   * @throws if the endpoint has no load balancer
   */
  public metricUnhealthyHostCount(props: MetricOptions = {}): Metric {
    return metricOf(this._measured, 'metricUnhealthyHostCount').with(props);
  }

  /**
   * The CPU utilization of the servers, in percent.
   *
   * @param props Options of the metric.
   * @throws if the compute has no such metric
   */
  public metricCpuUtilization(props: MetricOptions = {}): Metric {
    return metricOf(this._measured, 'metricCpuUtilization').with(props);
  }

  /**
   * The memory utilization of the servers, in percent.
   *
   * @param props Options of the metric.
   * @throws if the compute has no such metric
   */
  public metricMemoryUtilization(props: MetricOptions = {}): Metric {
    return metricOf(this._measured, 'metricMemoryUtilization').with(props);
  }

  /**
   * The CPU utilization of the database, in percent.
   *
   * @param props Options of the metric.
   * @throws if the backend store has no such metric
   */
  public metricDatabaseCpuUtilization(props: MetricOptions = {}): Metric {
    return metricOf(this._measured, 'metricDatabaseCpuUtilization').with(props);
  }

  /**
   * The free storage space of the database, in bytes.
   *
   * @param props Options of the metric.
   * @throws if the backend store has no such metric
   */
  public metricDatabaseFreeStorageSpace(props: MetricOptions = {}): Metric {
    return metricOf(this._measured, 'metricDatabaseFreeStorageSpace').with(props);
  }

  /**
   * The number of database connections that are in use.
   *
   * @param props Options of the metric.
   * @throws if the backend store has no such metric
   */
  public metricDatabaseConnections(props: MetricOptions = {}): Metric {
    return metricOf(this._measured, 'metricDatabaseConnections').with(props);
  }

  /**
   * Adds alarms for HTTP 5xx responses, unhealthy servers, slow responses, memory, and the CPU, storage and connections of
   * the database, for each metric that the server has.
   *
   * Without a topic and without actions, synthesis warns that the alarms notify no one.
   *
   * @param options Options for the alarms.
   * @throws if a threshold is invalid, if the server has no metrics, or if called twice
   */
  public addAlarms(options: AlarmOptions = {}): Alarm[] {
    validateAlarmOptions(options);
    return defineAlarms(this.scopeFor('addAlarms', 'Alarms'), this._measured, options);
  }

  /**
   * Adds a dashboard with all metrics of the server.
   *
   * @param props Properties of the dashboard, such as its name. Your own widgets come first.
   * @throws if the server has no metrics, or if called twice
   */
  public addDashboard(props: DashboardProps = {}): Dashboard {
    return defineDashboard(this.scopeFor('addDashboard', 'Monitoring'), this._measured, props);
  }

  private scopeFor(method: string, id: string): Construct {
    if (this.node.tryFindChild(id)) {
      throw new Error(`'${method}' can be called only once; pass all options in one call`);
    }
    validateMeasured(this._measured, method);
    return new Construct(this, id);
  }
}
