import { TimeZone } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { DayOfWeek } from './day-of-week';
import { Problems } from '../../private/problems';
import { checkTime } from '../../private/rules';

/**
 * Options for the hours during which an MLflow server runs.
 */
export interface WorkingHoursOptions {
  /**
   * The hour at which the server is started, from 0 to 23. It responds some minutes later, a managed server after 10 to
   * 20 minutes.
   */
  readonly startHour: number;

  /**
   * The minute of the hour at which the server is started, from 0 to 59.
   *
   * @default 0
   */
  readonly startMinute?: number;

  /**
   * The hour at which the server is stopped, from 0 to 23. If the stop is earlier than the start, the server is stopped
   * on the following day: with Monday to Friday, 19 to 7, the last stop is on Saturday at 7.
   */
  readonly stopHour: number;

  /**
   * The minute of the hour at which the server is stopped, from 0 to 59.
   *
   * @default 0
   */
  readonly stopMinute?: number;

  /**
   * The time zone of the hours. Daylight saving time is taken into account.
   *
   * @default TimeZone.ETC_UTC
   */
  readonly timeZone?: TimeZone;
}

const WORKDAYS = [DayOfWeek.MONDAY, DayOfWeek.TUESDAY, DayOfWeek.WEDNESDAY, DayOfWeek.THURSDAY, DayOfWeek.FRIDAY];

const WEEK = [...WORKDAYS, DayOfWeek.SATURDAY, DayOfWeek.SUNDAY];

function dayAfter(day: DayOfWeek): DayOfWeek {
  return WEEK[(WEEK.indexOf(day) + 1) % WEEK.length];
}

/**
 * The hours during which an MLflow server runs. Outside these hours, the server itself costs nothing. Its storage and all
 * other resources are kept.
 */
export class WorkingHours {
  /**
   * Returns working hours from Monday to Friday.
   *
   * @throws if an hour or a minute is invalid, or the start and the stop are the same
   */
  public static weekdays(options: WorkingHoursOptions): WorkingHours {
    return new WorkingHours(WORKDAYS, options);
  }

  /**
   * Returns working hours on these days. The server is started on each day, and stopped on the same day or, if the stop is
   * earlier than the start, on the following day.
   *
   * @throws if there are no days or a day is repeated, an hour or a minute is invalid, or the start and the stop are the
   * same
   */
  public static onDays(days: DayOfWeek[], options: WorkingHoursOptions): WorkingHours {
    return new WorkingHours(days, options);
  }

  /**
   * The schedule on which the server is started.
   */
  public readonly start: ScheduleExpression;

  /**
   * The schedule on which the server is stopped.
   */
  public readonly stop: ScheduleExpression;

  private constructor(days: DayOfWeek[], options: WorkingHoursOptions) {
    const { startHour, startMinute = 0, stopHour, stopMinute = 0, timeZone = TimeZone.ETC_UTC } = options;
    const problems = new Problems();
    checkTime(problems, 'the start of the working hours', startHour, startMinute);
    checkTime(problems, 'the end of the working hours', stopHour, stopMinute);
    problems
      .require(days.length > 0, () => 'the working hours must have at least one day; got none')
      .require(new Set(days).size === days.length, () => {
        return `the days of the working hours must differ; got ${days.join(', ')}`;
      })
      .require(startHour !== stopHour || startMinute !== stopMinute, () => {
        return `the working hours must end at another time than they start; got ${startHour}:${startMinute} for both`;
      })
      .throwIfAny('WorkingHours.onDays()');
    const at = (on: DayOfWeek[], hour: number, minute: number) => {
      const weekDay = on.map((day) => day.toUpperCase()).join(',');
      return ScheduleExpression.cron({ hour: `${hour}`, minute: `${minute}`, weekDay, timeZone });
    };
    const overnight = stopHour * 60 + stopMinute < startHour * 60 + startMinute;
    this.start = at(days, startHour, startMinute);
    this.stop = at(overnight ? days.map(dayAfter) : days, stopHour, stopMinute);
  }
}
