import { LocalRunOptions, Result } from './contract';
import { deploy } from './emulator/deploy';
import { startEmulator } from './emulator/emulator';
import { messageOf } from './failure';
import { proveServer } from './proof/prove-server';
import { Report } from './report';
import { startDatabase } from './database/start-database';
import { synthesise } from './synthesise';
import { findPostgres } from './tools/postgres-binaries';
import { Processes } from './tools/processes';
import { ensurePythonEnvironment } from './tools/python-environments';
import { Tripwire } from './tools/tripwire';
import { WorkDirectory } from './tools/work-directory';
import { startServer } from './workload/start-server';

/**
 * From a template to a server that is proven to work, with no AWS account: the template is deployed to an AWS
 * emulator, and what it says is then run for real. Nothing is left behind.
 */
export async function runLocally(options: LocalRunOptions): Promise<Result> {
  const report = new Report(options.print ?? (() => undefined));
  const work = new WorkDirectory();
  const processes = new Processes();
  const tripwire = new Tripwire(options.signal);
  try {
    await tripwire.race(story(options, { report, work, processes, tripwire }));
    return { ok: true, ...report };
  } catch (error) {
    return { ok: false, failure: messageOf(error), ...report };
  } finally {
    await processes.stopAll();
    work.remove();
  }
}

export interface Stage {
  readonly report: Report;
  readonly work: WorkDirectory;
  readonly processes: Processes;
  readonly tripwire: Tripwire;
}

async function story(options: LocalRunOptions, stage: Stage): Promise<void> {
  const { report, work, processes } = stage;
  const python = (name: string) => ensurePythonEnvironment(name, processes);
  const example = options.example ?? 'quickstart';

  const [ministack, mlflow, synthesised] = await allOf(
    report.step('Python environment of the AWS emulator', () => python('ministack')),
    report.step('Python environment of MLflow', () => python('mlflow')),
    options.template
      ? Promise.resolve({ name: 'Local', template: structuredClone(options.template) })
      : report.step(`example ${example} synthesised`, () => synthesise(example, work, processes)),
  );
  options.mutate?.(synthesised.template);
  const postgres = findPostgres();

  const emulator = await report.step('AWS emulator started', () => startEmulator(work, ministack, processes));
  const stack = await report.step('template deployed', () => deploy(synthesised.template, synthesised.name, emulator));
  const database = await report.step('PostgreSQL started', () =>
    startDatabase({ ...stage, stack, binaries: postgres, certificates: ministack, clients: mlflow }),
  );
  const server = await report.step('MLflow server started', () => startServer({ ...stage, stack, emulator, database, mlflow }));
  const serving = await proveServer({ ...stage, stack, emulator, database, server, mlflow });

  report.deviation(...database.deviations, ...server.deviations);
  report.summary();
  await options.whileServing?.(serving);
}

/** Like `Promise.all`, but fails only once everything has come to rest: nothing goes on in the background. */
async function allOf<T extends unknown[]>(...promises: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(promises);
  return (await Promise.all(promises)) as T;
}
