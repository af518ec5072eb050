import { Token, Tokenization } from 'aws-cdk-lib';
import { Problems } from '../private/problems';
import { checkWhole } from '../private/rules';
import { ServerOptions, TraceArchivalOptions } from '../server';

/** No directory of an experiment has this name: they are numbers. */
const DIRECTORY = 'archived-traces';

const LONGEST_INTERVAL_SECONDS = 86400;

/** The content of the configuration file for MLflow. */
export function traceArchivalConfig(options: TraceArchivalOptions, artifactsUri: string): string {
  const { retention, interval, maxTracesPerPass, longRetentionExperiments } = options;
  const entries: [string, string | undefined][] = [
    ['enabled', 'true'],
    ['location', JSON.stringify(`${artifactsUri}/${DIRECTORY}`)],
    ['retention', `${Tokenization.stringifyNumber(retention.toMinutes())}m`],
    ['interval_seconds', interval && Tokenization.stringifyNumber(interval.toSeconds())],
    [
      'max_traces_per_pass',
      maxTracesPerPass === undefined ? undefined : Tokenization.stringifyNumber(maxTracesPerPass),
    ],
    ['long_retention_allowlist', longRetentionExperiments && JSON.stringify(longRetentionExperiments)],
  ];
  const lines = entries.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name}: ${value}`]));
  return ['trace_archival:', ...lines, ''].join('\n');
}

/** Checks the options that MLflow would reject or ignore. */
export function checkTraceArchival(problems: Problems, { traceArchival, jobs }: ServerOptions): void {
  if (!traceArchival) return;
  const { retention, interval, maxTracesPerPass, longRetentionExperiments = [] } = traceArchival;
  problems.require(jobs === true, () => {
    return "'server.traceArchival' is a job of the server; set 'server.jobs' to true, or remove 'server.traceArchival'";
  });
  if (!retention.isUnresolved()) {
    const minutes = retention.toMinutes({ integral: false });
    problems.require(Number.isInteger(minutes) && minutes >= 1, () => {
      return `'server.traceArchival.retention' must be a whole number of minutes, at least 1; got ${minutes} minutes`;
    });
  }
  if (interval && !interval.isUnresolved()) {
    const seconds = interval.toSeconds({ integral: false });
    problems.require(Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_INTERVAL_SECONDS, () => {
      return `'server.traceArchival.interval' must be a whole number of seconds from 1 to ${LONGEST_INTERVAL_SECONDS}; got ${seconds} seconds`;
    });
  }
  checkWhole(problems, 'server.traceArchival.maxTracesPerPass', maxTracesPerPass);
  for (const id of longRetentionExperiments) {
    problems.require(Token.isUnresolved(id) || /^[a-zA-Z0-9][\w-]{0,63}$/.test(id), () => {
      return `'server.traceArchival.longRetentionExperiments' must contain IDs of experiments, such as '1'; got '${id}'`;
    });
  }
}
