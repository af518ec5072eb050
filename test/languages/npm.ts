import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { pack } from './build';
import { readJson, Steps } from './steps';
import { assertEqualTemplates } from './templates';
import { CdkVersions, CUSTOM_COMPUTE, DIST, FLOOR, NEWEST, QUICKSTART } from './workspace';

/** The templates that every other consumer is measured by: those of TypeScript, from the packed package. */
export interface Reference {
  readonly quickstart: unknown;
  readonly custom: Record<string, unknown>;
}

const COMPILER = ['--strict', '--target', 'es2022', '--module', 'node16', '--types', 'node'];
/** jsii-pacmak puts the version into the name. */
export const tarball = () => {
  const [name] = readdirSync(join(DIST, 'js')).filter((file) => file.endsWith('.tgz'));
  return join(DIST, 'js', name);
};

export async function typeScript(steps: Steps, directory: string): Promise<Reference> {
  await steps.step('built', () => pack(steps, 'js'));
  await steps.step('installed', () => install(steps, directory, FLOOR));
  await steps.step('synthesised', async () => {
    await compileStrictly(steps, directory);
    await synthesise(steps, directory, 'app.js');
  });
  await steps.step('custom compute', () => synthesise(steps, directory, 'custom-compute.js'));
  let reference: Reference = { quickstart: {}, custom: {} };
  await steps.step('template equal', () => {
    const template = (app: string, stack: string) => readTemplate(join(directory, `${app}.out`), stack);
    const [custom, ec2] = ['Custom', 'Ec2'].map((stack) => template('custom-compute.js', stack));
    reference = { quickstart: template('app.js', 'Quickstart'), custom: { Custom: custom, Ec2: ec2 } };
    assertCustomCompute(custom);
    return 'the reference of the others';
  });
  return reference;
}

/** The package as programs load it that are not compiled: with `require`, and with `import`. */
export async function modules(steps: Steps, directory: string, reference: Reference): Promise<void> {
  const apps = [
    ['CommonJS', 'app.cjs', "const { App, Stack } = require('aws-cdk-lib');", "= require('cdk-mlflow')"],
    ['ES module', 'app.mjs', "import { App, Stack } from 'aws-cdk-lib';", "from 'cdk-mlflow'"],
  ];
  for (const [name, file, first, source] of apps) {
    await steps.step(`${name}, template equal`, async () => {
      const second = file.endsWith('.mjs')
        ? `import { MlflowTrackingServer } ${source};`
        : `const { MlflowTrackingServer } ${source};`;
      writeFileSync(join(directory, file), [first, second, ...statements()].join('\n'));
      await synthesise(steps, directory, file);
      return assertEqualTemplates(reference.quickstart, readTemplate(join(directory, `${file}.out`), 'Quickstart'));
    });
  }
}

/** The package with the newest aws-cdk-lib. */
export async function newest(steps: Steps, directory: string, reference: Reference): Promise<void> {
  await steps.step('installed', () => install(steps, directory, NEWEST));
  await modules(steps, directory, reference);
  await steps.step('strict TypeScript, template equal', async () => {
    await compileStrictly(steps, directory);
    await synthesise(steps, directory, 'app.js');
    return assertEqualTemplates(reference.quickstart, readTemplate(join(directory, 'app.js.out'), 'Quickstart'));
  });
}

async function install(steps: Steps, directory: string, versions: CdkVersions): Promise<void> {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  const { devDependencies } = readJson('package.json') as { devDependencies: Record<string, string> };
  const tools = ['typescript', '@types/node'].map((name) => `${name}@${devDependencies[name]}`);
  const cdk = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  const options = ['--no-audit', '--no-fund', '--prefer-offline', '--strict-peer-deps', '--loglevel=error'];
  await steps.run('npm', ['install', ...options, tarball(), ...cdk, ...tools], { cwd: directory });
}

async function compileStrictly(steps: Steps, directory: string): Promise<void> {
  const asConsumer = (file: string) => readFileSync(file, 'utf8').replace(/'(\.\.\/)+src'/, "'cdk-mlflow'");
  writeFileSync(join(directory, 'app.ts'), asConsumer(join(QUICKSTART, 'app.ts')));
  writeFileSync(join(directory, 'custom-compute.ts'), asConsumer(join(CUSTOM_COMPUTE, 'app.ts')));
  const compiler = join(directory, 'node_modules', '.bin', 'tsc');
  // Without skipLibCheck, the declarations of the package are checked as well.
  await steps.run(compiler, [...COMPILER, 'app.ts', 'custom-compute.ts'], { cwd: directory });
}

async function synthesise(steps: Steps, directory: string, file: string): Promise<void> {
  await steps.run(process.execPath, [file], { cwd: directory, env: { CDK_OUTDIR: join(directory, `${file}.out`) } });
}

/** The statements of the quickstart, below its imports. */
const statements = () =>
  readFileSync(join(QUICKSTART, 'app.ts'), 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('import '));

export const readTemplate = (directory: string, stack: string) => readJson(join(directory, `${stack}.template.json`));

/** What a compute of the user's own must have been given, whatever language it is written in. */
export function assertCustomCompute(template: unknown): void {
  const { Resources } = template as {
    Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  };
  const machines = Object.values(Resources).filter(({ Type }) => Type === 'Acme::Compute::Machine');
  const expected = { Port: 5000, Vcpus: 2, MemoryMiB: 8192, Profile: 'development', StopSeconds: 120 };
  const got = machines.map(({ Properties }) =>
    Object.fromEntries(Object.keys(expected).map((name) => [name, Properties[name]])),
  );
  if (JSON.stringify(got) !== JSON.stringify([expected])) throw new Error(`the machine has ${JSON.stringify(got)}`);
  const { Environment, Secrets } = machines[0].Properties as {
    Environment: Record<string, unknown>;
    Secrets: string[];
  };
  if (Environment.MLFLOW_WORKERS !== '2' || !Secrets.includes('PGPASSWORD')) {
    throw new Error(`the machine is not told what to run: ${JSON.stringify(machines[0].Properties)}`);
  }
}

export function copyInto(directory: string, ...files: string[]): void {
  mkdirSync(directory, { recursive: true });
  for (const file of files) copyFileSync(file, join(directory, file.split('/').pop()!));
}
