import * as fs from 'fs';
import { Credentials, Emulator } from '../emulator/emulator';
import { assumeRoleAs } from '../emulator/roles';
import { LocalRunFailure } from '../failure';
import { Machine } from './machine';
import { Addition, localEnvironment } from './process-environment';
import { mustNotReadOtherSecrets, readSecrets } from './secrets';
import { serverOf, Workload, WorkloadProcess } from './workload';
import { get } from '../tools/http';
import { Processes, ProcessSpec, RunningProcess } from '../tools/processes';
import { Tripwire } from '../tools/tripwire';
import { waitUntil } from '../tools/wait-until';
import { WorkDirectory } from '../tools/work-directory';

const HOST = '127.0.0.1';
const START_SECONDS = 120;

/** No retry makes these good. */
const HOPELESS = /^.*(FATAL:|AccessDenied).*$/m;

export interface LocalServerProps {
  readonly workload: Workload;
  readonly port: number;
  readonly emulator: Emulator;
  /** Variables that the local run needs in every process. */
  readonly additions: Readonly<Record<string, Addition>>;
  readonly work: WorkDirectory;
  readonly processes: Processes;
  readonly tripwire: Tripwire;
}

/** The template's processes, run on this machine the way its compute would. */
export class LocalServer {
  public readonly url: string;
  public readonly deviations = new Set<string>();
  /** What the server was given, secrets included: for whoever has to sign in. */
  public serverEnvironment: Readonly<Record<string, string>> = {};
  private readonly credentials = new Map<string, Credentials>();
  private readonly machine?: Machine;
  private running?: RunningProcess;
  private starts = 0;

  constructor(private readonly props: LocalServerProps) {
    this.url = `http://${HOST}:${props.port}`;
    const { files } = props.workload;
    this.machine = files && new Machine(props.work.directory('machine'), files);
    props.workload.deviations.forEach((deviation) => this.deviations.add(deviation));
  }

  /** What the server and the steps before it have printed. */
  public log(): string {
    return this.running?.log() ?? '';
  }

  /** The id of the server's process and of its group, while it runs. */
  public get pid(): number {
    return this.running!.pid;
  }

  /** Those of the roles, which sign what the processes ask of AWS. */
  public get accessKeyIds(): string[] {
    return [...this.credentials.values()].map(({ accessKeyId }) => accessKeyId);
  }

  /** Checks the rights that the processes are started with. */
  public async assumeRoles(): Promise<void> {
    const { workload, emulator } = this.props;
    const server = serverOf(workload);
    for (const arn of new Set([server.secretsRoleArn, server.roleArn])) {
      this.credentials.set(arn, await assumeRoleAs(workload.service, arn, emulator));
      this.deviations.add(
        `trust policy of ${arn.slice(arn.lastIndexOf('/') + 1)}: this run too, for ${workload.service}`,
      );
    }
    await mustNotReadOtherSecrets(server.secretsRoleArn, this.credentials.get(server.secretsRoleArn)!, emulator);
  }

  /** Runs every process in its turn; the server is left running, and answers its health check. */
  public async start(): Promise<void> {
    const { workload, processes } = this.props;
    this.starts += 1;
    const scratch = this.props.work.directory(`scratch-${this.starts}`);
    // One by one: a process may be started with what another has written.
    for (const step of workload.processes.slice(0, -1)) await processes.run(await this.specOf(step, scratch));
    this.running = processes.start(await this.specOf(serverOf(workload), scratch));
    await this.waitForHealth();
    this.watch(this.running!);
  }

  /** Stops the server as its compute would, and says how many seconds that took. */
  public async stop(): Promise<number> {
    const running = this.running!;
    this.running = undefined;
    return running.stop(serverOf(this.props.workload).stopTimeoutSeconds);
  }

  private async specOf(workloadProcess: WorkloadProcess, scratch: string): Promise<ProcessSpec> {
    const { port, emulator, work } = this.props;
    const { machine } = this;
    const { scratchPaths, environment, secretsRoleArn, roleArn, name } = workloadProcess;
    const argv = machine?.argv(workloadProcess) ?? workloadProcess.argv;
    const secrets = {
      ...machine?.written(workloadProcess),
      ...(await readSecrets(workloadProcess, this.credentials.get(secretsRoleArn)!, emulator)),
    };
    const local = localEnvironment(
      machine?.handedOn(workloadProcess, { ...environment, ...secrets }) ?? { ...environment, ...secrets },
      { host: HOST, port, scratch, scratchPaths },
      {
        ...this.props.additions,
        ...machine?.additions(workloadProcess),
        ...credentialVariables(this.credentials.get(roleArn)!),
      },
    );
    local.deviations.forEach((deviation) => this.deviations.add(deviation.replace(scratch, work.file('scratch-N'))));
    const own = { ...workloadProcess, secrets: workloadProcess.ownSecrets ?? [] };
    this.serverEnvironment = {
      ...local.variables,
      ...(await readSecrets(own, this.credentials.get(roleArn)!, emulator)),
    };
    const logFile = work.file(`${name}.log`);
    return { name, argv, environment: local.variables, directory: scratch, logFile };
  }

  private async waitForHealth(): Promise<void> {
    const running = this.running!;
    const { path, healthyStatus } = this.props.workload.healthCheck;
    const isUp = async () => {
      if (running.hasExited || HOPELESS.test(running.log())) return true;
      return `${(await get(`${this.url}${path}`)).status}` === healthyStatus;
    };
    await waitUntil(`the server's health check ${path}`, isUp, START_SECONDS);
    this.failOn(running);
    if (running.hasExited) {
      throw new LocalRunFailure(`${running.spec.name} ${await running.exited}:\n${running.lastWords()}`);
    }
  }

  private failOn(running: RunningProcess): void {
    const line = HOPELESS.exec(running.log())?.[0];
    if (line) throw new LocalRunFailure(`the server's log: ${line.trim()}`);
  }

  /** From now on, a server that dies or cannot do its work ends the run. */
  private watch(running: RunningProcess): void {
    const { tripwire } = this.props;
    const isCurrent = () => this.running === running;
    const timer = setInterval(() => {
      try {
        if (isCurrent() && fs.existsSync(running.spec.logFile)) return this.failOn(running);
      } catch (error) {
        tripwire.trip(error as Error);
      }
      clearInterval(timer);
    }, 300);
    timer.unref();
    void running.exited.then((status) => {
      if (isCurrent()) tripwire.trip(new LocalRunFailure(`the server ${status}:\n${running.lastWords()}`));
    });
  }
}

function credentialVariables(credentials: Credentials): Record<string, Addition> {
  const reason = "the role's credentials: no service here that hands them out";
  return {
    AWS_ACCESS_KEY_ID: { value: credentials.accessKeyId, reason },
    AWS_SECRET_ACCESS_KEY: { value: credentials.secretAccessKey, reason },
    AWS_SESSION_TOKEN: { value: credentials.sessionToken!, reason },
  };
}
