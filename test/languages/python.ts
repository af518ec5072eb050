import { copyFileSync, readdirSync } from 'fs';
import { join } from 'path';
import { pack } from './build';
import { assertCustomCompute, readTemplate, Reference } from './npm';
import { Steps } from './steps';
import { assertEqualTemplates } from './templates';
import { CUSTOM_COMPUTE, DIST, QUICKSTART, ROOT, WORK } from './workspace';
import { Processes } from '../../local/tools/processes';
import { ensurePythonEnvironment } from '../../local/tools/python-environments';
import { findPython } from '../../local/tools/python-interpreter';

export async function python(steps: Steps, reference: Promise<Reference>): Promise<void> {
  const directory = join(WORK, 'python');
  const environment = join(directory, 'environment');
  const program = join(environment, 'bin', 'python');
  const out = (name: string) => join(directory, name);

  await steps.step('built', () => pack(steps, 'python'));
  await steps.step('installed', async () => {
    const uv = join((await ensurePythonEnvironment('uv', new Processes())).bin, 'uv');
    const [wheel] = readdirSync(join(DIST, 'python')).filter((file) => file.endsWith('.whl'));
    const install = ['--system-certs', 'pip', 'install', '--quiet', '--python', environment];
    const cwd = __dirname;
    await steps.run(uv, ['venv', '--quiet', '--clear', '--python', findPython(), environment], { cwd });
    await steps.run(uv, [...install, '--require-hashes', '--requirement', 'requirements.txt'], { cwd });
    await steps.run(uv, [...install, join(DIST, 'python', wheel)], { cwd });
    await steps.run(uv, ['pip', 'check', '--python', environment], { cwd });
  });
  const synthesise = (app: string, name: string) =>
    steps.run(program, [app], {
      cwd: directory,
      // The environment is new in each run; what Python compiles of the same files is not.
      env: { CDK_OUTDIR: out(name), PYTHONPYCACHEPREFIX: join(ROOT, 'pycache') },
    });
  await steps.step('synthesised', async () => {
    await synthesise(join(QUICKSTART, 'python', 'app.py'), 'quickstart');
  });
  await steps.step('template equal', async () =>
    assertEqualTemplates((await reference).quickstart, readTemplate(out('quickstart'), 'Quickstart')),
  );
  await steps.step('custom compute', async () => {
    await synthesise(join(CUSTOM_COMPUTE, 'app.py'), 'custom');
    return assertCustom(await reference, out('custom'));
  });
  await steps.step('mypy --strict', async () => {
    // Two files of one name would be one module.
    copyFileSync(join(QUICKSTART, 'python', 'app.py'), join(directory, 'quickstart.py'));
    copyFileSync(join(CUSTOM_COMPUTE, 'app.py'), join(directory, 'custom_compute.py'));
    const options = ['-m', 'mypy', '--strict', '--cache-dir', join(ROOT, 'mypy')];
    await steps.run(program, [...options, 'quickstart.py', 'custom_compute.py'], { cwd: directory });
  });
}

/** The stacks with a compute of the user's own, and with the shortest use of one of the library's. */
export function assertCustom(reference: Reference, directory: string): string {
  assertCustomCompute(readTemplate(directory, 'Custom'));
  return Object.entries(reference.custom)
    .map(([stack, template]) => `${stack}: ${assertEqualTemplates(template, readTemplate(directory, stack))}`)
    .join('; ');
}
