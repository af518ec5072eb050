import { createHash } from 'crypto';

/** Eight hexadecimal digits that are the same for the same value, in each run. */
export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 8);
}
