import { Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Ec2Action, Ec2InstanceAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { MetricMethod, METRICS } from './errors';
import { AlarmOptions, BackendStore, Compute, MlflowTrackingServer, MlflowTrackingServerProps } from '../../src';
import { FakeBackendStore, FakeCompute, FakeEndpoint } from '../support/fakes';
import { newStack } from '../support/new-app';
import { only } from '../support/templates';

function watched(options: AlarmOptions = {}, props: MlflowTrackingServerProps = {}, stack: Stack = newStack()) {
  const alarms = new MlflowTrackingServer(stack, 'Mlflow', props).addAlarms(options);
  const template = Template.fromStack(stack);
  const found = Object.entries(template.findResources('AWS::CloudWatch::Alarm'));
  const named = found.map(([id, { Properties }]) => [id.replace(/^MlflowAlarms|\w{8}$/g, ''), Properties]);
  return { template, alarms, byName: Object.fromEntries(named) as Record<string, any> };
}

describe('metrics', () => {
  const server = new MlflowTrackingServer(newStack(), 'Mlflow');

  test.each<[MetricMethod, string, string, string, string[]]>([
    ['metricRequestCount', 'AWS/ApplicationELB', 'RequestCount', 'Sum', ['LoadBalancer', 'TargetGroup']],
    [
      'metricTargetResponseTime',
      'AWS/ApplicationELB',
      'TargetResponseTime',
      'Average',
      ['LoadBalancer', 'TargetGroup'],
    ],
    ['metricServerErrors', 'AWS/ApplicationELB', 'HTTPCode_Target_5XX_Count', 'Sum', ['LoadBalancer', 'TargetGroup']],
    [
      'metricUnhealthyHostCount',
      'AWS/ApplicationELB',
      'UnHealthyHostCount',
      'Average',
      ['LoadBalancer', 'TargetGroup'],
    ],
    ['metricCpuUtilization', 'AWS/ECS', 'CPUUtilization', 'Average', ['ClusterName', 'ServiceName']],
    ['metricMemoryUtilization', 'AWS/ECS', 'MemoryUtilization', 'Average', ['ClusterName', 'ServiceName']],
    ['metricDatabaseCpuUtilization', 'AWS/RDS', 'CPUUtilization', 'Average', ['DBInstanceIdentifier']],
    ['metricDatabaseFreeStorageSpace', 'AWS/RDS', 'FreeStorageSpace', 'Average', ['DBInstanceIdentifier']],
    ['metricDatabaseConnections', 'AWS/RDS', 'DatabaseConnections', 'Average', ['DBInstanceIdentifier']],
  ])('%s', (method, namespace, metricName, statistic, dimensions) => {
    const metric = server[method]();
    expect(metric).toMatchObject({ namespace, metricName, statistic });
    expect(Object.keys(metric.dimensions!).sort()).toEqual(dimensions);
    const other = server[method]({ statistic: 'p95', period: Duration.hours(1), label: 'mine' });
    expect(other).toMatchObject({ namespace, metricName, statistic: 'p95', period: Duration.hours(1), label: 'mine' });
  });

  test('are all of them', () => {
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(MlflowTrackingServer.prototype));
    expect(methods.filter((name) => name.startsWith('metric')).sort()).toEqual(Object.keys(METRICS).sort());
  });

  test('of ECS on EC2 are those of the service, as on Fargate', () => {
    const fargate = new MlflowTrackingServer(newStack(), 'Mlflow');
    const ecs = new MlflowTrackingServer(newStack(), 'Mlflow', { compute: Compute.ecsOnEc2() });
    for (const method of ['metricCpuUtilization', 'metricMemoryUtilization'] as const) {
      const [one, other] = [fargate[method](), ecs[method]()];
      expect(other).toMatchObject({ namespace: 'AWS/ECS', metricName: one.metricName, statistic: one.statistic });
      expect(Object.keys(other.dimensions!)).toEqual(Object.keys(one.dimensions!));
    }
  });

  test('of EC2 are those of the group', () => {
    const ec2 = new MlflowTrackingServer(newStack(), 'Mlflow', { compute: Compute.ec2() });
    expect(ec2.metricCpuUtilization()).toMatchObject({ namespace: 'AWS/EC2', metricName: 'CPUUtilization' });
    expect(Object.keys(ec2.metricCpuUtilization().dimensions!)).toEqual(['AutoScalingGroupName']);
    expect(() => ec2.metricMemoryUtilization()).toThrow(/has no such metric/);
  });
});

