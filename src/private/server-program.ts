import { readFileSync } from 'fs';
import { join } from 'path';

/** Where the guard's text goes in the program's. */
const PLACE = '\nGUARD = ""\n';

/** The text of the program that migrates the database and starts the server, with the guard that the server is behind. */
export function serverProgram(): string {
  return migrationProgram().replace(PLACE, () => `\nGUARD = r'''${text('guard.py')}'''\n`);
}

/** The text of the same program without the guard: shorter, and it starts no server. */
export function migrationProgram(): string {
  return text('bootstrap.py');
}

/** The text of the program that opens the scratch volume to the server's user. */
export function preparationProgram(): string {
  return text('prepare.py');
}

function text(name: string): string {
  return readFileSync(join(__dirname, '..', '..', 'assets', 'server', name), 'utf8');
}
