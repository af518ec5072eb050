import { Credentials, Emulator } from '../../local/emulator/emulator';
import { Processes, ProcessSpec, RunningProcess } from '../../local/tools/processes';
import { PythonEnvironment } from '../../local/tools/python-environments';
import { WorkDirectory } from '../../local/tools/work-directory';
import { Addition, localEnvironment } from '../../local/workload/process-environment';
import { readSecrets } from '../../local/workload/secrets';
import { serverOf, Workload, WorkloadProcess } from '../../local/workload/workload';

export interface TaskProps {
  readonly workload: Workload;
  /** What the image has. */
  readonly image: PythonEnvironment;
  readonly port: number;
  /** By the ARN of the role. */
  readonly credentials: ReadonlyMap<string, Credentials>;
  readonly emulator: Emulator;
  readonly additions: Readonly<Record<string, Addition>>;
  readonly work: WorkDirectory;
  readonly processes: Processes;
}

/** One task: the template's containers in their order, each with the secrets as they are when it starts. */
export class Task {
  public readonly port: number;
  private readonly name: string;
  private server?: RunningProcess;

  constructor(private readonly props: TaskProps) {
    this.port = props.port;
    this.name = `task-${props.port}`;
  }

  /** Runs what comes before the server, then starts the server. */
  public async start(): Promise<void> {
    const { workload, processes } = this.props;
    for (const container of workload.processes.slice(0, -1)) await processes.run(await this.specOf(container));
    this.server = processes.start(await this.specOf(serverOf(workload)));
  }

  /** Resolves when the essential container has ended. */
  public get exited(): Promise<string> {
    return this.server!.exited;
  }

  /** Fails where the server does not finish by itself within the template's stop timeout. */
  public async stop(): Promise<number> {
    return this.server!.stop(serverOf(this.props.workload).stopTimeoutSeconds);
  }

  /** Everything of it, at once, as when its machine is lost. */
  public kill(): void {
    this.server!.killGroup();
  }

  public log(): string {
    return this.server!.log();
  }

  private async specOf(container: WorkloadProcess): Promise<ProcessSpec> {
    const { image, port, credentials, emulator, additions, work } = this.props;
    const scratch = work.directory(this.name);
    const secrets = await readSecrets(container, credentials.get(container.secretsRoleArn)!, emulator);
    const role = credentials.get(container.roleArn)!;
    const ofTheTask = {
      AWS_ACCESS_KEY_ID: role.accessKeyId,
      AWS_SECRET_ACCESS_KEY: role.secretAccessKey,
      AWS_SESSION_TOKEN: role.sessionToken!,
      PATH: `${image.bin}:/usr/local/bin:/usr/bin:/bin`,
    };
    const place = { host: '127.0.0.1', port, scratch, scratchPaths: container.scratchPaths };
    const own = Object.entries(ofTheTask).map(([name, value]) => [name, { value, reason: 'of the rehearsal' }]);
    const template = { ...container.environment, ...secrets };
    const { variables } = localEnvironment(template, place, { ...additions, ...Object.fromEntries(own) });
    return {
      name: container.name,
      argv: container.argv,
      environment: variables,
      directory: scratch,
      logFile: work.file(`${this.name}-${container.name}.log`),
    };
  }
}