describe('alarms', () => {
  const { byName, alarms } = watched();
  const AT_LEAST = 'GreaterThanOrEqualToThreshold';

  test.each([
    ['ServerErrors', 'HTTPCode_Target_5XX_Count', { Statistic: 'Sum' }, AT_LEAST, 10, 300, 1],
    ['UnhealthyHosts', 'UnHealthyHostCount', { Statistic: 'Minimum' }, AT_LEAST, 1, 60, 10],
    ['ResponseTime', 'TargetResponseTime', { ExtendedStatistic: 'p90' }, AT_LEAST, 5, 300, 3],
    ['Memory', 'MemoryUtilization', { Statistic: 'Average' }, AT_LEAST, 90, 300, 3],
    ['DatabaseCpu', 'CPUUtilization', { Statistic: 'Average' }, AT_LEAST, 90, 300, 3],
    ['DatabaseFreeStorage', 'FreeStorageSpace', { Statistic: 'Minimum' }, 'LessThanThreshold', 1024 ** 3, 300, 3],
    // 80 percent of the 84 connections of the smallest instance.
    ['DatabaseConnections', 'DatabaseConnections', { Statistic: 'Maximum' }, AT_LEAST, 67, 300, 3],
  ])('%s', (name, MetricName, statistic, ComparisonOperator, Threshold, Period, EvaluationPeriods) => {
    expect(byName[name]).toMatchObject({
      MetricName,
      ...statistic,
      ComparisonOperator,
      Threshold,
      Period,
      EvaluationPeriods,
      TreatMissingData: 'notBreaching',
      AlarmDescription: expect.stringMatching(/MLflow/),
    });
    expect(byName[name]).not.toHaveProperty('AlarmActions');
    expect(byName[name]).not.toHaveProperty('OKActions');
  });

  test('are these, and are returned', () => {
    expect(Object.keys(byName)).toHaveLength(7);
    expect(alarms).toHaveLength(7);
  });

  test.each<[AlarmOptions, string, number]>([
    [{ serverErrors: 3 }, 'ServerErrors', 3],
    [{ targetResponseTime: Duration.millis(1500) }, 'ResponseTime', 1.5],
    [{ memoryUtilizationPercent: 100 }, 'Memory', 100],
    [{ databaseCpuUtilizationPercent: 55 }, 'DatabaseCpu', 55],
    [{ databaseFreeStorageSpace: Size.mebibytes(512) }, 'DatabaseFreeStorage', 512 * 1024 ** 2],
    [{ databaseConnectionsPercent: 50 }, 'DatabaseConnections', 42],
  ])('%j sets that threshold alone', (options, name, threshold) => {
    const changed = watched(options).byName;
    expect(changed).toEqual({ ...byName, [name]: { ...byName[name], Threshold: threshold } });
  });

  test('thresholds may be known later', () => {
    const serverErrors = Lazy.number({ produce: () => 4 });
    expect(watched({ serverErrors, memoryUtilizationPercent: serverErrors }).byName).toMatchObject({
      ServerErrors: { Threshold: 4 },
      Memory: { Threshold: 4 },
    });
  });

  test('tell a topic when they go off and when they are over, and do what else is asked', () => {
    const stack = newStack();
    const reboot = new Ec2Action(Ec2InstanceAction.REBOOT);
    const { byName: told, template } = watched({ topic: new Topic(stack, 'Topic'), alarmActions: [reboot] }, {}, stack);
    const topic = { Ref: only(template, 'AWS::SNS::Topic').id };
    for (const { AlarmActions, OKActions } of Object.values(told)) {
      expect(JSON.stringify(AlarmActions[0])).toContain('ec2:reboot');
      expect(AlarmActions.slice(1)).toEqual([topic]);
      expect(OKActions).toEqual([topic]);
    }
  });

  test.each<[string, () => MlflowTrackingServerProps, string[]]>([
    [
      'without a load balancer',
      () => ({ endpoint: new FakeEndpoint() }),
      ['Memory', 'DatabaseCpu', 'DatabaseFreeStorage', 'DatabaseConnections'],
    ],
    [
      'of servers that measure nothing, with a database elsewhere',
      () => ({ compute: new FakeCompute(), backendStore: new FakeBackendStore() }),
      ['ServerErrors', 'UnhealthyHosts', 'ResponseTime'],
    ],
    [
      'of a database whose connections are not known',
      () => ({
        endpoint: new FakeEndpoint(),
        compute: new FakeCompute(),
        backendStore: BackendStore.rdsPostgres({ instanceType: new InstanceType('x2g.large') }),
      }),
      ['DatabaseCpu', 'DatabaseFreeStorage'],
    ],
  ])('%s are fewer', (_name, props, expected) => {
    expect(Object.keys(watched({}, props()).byName).sort()).toEqual(expected.sort());
  });
});

describe('the dashboard', () => {
  function dashboardOf(props: MlflowTrackingServerProps, options = {}) {
    const stack = newStack();
    new MlflowTrackingServer(stack, 'Mlflow', props).addDashboard(options);
    const { Properties } = only(Template.fromStack(stack), 'AWS::CloudWatch::Dashboard');
    const body = Properties.DashboardBody['Fn::Join']
      ? Properties.DashboardBody['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : 'X')).join('')
      : Properties.DashboardBody;
    return { Properties, widgets: JSON.parse(body).widgets };
  }

  test('shows every metric', () => {
    const { widgets } = dashboardOf({});
    expect(widgets.map(({ properties, x, y, width }: any) => [properties.title, x, y / 6, width])).toEqual([
      ['Requests', 0, 0, 8],
      ['Response time (s)', 8, 0, 8],
      ['Errors and unhealthy servers', 16, 0, 8],
      ['Server CPU (%)', 0, 1, 12],
      ['Server memory (%)', 12, 1, 12],
      ['Database CPU (%)', 0, 2, 8],
      ['Database connections', 8, 2, 8],
      ['Database free storage (bytes)', 16, 2, 8],
    ]);
    const names = widgets.flatMap(({ properties }: any) => properties.metrics.map(([, name]: string[]) => name));
    expect(names).toHaveLength(9);
  });

  test('shows what there is', () => {
    const { widgets } = dashboardOf({ compute: new FakeCompute(), backendStore: new FakeBackendStore() });
    expect(widgets.map(({ properties }: any) => properties.title)).toEqual([
      'Requests',
      'Response time (s)',
      'Errors and unhealthy servers',
    ]);
  });

  test('takes a name and widgets of the user’s own', () => {
    const options = { dashboardName: 'mlflow', widgets: [[new TextWidget({ markdown: '# Runbook' })]] };
    const { Properties, widgets } = dashboardOf({}, options);
    expect(Properties.DashboardName).toBe('mlflow');
    expect(widgets[0].properties).toMatchObject({ markdown: '# Runbook' });
    expect(widgets).toHaveLength(9);
  });
});

test('nothing is watched or shown unless it is asked for', () => {
  const stack = newStack();
  new MlflowTrackingServer(stack, 'Mlflow');
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
});
