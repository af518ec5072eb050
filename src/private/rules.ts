import { Token } from 'aws-cdk-lib';
import { Problems } from './problems';

/** Notes a number that is known and is not an integer, or is too small. */
export function checkWhole(problems: Problems, name: string, value: number | undefined, smallest = 1): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  problems.require(Number.isInteger(value) && value >= smallest, () => {
    return `'${name}' must be a whole number of at least ${smallest}; got ${value}`;
  });
}

export function isWhole(value: number, min: number, max: number): boolean {
  return Token.isUnresolved(value) || (Number.isInteger(value) && value >= min && value <= max);
}

/** Notes an hour or a minute that is unknown or invalid. */
export function checkTime(problems: Problems, subject: string, hour: number, minute: number): void {
  checkRange(problems, `the hour of ${subject}`, hour, 23);
  checkRange(problems, `the minute of ${subject}`, minute, 59);
}

function checkRange(problems: Problems, subject: string, value: number, largest: number): void {
  if (Token.isUnresolved(value)) {
    problems.require(false, () => {
      return `${subject} must be known at synthesis; got a token, pass a number from 0 to ${largest}`;
    });
    return;
  }
  problems.require(isWhole(value, 0, largest), () => {
    return `${subject} must be a whole number from 0 to ${largest}; got ${value}`;
  });
}
