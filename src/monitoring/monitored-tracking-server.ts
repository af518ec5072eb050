import { Alarm, Dashboard, DashboardProps, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { AlarmOptions } from './alarm-options';
import { defineAlarms, validateAlarmOptions } from './alarms';
import { defineDashboard } from './dashboard';
import { MeasuredParts, metricOf, requireAnyMetric } from './metric-sources';

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
   * @param props How to look at it.
   * @throws If the endpoint has no load balancer.
   */
  public metricRequestCount(props: MetricOptions = {}): Metric {
    return metricOf(this._measured, 'metricRequestCount').with(props);
  }

  /**
   * The time that the servers take to answer, in seconds.
   *
   * @param props How to look at it.
   * @throws If the endpoint has no load balancer.
   */
  public metricTargetResponseTime(props: MetricOptions = {}): Metric {
    return metricOf(this._measured, 'metricTargetResponseTime').with(props);
  }

  /**
   * The number of answers of the servers with a status of 500 or more.
   *
   * @param props How to look at it.
   * @throws If the endpoint has no load balancer.
   */
  public metricServerErrors(props: MetricOptions = {}): Metric {
    return metricOf(this._measured, 'metricServerErrors').with(props);
  }

  /**
   * The number of servers that do not answer health checks.
   *
   * @param props How to look at it.
   * @throws If the endpoint has no load balancer.
   */
  public metricUnhealthyHosts(props: MetricOptions = {}): Metric {
    return metricOf(this._measured, 'metricUnhealthyHosts').with(props);
  }

  /**
   * The share of the servers' CPU that is used, in percent.
   *
   * @param props How to look at it.
   * @throws If the compute does not measure it.
   */
  public metricCpuUtilization(props: MetricOptions = {}): Metric {
    return metricOf(this._measured, 'metricCpuUtilization').with(props);
  }

  /**
   * The share of the servers' memory that is used, in percent.
   *
   * @param props How to look at it.
   * @throws If the compute does not measure it.
   */
  public metricMemoryUtilization(props: MetricOptions = {}): Metric {
    return metricOf(this._measured, 'metricMemoryUtilization').with(props);
  }

  /**
   * The share of the database's CPU that is used, in percent.
   *
   * @param props How to look at it.
   * @throws If the backend store does not measure it.
   */
  public metricDatabaseCpuUtilization(props: MetricOptions = {}): Metric {
    return metricOf(this._measured, 'metricDatabaseCpuUtilization').with(props);
  }

  /**
   * The free space of the database, in bytes.
   *
   * @param props How to look at it.
   * @throws If the backend store does not measure it.
   */
  public metricDatabaseFreeStorage(props: MetricOptions = {}): Metric {
    return metricOf(this._measured, 'metricDatabaseFreeStorage').with(props);
  }

  /**
   * The number of connections that the database has open.
   *
   * @param props How to look at it.
   * @throws If the backend store does not measure it.
   */
  public metricDatabaseConnections(props: MetricOptions = {}): Metric {
    return metricOf(this._measured, 'metricDatabaseConnections').with(props);
  }

  /**
   * Watch over the server: alarms for errors, unhealthy servers, slow answers, memory, and the database's CPU, storage
   * and connections, as far as its parts measure them.
   *
   * Without a topic and without actions, a warning says that the alarms tell nobody.
   *
   * @param options When the alarms go off, and who learns of it.
   * @throws If a threshold is none, if no part measures itself, or if called twice.
   */
  public addAlarms(options: AlarmOptions = {}): Alarm[] {
    validateAlarmOptions(options);
    return defineAlarms(this.scopeFor('addAlarms', 'Alarms'), this._measured, options);
  }

  /**
   * Show all that the server's parts measure on a dashboard.
   *
   * @param props The dashboard's name, time span and so on. Widgets of your own come first.
   * @throws If no part measures itself, or if called twice.
   */
  public addDashboard(props: DashboardProps = {}): Dashboard {
    return defineDashboard(this.scopeFor('addDashboard', 'Monitoring'), this._measured, props);
  }

  private scopeFor(method: string, id: string): Construct {
    if (this.node.tryFindChild(id)) {
      throw new Error(`'${method}' can be called once; pass everything in one call`);
    }
    requireAnyMetric(this._measured, method);
    return new Construct(this, id);
  }
}
