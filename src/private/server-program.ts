import { readFileSync } from 'fs';
import { join } from 'path';

/** The text of the program that migrates the database and starts the server. */
export function serverProgram(): string {
  return readFileSync(join(__dirname, '..', '..', 'assets', 'server', 'bootstrap.py'), 'utf8');
}
