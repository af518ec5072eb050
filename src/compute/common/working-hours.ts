import { TimeZone } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { DayOfWeek } from './day-of-week';
import { Problems } from '../../private/problems';
import { requireTime } from '../../private/time-of-day';

/**
 * When an MLflow server runs.
 */
export interface WorkingHoursOptions {
  /**
   * The hour at which the server is started, from 0 to 23. It answers some minutes later, a managed server 10 to 20:
   * start it early.
   */
  readonly startHour: number;

  /**
   * The minute of the hour at which the server is started, from 0 to 59.
   *
   * @default 0
   */
  readonly startMinute?: number;

  /**
   * The hour at which the server is stopped, from 0 to 23. Where it is earlier than the start, the server is stopped on
   * the following day: from Monday to Friday, 19 to 7 ends on Saturday at 7.
   */
  readonly stopHour: number;

  /**
   * The minute of the hour at which the server is stopped, from 0 to 59.
   *
   * @default 0
   */
  readonly stopMinute?: number;

  /**
   * The time zone of the hours, which follows its daylight saving time.
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
 * The hours in which an MLflow server runs. It is started and stopped at their ends. In between, it costs nothing
 * itself; its storage, and what else is around it, stays.
 */
export class WorkingHours {
  /**
   * From Monday to Friday.
   *
   * @throws If an hour or a minute is none, or the server would be stopped the moment it is started.
   */
  public static weekdays(options: WorkingHoursOptions): WorkingHours {
    return new WorkingHours(WORKDAYS, options);
  }

  /**
   * On the days that are named: on each, the server is started, and stopped on the same day or, where the stop is earlier
   * than the start, on the following day.
   *
   * @throws If no day is named or one is named twice, an hour or a minute is none, or the server would be stopped the
   * moment it is started.
   */
  public static onDays(days: DayOfWeek[], options: WorkingHoursOptions): WorkingHours {
    return new WorkingHours(days, options);
  }

  /**
   * When the server is started.
   */
  public readonly start: ScheduleExpression;

  /**
   * When the server is stopped.
   */
  public readonly stop: ScheduleExpression;

  private constructor(days: DayOfWeek[], options: WorkingHoursOptions) {
    const { startHour, startMinute = 0, stopHour, stopMinute = 0, timeZone = TimeZone.ETC_UTC } = options;
    const problems = new Problems();
    requireTime(problems, 'the start of the working hours', startHour, startMinute);
    requireTime(problems, 'the end of the working hours', stopHour, stopMinute);
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
