import { readFileSync, statSync } from 'fs';
import { join } from 'path';
import { tarball } from './npm';
import { Steps } from './steps';
import { WORK } from './workspace';
import { filesUnder } from '../support/files';

/** Of the packed package. A new file that needs more is a reason to look at what it is. */
const SIZE_BUDGET_KIB = 900;

export async function npmPackage(steps: Steps): Promise<void> {
  const cwd = WORK;
  await steps.step('contents', async () => {
    const listed = await steps.run('tar', ['-tzf', tarball()], { cwd });
    const actual = listed
      .trim()
      .split('\n')
      .map((file) => file.replace(/^package\//, ''))
      .filter((file) => !file.endsWith('/'))
      .sort();
    const wrong = [
      ...actual.filter((file) => !expectedContents().includes(file)).map((file) => `+ ${file}`),
      ...expectedContents()
        .filter((file) => !actual.includes(file))
        .map((file) => `- ${file}`),
    ];
    if (wrong.length > 0) {
      throw new Error(`the package is not what test/languages/package-contents.txt says:\n${wrong.join('\n')}`);
    }
    return `${actual.length} files`;
  });
  await steps.step('size', () => {
    const size = Math.ceil(statSync(tarball()).size / 1024);
    if (size > SIZE_BUDGET_KIB) throw new Error(`the package has ${size} KiB, more than ${SIZE_BUDGET_KIB}`);
    return `${size} KiB of ${SIZE_BUDGET_KIB}`;
  });
  await steps.step('publint', async () => {
    // What is left are two suggestions: to name the module type, and another form of the repository's address.
    await steps.run('publint', ['run', '--strict', '--level', 'warning', tarball()], { cwd });
  });
  await steps.step('are the types wrong', async () => {
    await steps.run('attw', ['--no-color', '--no-emoji', tarball()], { cwd });
  });
}

/** Each source compiled, and what the reviewed list says. */
function expectedContents(): string[] {
  const compiled = filesUnder('src', '.ts').flatMap((file) => {
    const name = file.replace(/^src/, 'lib').replace(/\.ts$/, '');
    return [`${name}.d.ts`, `${name}.js`];
  });
  const reviewed = readFileSync(join(__dirname, 'package-contents.txt'), 'utf8').trim().split('\n');
  return [...compiled, ...reviewed];
}
