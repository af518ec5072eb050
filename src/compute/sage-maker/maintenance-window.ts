import { Problems } from '../../private/problems';
import { checkTime } from '../../private/rules';
import { DayOfWeek } from '../common/day-of-week';

/**
 * The weekly maintenance window of a managed MLflow server: when Amazon SageMaker can maintain it.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateMlflowTrackingServer.html
 */
export class SageMakerMaintenanceWindow {
  /**
   * Returns a window that starts every week at the same time of day.
   *
   * @param day The day of the week, in UTC.
   * @param hour The hour in UTC, from 0 to 23.
   * @param minute The minute, from 0 to 59.
   * @throws if the hour or the minute is a token or invalid
   */
  public static weekly(day: DayOfWeek, hour: number, minute: number = 0): SageMakerMaintenanceWindow {
    const problems = new Problems();
    checkTime(problems, 'the maintenance window', hour, minute);
    problems.throwIfAny('SageMakerMaintenanceWindow.weekly()');
    return new SageMakerMaintenanceWindow(`${day}:${twoDigits(hour)}:${twoDigits(minute)}`);
  }

  private constructor(private readonly start: string) {}

  /**
   * Returns the start in the format of CloudFormation, such as `Tue:03:30`.
   */
  public toString(): string {
    return this.start;
  }
}

function twoDigits(value: number): string {
  return `${value}`.padStart(2, '0');
}
