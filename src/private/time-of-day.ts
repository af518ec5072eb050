import { Token } from 'aws-cdk-lib';
import { Problems } from '../private/problems';

/** Notes numbers that are unknown, or together no time of day. */
export function requireTime(problems: Problems, subject: string, hour: number, minute: number): void {
  requireNumber(problems, `the hour of ${subject}`, hour, 23);
  requireNumber(problems, `the minute of ${subject}`, minute, 59);
}

function requireNumber(problems: Problems, subject: string, value: number, largest: number): void {
  if (Token.isUnresolved(value)) {
    problems.require(false, () => {
      return `${subject} must be known at synthesis; got a token, pass a number from 0 to ${largest}`;
    });
    return;
  }
  problems.require(Number.isInteger(value) && value >= 0 && value <= largest, () => {
    return `${subject} must be a whole number from 0 to ${largest}; got ${value}`;
  });
}
