/**
 * Makes the package of every language from the sources as they are, uses each as a stranger would, and compares what
 * comes out. `npm run test:languages`; the argument is the path of the report.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { compile } from './build';
import { csharp } from './csharp';
import { go } from './go';
import { java } from './java';
import { modules, newest, typeScript } from './npm';
import { npmPackage } from './package';
import { python } from './python';
import { junit, table } from './report';
import { Step, Steps } from './steps';
import { FLOOR, NEWEST } from './workspace';

async function main(report: string): Promise<boolean> {
  // Outside of the repository, where Node finds nothing but what the folder holds.
  const empty = mkdtempSync(join(tmpdir(), 'cdk-mlflow-languages-'));
  try {
    return await use(report, empty);
  } finally {
    rmSync(empty, { recursive: true });
  }
}

async function use(report: string, empty: string): Promise<boolean> {
  const all: Steps[] = [];
  const steps = (group: string) => {
    all.push(new Steps(group));
    return all[all.length - 1];
  };

  const sources = steps('sources');
  await compile(sources);
  if (sources.done.every(({ outcome }) => outcome === 'ok')) {
    const groups = {
      typeScript: steps('TypeScript'),
      python: steps('Python'),
      java: steps('Java'),
      go: steps('Go'),
      csharp: steps('C#'),
      floor: steps(`npm, aws-cdk-lib ${FLOOR['aws-cdk-lib']}`),
      newest: steps(`npm, aws-cdk-lib ${NEWEST['aws-cdk-lib']}`),
      package: steps('package'),
    };
    const floor = join(empty, 'floor');
    const reference = typeScript(groups.typeScript, floor);
    // Two at a time: the machines that this must be quick on have two cores.
    await Promise.all([
      (async () => {
        const templates = await reference;
        await npmPackage(groups.package);
        await modules(groups.floor, floor, templates);
        await newest(groups.newest, join(empty, 'newest'), templates);
        await csharp(groups.csharp);
        await go(groups.go, reference);
      })(),
      (async () => {
        await java(groups.java, reference);
        await python(groups.python, reference);
      })(),
    ]);
  }

  const done: Step[] = all.flatMap((one) => one.done);
  mkdirSync(dirname(report), { recursive: true });
  writeFileSync(report, junit(done));
  console.log(`\n${table(done)}`);
  return done.every(({ outcome }) => outcome !== 'failed');
}

main(process.argv[2] ?? 'test-reports/languages.xml').then(
  (ok) => (process.exitCode = ok ? 0 : 1),
  (error: Error) => {
    console.error(error.stack);
    process.exitCode = 1;
  },
);
