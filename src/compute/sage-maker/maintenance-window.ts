import { Problems } from '../../private/problems';
import { requireTime } from '../../private/time-of-day';
import { DayOfWeek } from '../common/day-of-week';

/**
 * When Amazon SageMaker may maintain a managed MLflow server: the start of a time window that comes once a week.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateMlflowTrackingServer.html
 */
export class MaintenanceWindow {
  /**
   * A window that starts every week at the same time of day.
   *
   * @param day The day of the week, in UTC.
   * @param hour The hour in UTC, from 0 to 23.
   * @param minute The minute, from 0 to 59. The full hour by default.
   * @throws If the hour or the minute is a token, is not a whole number, or is out of its range.
   */
  public static weekly(day: DayOfWeek, hour: number, minute: number = 0): MaintenanceWindow {
    const problems = new Problems();
    requireTime(problems, 'the maintenance window', hour, minute);
    problems.throwIfAny('MaintenanceWindow.weekly()');
    return new MaintenanceWindow(`${day}:${twoDigits(hour)}:${twoDigits(minute)}`);
  }

  private constructor(private readonly start: string) {}

  /**
   * The start as CloudFormation writes it, such as `Tue:03:30`.
   */
  public toString(): string {
    return this.start;
  }
}

function twoDigits(value: number): string {
  return `${value}`.padStart(2, '0');
}
