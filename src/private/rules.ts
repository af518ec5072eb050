import { Token } from 'aws-cdk-lib';
import { Problems } from './problems';

/** Notes a number that is known and is not an integer, or is too small. */
export function requireWhole(problems: Problems, name: string, value: number | undefined, smallest = 1): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  problems.require(Number.isInteger(value) && value >= smallest, () => {
    return `'${name}' must be a whole number of at least ${smallest}; got ${value}`;
  });
}

export function isWhole(value: number, min: number, max: number): boolean {
  return Token.isUnresolved(value) || (Number.isInteger(value) && value >= min && value <= max);
}
