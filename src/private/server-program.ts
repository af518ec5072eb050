import { readdirSync } from 'fs';
import { join } from 'path';
import { ASSETS, readAsset } from './assets';

/** The line of the program that the files of the guard replace. */
const PLACE = '\nGUARD = {}\n';

/** The program that migrates the database and starts the server, with the guard that filters the requests to it. */
export function serverProgram(): string {
  const names = readdirSync(join(ASSETS, 'server', 'guard')).filter((name) => name.endsWith('.py'));
  const files = names.sort().map((name) => `'${name}': r'''${bare(text('guard', name))}''',\n`);
  return bare(text('bootstrap.py')).replace(PLACE, () => `\nGUARD = {\n${files.join('')}}\n`);
}

/**
 * Without comments, and without docstrings that another statement of the block follows: a task definition is limited to 64 KiB.
 */
function bare(program: string): string {
  return program
    .replace(/^"""[^]*?"""\n/, '')
    .replace(/^ *# .*\n/gm, '')
    .replace(/^( +)"""[^"\n]*"""\n(?=\1\S)/gm, '');
}

/** The program that makes the scratch volume writable for the user of the server, and writes its argument there. */
export function preparationProgram(): string {
  return text('prepare.py');
}

/** The program that runs the file that the preparation wrote. */
export function preparedProgram(): string {
  return 'import os, runpy; runpy.run_path(os.environ["TMPDIR"] + "/cdk-mlflow/bootstrap.py", run_name="__main__")';
}

function text(...names: string[]): string {
  return readAsset('server', ...names);
}
