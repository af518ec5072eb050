import { readdirSync } from 'fs';
import { join } from 'path';
import { ASSETS, readAsset } from './assets';

/** Where the guard's files go in the program. */
const PLACE = '\nGUARD = {}\n';

/** The text of the program that migrates the database and starts the server, and of the guard that the server is behind. */
export function serverProgram(): string {
  const names = readdirSync(join(ASSETS, 'server', 'guard')).filter((name) => name.endsWith('.py'));
  const files = names.sort().map((name) => `'${name}': r'''${bare(text('guard', name))}''',\n`);
  return bare(text('bootstrap.py')).replace(PLACE, () => `\nGUARD = {\n${files.join('')}}\n`);
}

/** Without the lines that are comments: a task definition has 64 KiB. */
function bare(program: string): string {
  return program.replace(/^ *# .*\n/gm, '');
}

/** The text of the program that opens the scratch volume to the server's user, and writes its argument there. */
export function preparationProgram(): string {
  return text('prepare.py');
}

/** The text of the program that runs what the preparation wrote. */
export function preparedProgram(): string {
  return 'import os, runpy; runpy.run_path(os.environ["TMPDIR"] + "/cdk-mlflow/bootstrap.py", run_name="__main__")';
}

function text(...names: string[]): string {
  return readAsset('server', ...names);
}
