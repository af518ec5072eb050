/**
 * Measures what the library costs and what its server gains, side by side, and ends with 1 where a bound is missed:
 *
 *     npm run bench                  everything
 *     npm run bench -- require       these parts: require, synthesis, server, start
 */
import { spawnSync } from 'child_process';
import { join } from 'path';
import { Deployment } from './deployment';
import { measureRequire } from './measure-require';
import { measureServer } from './measure-server';
import { measureStart } from './measure-start';
import { measureSynthesis } from './measure-synthesis';
import { isMissed, render, Row } from './table';
import { REPOSITORY } from '../local/tools/paths';

const LOCAL: Record<string, () => Row[]> = { require: measureRequire, synthesis: measureSynthesis };
const DEPLOYED: Record<string, (deployment: Deployment) => Promise<Row[]>> = {
  server: measureServer,
  start: measureStart,
};

async function main(names: string[]): Promise<boolean> {
  const known = [...Object.keys(LOCAL), ...Object.keys(DEPLOYED)];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length) throw new Error(`there is no measurement ${unknown.join(', ')}; choose from ${known.join(', ')}`);
  const isAsked = (name: string) => names.length === 0 || names.includes(name);
  const rows: Row[] = [];
  if (Object.keys(LOCAL).some(isAsked)) buildLibrary();
  for (const [name, measure] of Object.entries(LOCAL)) if (isAsked(name)) rows.push(...measure());
  if (Object.keys(DEPLOYED).some(isAsked)) {
    const deployment = await Deployment.open();
    try {
      for (const [name, measure] of Object.entries(DEPLOYED)) {
        if (isAsked(name)) rows.push(...(await measure(deployment)));
      }
    } finally {
      await deployment.close();
    }
  }
  console.log(render(rows));
  return !rows.some(isMissed);
}

/** As the package has it. */
function buildLibrary(): void {
  for (const [program, ...args] of [['jsii'], ['node', join('scripts', 'lazy-index.cjs')]]) {
    const { status } = spawnSync(program, args, { cwd: REPOSITORY, stdio: 'inherit' });
    if (status !== 0) throw new Error('the library cannot be built; see the lines above');
  }
}

// Whoever is started ends when this process exits.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => process.exit(130));

main(process.argv.slice(2)).then(
  (ok) => (process.exitCode = ok ? 0 : 1),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
