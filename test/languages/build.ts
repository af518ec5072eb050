import { mkdirSync, rmSync } from 'fs';
import { join } from 'path';
import { Steps } from './steps';
import { DIST, ROOT, WORK } from './workspace';
import { REPOSITORY } from '../../local/tools/paths';

/** Compiles afresh: the packages are made of what the compiler wrote, and would not notice that it is old. */
export async function compile(steps: Steps): Promise<void> {
  for (const directory of [DIST, WORK]) {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
  }
  await steps.step('compiled', async () => {
    await steps.run('jsii', ['--fail-on-warnings'], { cwd: REPOSITORY });
    await steps.run('node', [join('scripts', 'lazy-index.cjs')], { cwd: REPOSITORY });
  });
  await steps.step('samples translated', async () => {
    const cache = join(ROOT, 'samples.json');
    await steps.run('jsii-rosetta', ['extract', '--strict', '--cache', cache], { cwd: REPOSITORY });
  });
}

/** Makes the package of one language. */
export async function pack(steps: Steps, target: string, ...options: string[]): Promise<void> {
  await steps.run('jsii-pacmak', ['--target', target, '--outdir', DIST, '--force', '--no-npmignore', ...options], {
    cwd: REPOSITORY,
  });
}
