import { Duration, Size, SizeRoundingBehavior, Stack, Token } from 'aws-cdk-lib';
import { Alarm, CfnAlarm, ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { AlarmOptions } from './alarm-options';
import { findMetric, MeasuredParts, MetricMethod } from './metric-sources';
import { Problems } from '../private/problems';
import { warnAtSynthesis } from '../private/warn-at-synthesis';

interface Rule {
  readonly id: string;
  readonly metric: MetricMethod;
  readonly description: string;
  /** Undefined if the threshold depends on an unknown maximum. */
  readonly threshold?: number;
  readonly statistic: string;
  readonly periodMinutes: number;
  readonly periods: number;
  /** Whether the alarm fires below the threshold, instead of at or above it. */
  readonly below?: boolean;
}

const FIVE_MINUTES_THREE_TIMES = { periodMinutes: 5, periods: 3 };

function rulesFor(options: AlarmOptions, measured: MeasuredParts): Rule[] {
  const { targetResponseTime = Duration.seconds(5), databaseFreeStorageSpace = Size.gibibytes(1) } = options;
  const { serverErrors = 10, memoryUtilizationPercent = 90, databaseCpuUtilizationPercent = 90 } = options;
  const maxConnections = measured.backendStore?.maxConnections;
  const share = (options.databaseConnectionsPercent ?? 80) / 100;
  return [
    {
      id: 'ServerErrors',
      metric: 'metricServerErrors',
      description: 'The MLflow server returns HTTP 5xx responses: check its log',
      threshold: serverErrors,
      statistic: Stats.SUM,
      periodMinutes: 5,
      periods: 1,
    },
    {
      id: 'UnhealthyHosts',
      metric: 'metricUnhealthyHostCount',
      description: 'An MLflow server fails health checks: check its log',
      threshold: 1,
      // For ten minutes without a break, because a deployment with a large migration also takes minutes.
      statistic: Stats.MINIMUM,
      periodMinutes: 1,
      periods: 10,
    },
    {
      id: 'ResponseTime',
      metric: 'metricTargetResponseTime',
      description: 'The MLflow server responds slowly: check its CPU and its database',
      threshold: targetResponseTime.toMilliseconds() / 1000,
      statistic: Stats.percentile(90),
      ...FIVE_MINUTES_THREE_TIMES,
    },
    {
      id: 'Memory',
      metric: 'metricMemoryUtilization',
      description: 'The MLflow server is low on memory: increase the memory or reduce the number of workers',
      threshold: memoryUtilizationPercent,
      statistic: Stats.AVERAGE,
      ...FIVE_MINUTES_THREE_TIMES,
    },
    {
      id: 'DatabaseCpu',
      metric: 'metricDatabaseCpuUtilization',
      description: 'The CPU utilization of the MLflow database is high: choose a larger instance',
      threshold: databaseCpuUtilizationPercent,
      statistic: Stats.AVERAGE,
      ...FIVE_MINUTES_THREE_TIMES,
    },
    {
      id: 'DatabaseFreeStorage',
      metric: 'metricDatabaseFreeStorageSpace',
      description: 'The MLflow database is low on storage: increase its maximum storage',
      threshold: databaseFreeStorageSpace.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) * 1024,
      statistic: Stats.MINIMUM,
      below: true,
      ...FIVE_MINUTES_THREE_TIMES,
    },
    {
      id: 'DatabaseConnections',
      metric: 'metricDatabaseConnections',
      description:
        'The MLflow database is low on connections: choose a larger instance or reduce the number of workers',
      threshold: maxConnections === undefined ? undefined : Math.floor(maxConnections * share),
      statistic: Stats.MAXIMUM,
      ...FIVE_MINUTES_THREE_TIMES,
    },
  ];
}

/** Throws one error with every invalid threshold. */
export function validateAlarmOptions(options: AlarmOptions): void {
  const problems = new Problems();
  const percent = ['memoryUtilizationPercent', 'databaseCpuUtilizationPercent', 'databaseConnectionsPercent'] as const;
  for (const name of percent) {
    const value = options[name];
    problems.require(value === undefined || Token.isUnresolved(value) || (value > 0 && value <= 100), () => {
      return `'${name}' must be more than 0 and at most 100; got ${value}`;
    });
  }
  const { serverErrors, targetResponseTime } = options;
  problems.require(serverErrors === undefined || Token.isUnresolved(serverErrors) || serverErrors > 0, () => {
    return `'serverErrors' must be more than 0; got ${serverErrors}`;
  });
  const seconds = targetResponseTime?.isUnresolved() ? undefined : targetResponseTime?.toSeconds({ integral: false });
  problems.require(seconds === undefined || seconds > 0, () => {
    return `'targetResponseTime' must be more than 0 seconds; got ${seconds} seconds`;
  });
  problems.throwIfAny("'addAlarms'");
}

/** An alarm for each metric of the parts. */
export function defineAlarms(scope: Construct, measured: MeasuredParts, options: AlarmOptions): Alarm[] {
  const alarms = rulesFor(options, measured).flatMap((rule) => {
    const metric = findMetric(measured, rule.metric);
    if (!metric || rule.threshold === undefined) return [];
    const alarm = new Alarm(scope, rule.id, {
      alarmDescription: rule.description,
      metric: metric.with({ statistic: rule.statistic, period: Duration.minutes(rule.periodMinutes) }),
      threshold: rule.threshold,
      evaluationPeriods: rule.periods,
      comparisonOperator: rule.below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // No requests, or a server that is stopped outside working hours, are not an error.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(...(options.alarmActions ?? []));
    if (options.topic) {
      alarm.addAlarmAction(new SnsAction(options.topic));
      alarm.addOkAction(new SnsAction(options.topic));
    }
    return [alarm];
  });
  warnAtSynthesis(
    scope,
    'cdk-mlflow:alarmsWithoutAction',
    "the alarms notify no one, because they have no actions; set 'topic' or 'alarmActions' of addAlarms()",
    () => alarms.every(hasNoActions),
  );
  return alarms;
}

/** Checked at synthesis, because actions can be added to an alarm until then. */
function hasNoActions(alarm: Alarm): boolean {
  const actions = Stack.of(alarm).resolve((alarm.node.defaultChild as CfnAlarm).alarmActions);
  return !actions?.length;
}
