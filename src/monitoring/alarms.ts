import { Duration, Size, SizeRoundingBehavior, Stack, Token } from 'aws-cdk-lib';
import { Alarm, CfnAlarm, ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { findMetric, MeasuredParts, MetricMethod } from './metric-sources';
import { AlarmOptions } from '../monitoring/alarm-options';
import { Problems } from '../private/problems';
import { warnAtSynthesis } from '../private/warn-at-synthesis';

interface Rule {
  readonly id: string;
  readonly metric: MetricMethod;
  readonly description: string;
  /** Undefined: nothing is known that the metric could be compared with. */
  readonly threshold?: number;
  readonly statistic: string;
  readonly periodMinutes: number;
  readonly periods: number;
  /** Whether it is too little that is bad. */
  readonly below?: boolean;
}

const FIVE_MINUTES_THREE_TIMES = { periodMinutes: 5, periods: 3 };

function rulesFor(options: AlarmOptions, measured: MeasuredParts): Rule[] {
  const { responseTime = Duration.seconds(5), databaseFreeStorage = Size.gibibytes(1) } = options;
  const { serverErrors = 10, memoryUtilizationPercent = 90, databaseCpuUtilizationPercent = 90 } = options;
  const maxConnections = measured.backendStore?.maxConnections;
  const share = (options.databaseConnectionsPercent ?? 80) / 100;
  return [
    {
      id: 'ServerErrors',
      metric: 'metricServerErrors',
      description: 'The MLflow server answers with errors: see its log',
      threshold: serverErrors,
      statistic: Stats.SUM,
      periodMinutes: 5,
      periods: 1,
    },
    {
      id: 'UnhealthyHosts',
      metric: 'metricUnhealthyHosts',
      description: 'An MLflow server does not answer health checks: see its log',
      threshold: 1,
      // Through all of ten minutes, which a deployment with a large migration takes too.
      statistic: Stats.MINIMUM,
      periodMinutes: 1,
      periods: 10,
    },
    {
      id: 'ResponseTime',
      metric: 'metricTargetResponseTime',
      description: 'The MLflow server answers slowly: look at its CPU and at its database',
      threshold: responseTime.toMilliseconds() / 1000,
      statistic: Stats.percentile(90),
      ...FIVE_MINUTES_THREE_TIMES,
    },
    {
      id: 'Memory',
      metric: 'metricMemoryUtilization',
      description: 'The MLflow server is short of memory: give it more, or fewer workers',
      threshold: memoryUtilizationPercent,
      statistic: Stats.AVERAGE,
      ...FIVE_MINUTES_THREE_TIMES,
    },
    {
      id: 'DatabaseCpu',
      metric: 'metricDatabaseCpuUtilization',
      description: 'The database of MLflow is short of CPU: choose a larger instance',
      threshold: databaseCpuUtilizationPercent,
      statistic: Stats.AVERAGE,
      ...FIVE_MINUTES_THREE_TIMES,
    },
    {
      id: 'DatabaseFreeStorage',
      metric: 'metricDatabaseFreeStorage',
      description: 'The database of MLflow is almost full: let its storage grow further',
      threshold: databaseFreeStorage.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) * 1024,
      statistic: Stats.MINIMUM,
      below: true,
      ...FIVE_MINUTES_THREE_TIMES,
    },
    {
      id: 'DatabaseConnections',
      metric: 'metricDatabaseConnections',
      description: 'The database of MLflow is short of connections: choose a larger instance, or fewer workers',
      threshold: maxConnections === undefined ? undefined : Math.floor(maxConnections * share),
      statistic: Stats.MAXIMUM,
      ...FIVE_MINUTES_THREE_TIMES,
    },
  ];
}

/** Throws one error with every threshold that an alarm could not have. */
export function validateAlarmOptions(options: AlarmOptions): void {
  const problems = new Problems();
  const percent = ['memoryUtilizationPercent', 'databaseCpuUtilizationPercent', 'databaseConnectionsPercent'] as const;
  for (const name of percent) {
    const value = options[name];
    problems.require(value === undefined || Token.isUnresolved(value) || (value > 0 && value <= 100), () => {
      return `'${name}' must be more than 0 and at most 100; got ${value}`;
    });
  }
  const { serverErrors, responseTime } = options;
  problems.require(serverErrors === undefined || Token.isUnresolved(serverErrors) || serverErrors > 0, () => {
    return `'serverErrors' must be more than 0; got ${serverErrors}`;
  });
  const seconds = responseTime?.isUnresolved() ? undefined : responseTime?.toSeconds({ integral: false });
  problems.require(seconds === undefined || seconds > 0, () => {
    return `'responseTime' must be more than 0 seconds; got ${seconds} seconds`;
  });
  problems.throwIfAny("'addAlarms'");
}

/** An alarm for everything that the parts measure. */
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
      // No requests, or a server that is stopped for the night, are no fault.
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
    "the alarms tell nobody, because they have no action; set 'topic' or 'alarmActions' of addAlarms()",
    () => alarms.every(tellsNobody),
  );
  return alarms;
}

/** Actions may be added to an alarm until the app is complete. */
function tellsNobody(alarm: Alarm): boolean {
  const actions = Stack.of(alarm).resolve((alarm.node.defaultChild as CfnAlarm).alarmActions);
  return !actions?.length;
}
