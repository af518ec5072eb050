import { Database, startDatabase } from '../local/database/start-database';
import { deploy } from '../local/emulator/deploy';
import { DeployedStack } from '../local/emulator/deployed-stack';
import { Emulator, startEmulator } from '../local/emulator/emulator';
import { Report } from '../local/report';
import { synthesise } from '../local/synthesise';
import { findPostgres } from '../local/tools/postgres-binaries';
import { Processes } from '../local/tools/processes';
import { ensurePythonEnvironment, PythonEnvironment } from '../local/tools/python-environments';
import { Tripwire } from '../local/tools/tripwire';
import { WorkDirectory } from '../local/tools/work-directory';
import { LocalServer } from '../local/workload/local-server';
import { Addition } from '../local/workload/process-environment';
import { startServer } from '../local/workload/start-server';

/** The quickstart, deployed to an emulator with a real database: as the local run has it. */
export class Deployment {
  public static async open(): Promise<Deployment> {
    const processes = new Processes();
    const work = new WorkDirectory();
    const certificates = await ensurePythonEnvironment('ministack', processes);
    const mlflow = await ensurePythonEnvironment('mlflow', processes);
    const { name, template } = await synthesise('quickstart', work, processes);
    const emulator = await startEmulator(work, certificates, processes);
    const stack = await deploy(template, name, emulator);
    const database = await startDatabase({
      stack,
      binaries: findPostgres(),
      certificates,
      clients: mlflow,
      report: new Report(() => undefined),
      work,
      processes,
    });
    return new Deployment(processes, emulator, stack, database, mlflow, [work]);
  }

  private constructor(
    public readonly processes: Processes,
    private readonly emulator: Emulator,
    private readonly stack: DeployedStack,
    public readonly database: Database,
    public readonly mlflow: PythonEnvironment,
    private readonly directories: WorkDirectory[],
  ) {}

  /** Starts the server exactly as the template says, with the containers before it. */
  public async startServer(
    work: WorkDirectory,
    additions: Readonly<Record<string, Addition>> = {},
  ): Promise<LocalServer> {
    const { emulator, stack } = this;
    return startServer({ ...this, emulator, stack, additions, work, tripwire: new Tripwire() });
  }

  /** A directory that is gone with the deployment. */
  public directory(): WorkDirectory {
    const directory = new WorkDirectory();
    this.directories.push(directory);
    return directory;
  }

  public async close(): Promise<void> {
    await this.processes.stopAll();
    this.directories.forEach((directory) => directory.remove());
  }
}
