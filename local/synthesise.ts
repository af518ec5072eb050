import * as fs from 'fs';
import * as path from 'path';
import { Template } from './emulator/template';
import { LocalRunFailure } from './failure';
import { cleanEnvironment } from './tools/clean-environment';
import { EXAMPLES, REPOSITORY } from './tools/paths';
import { Processes } from './tools/processes';
import { WorkDirectory } from './tools/work-directory';

export function exampleNames(): string[] {
  if (!fs.existsSync(EXAMPLES)) return [];
  return fs.readdirSync(EXAMPLES).filter((name) => fs.existsSync(path.join(EXAMPLES, name, 'app.ts')));
}

export interface SynthesisedStack {
  readonly name: string;
  readonly template: Template;
}

/** The stack of an example. */
export async function synthesise(
  example: string,
  work: WorkDirectory,
  processes: Processes,
): Promise<SynthesisedStack> {
  const names = exampleNames();
  if (!names.includes(example)) {
    throw new LocalRunFailure(`there is no example '${example}'; there are: ${names.join(', ') || 'none'}`);
  }
  return runApp(path.join(EXAMPLES, example, 'app.ts'), work, processes);
}

/** Runs the app as the CDK would, without the CDK's command line. */
export async function runApp(app: string, work: WorkDirectory, processes: Processes): Promise<SynthesisedStack> {
  if (!fs.existsSync(app)) throw new LocalRunFailure(`there is no app '${app}'`);
  const output = work.file('cdk.out');
  await processes.run({
    name: `the app ${path.relative(REPOSITORY, app)}`,
    argv: [process.execPath, '--import', 'tsx', path.resolve(app)],
    environment: { ...cleanEnvironment(), CDK_OUTDIR: output, CDK_CONTEXT_JSON: contextOf(app) },
    directory: REPOSITORY,
    logFile: work.file('synth.log'),
  });
  const suffix = '.template.json';
  const templates = fs.readdirSync(output).filter((file) => file.endsWith(suffix));
  if (templates.length !== 1) {
    throw new LocalRunFailure(`the app ${app} has ${templates.length} stacks, expected one: ${templates}`);
  }
  const template = JSON.parse(fs.readFileSync(path.join(output, templates[0]), 'utf8'));
  return { name: templates[0].slice(0, -suffix.length), template };
}

/** The CDK's command line would read it from `cdk.json`. */
function contextOf(app: string): string {
  const file = path.join(path.dirname(app), 'cdk.json');
  const context = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).context : undefined;
  return JSON.stringify(context ?? {});
}
