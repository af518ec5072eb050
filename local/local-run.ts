import { LocalRunOptions, Result, ServingServer } from './contract';
import { startDatabase } from './database/start-database';
import { deploy } from './emulator/deploy';
import { startEmulator } from './emulator/emulator';
import { messageOf } from './failure';
import { managedServerOf } from './managed/managed-server';
import { proveManaged } from './managed/prove-managed';
import { proveServer } from './proof/prove-server';
import { PublishedTemplate, readPublished } from './published-template';
import { Report } from './report';
import { runApp, synthesise } from './synthesise';
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
  const processes = options.processes ?? new Processes();
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

  const [ministack, mlflow, source] = await allOf(
    report.step('Python environment of the AWS emulator', () => python('ministack')),
    report.step('Python environment of MLflow', () => python('mlflow')),
    toDeploy(options, stage),
  );
  report.deviation(...source.deviations);
  options.mutate?.(source.template);
  const postgres = findPostgres();

  const emulator = await report.step('starting the AWS emulator', () => startEmulator(work, ministack, processes));
  const stack = await report.step('deploying the template', () =>
    deploy(source.template, source.name, emulator, source.parameters),
  );
  const managed = managedServerOf(stack, emulator.region);
  if (managed) {
    const plugin = await report.step('Python environment of the SageMaker client', () => python('sagemaker'));
    const whileServing = async (serving: ServingServer) => options.whileServing?.(serving);
    await proveManaged({
      ...stage,
      server: managed,
      stack,
      emulator,
      certificates: ministack,
      mlflow,
      plugin,
      whileServing,
    });
    return;
  }
  const database = await report.step('starting PostgreSQL', () =>
    startDatabase({ ...stage, stack, binaries: postgres, certificates: ministack, clients: mlflow }),
  );
  const server = await report.step('starting the MLflow server', () =>
    startServer({ ...stage, stack, emulator, database, mlflow }),
  );
  const serving = await proveServer({ ...stage, stack, emulator, database, server, mlflow });

  report.deviation(...database.deviations, ...server.deviations);
  report.summary();
  await options.whileServing?.(serving);
}

async function toDeploy(
  { template, published, app, example = 'quickstart' }: LocalRunOptions,
  { report, work, processes }: Stage,
): Promise<PublishedTemplate> {
  const asItIs = { parameters: {}, deviations: [] };
  if (template) return { name: 'Local', template: structuredClone(template), ...asItIs };
  if (published !== undefined) return readPublished(published);
  const title = `synthesising ${app ?? `the example ${example}`}`;
  const synthesised = () => (app === undefined ? synthesise(example, work, processes) : runApp(app, work, processes));
  return { ...(await report.step(title, synthesised)), ...asItIs };
}

/** Like `Promise.all`, but fails only once everything has come to rest: nothing goes on in the background. */
async function allOf<T extends unknown[]>(...promises: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(promises);
  return (await Promise.all(promises)) as T;
}
