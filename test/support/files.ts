import { readdirSync } from 'fs';
import { join } from 'path';

/** The files under a directory whose names end in a certain way, with the directory. */
export function filesUnder(directory: string, ending: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(directory, name))
    .sort();
}
