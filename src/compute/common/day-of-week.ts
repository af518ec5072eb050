/**
 * A day of the week.
 */
export enum DayOfWeek {
  /**
   * Monday.
   */
  MONDAY = 'Mon',

  /**
   * Tuesday.
   */
  TUESDAY = 'Tue',

  /**
   * Wednesday.
   */
  WEDNESDAY = 'Wed',

  /**
   * Thursday.
   */
  THURSDAY = 'Thu',

  /**
   * Friday.
   */
  FRIDAY = 'Fri',

  /**
   * Saturday.
   */
  SATURDAY = 'Sat',

  /**
   * Sunday.
   */
  SUNDAY = 'Sun',
}
