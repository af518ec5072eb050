import { readFileSync } from 'fs';
import { join } from 'path';

/** The directory with the published files that are not TypeScript. */
export const ASSETS = join(__dirname, '..', '..', 'assets');

/** The text of a file of `assets/`. */
export function readAsset(...path: string[]): string {
  return readFileSync(join(ASSETS, ...path), 'utf8');
}
