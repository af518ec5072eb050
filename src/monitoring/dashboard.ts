import { Dashboard, DashboardProps, GraphWidget, IWidget, Row } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { findMetric, MeasuredParts, MetricMethod } from './metric-sources';

/** One row for each list; one graph for each title. */
const GRAPHS: { readonly title: string; readonly metrics: MetricMethod[] }[][] = [
  [
    { title: 'Requests', metrics: ['metricRequestCount'] },
    { title: 'Response time (s)', metrics: ['metricTargetResponseTime'] },
    { title: 'Errors and unhealthy servers', metrics: ['metricServerErrors', 'metricUnhealthyHostCount'] },
  ],
  [
    { title: 'Server CPU (%)', metrics: ['metricCpuUtilization'] },
    { title: 'Server memory (%)', metrics: ['metricMemoryUtilization'] },
  ],
  [
    { title: 'Database CPU (%)', metrics: ['metricDatabaseCpuUtilization'] },
    { title: 'Database connections', metrics: ['metricDatabaseConnections'] },
    { title: 'Database free storage (bytes)', metrics: ['metricDatabaseFreeStorageSpace'] },
  ],
];

const FULL_WIDTH = 24;

/** A dashboard with every metric of the parts, after the user's own widgets. */
export function defineDashboard(scope: Construct, measured: MeasuredParts, props: DashboardProps): Dashboard {
  const dashboard = new Dashboard(scope, 'Dashboard', props);
  for (const graphs of GRAPHS) {
    const shown = graphs
      .map(({ title, metrics }) => ({ title, left: metrics.flatMap((name) => findMetric(measured, name) ?? []) }))
      .filter(({ left }) => left.length > 0);
    const width = Math.floor(FULL_WIDTH / Math.max(1, shown.length));
    const widgets: IWidget[] = shown.map((graph) => new GraphWidget({ ...graph, width }));
    if (widgets.length > 0) dashboard.addWidgets(new Row(...widgets));
  }
  return dashboard;
}
