import { ChildProcess, spawn, SpawnOptions } from 'child_process';
import * as fs from 'fs';
import { LocalRunFailure } from '../failure';

export interface ProcessSpec {
  readonly name: string;
  readonly argv: readonly string[];
  readonly environment: Record<string, string>;
  readonly directory: string;
  /** Both output streams go here; what ran before is kept. */
  readonly logFile: string;
  /** Another user than the one who runs this, as numbers. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** What stops it in good order. @default SIGTERM */
  readonly stopSignal?: NodeJS.Signals;
  /** Told on stdin, which is then closed. */
  readonly input?: string;
}

/** A process in a group of its own: whatever it starts ends with it. */
export class RunningProcess {
  public readonly exited: Promise<string>;
  private exitStatus?: string;

  constructor(
    public readonly spec: ProcessSpec,
    private readonly child: ChildProcess,
  ) {
    this.exited = new Promise((resolve) => {
      const end = (status: string) => {
        this.killGroup();
        resolve((this.exitStatus = status));
      };
      child.once('error', (error) => end(`did not start: ${error.message}`));
      child.once('exit', (code, signal) => end(signal ? `was ended by ${signal}` : `exited ${code}`));
    });
  }

  /** The id of the process and of its group. */
  public get pid(): number {
    return this.child.pid!;
  }

  public get hasExited(): boolean {
    return this.exitStatus !== undefined;
  }

  public log(): string {
    return fs.existsSync(this.spec.logFile) ? fs.readFileSync(this.spec.logFile, 'utf8') : '';
  }

  /** The end of the log, for a message. */
  public lastWords(lines = 12): string {
    return this.log().trimEnd().split('\n').slice(-lines).join('\n');
  }

  /** Asks the process alone to stop, as ECS and systemd do; says how many seconds it took. */
  public async stop(timeoutSeconds = 8): Promise<number> {
    const start = Date.now();
    if (!this.hasExited) this.child.kill(this.spec.stopSignal ?? 'SIGTERM');
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutSeconds * 1000)));
    await Promise.race([this.exited, tooLate]);
    clearTimeout(timer);
    if (!this.hasExited) throw new LocalRunFailure(`${this.spec.name} did not stop within ${timeoutSeconds} s`);
    return (Date.now() - start) / 1000;
  }

  /** Ends the whole group, once: as in a container, nothing outlives the first process. */
  public killGroup(): void {
    if (this.child.pid === undefined || this.hasExited) return;
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // Nothing of it is left.
    }
  }
}

/** Knows every process that was started, so that none outlives the run. */
export class Processes {
  private readonly started: RunningProcess[] = [];
  private closed = false;
  private readonly lastResort: () => void;

  constructor() {
    this.lastResort = () => this.killAll();
    process.once('exit', this.lastResort);
  }

  public start(spec: ProcessSpec): RunningProcess {
    if (this.closed) throw new LocalRunFailure('stopped');
    const log = fs.openSync(spec.logFile, 'a', 0o600);
    const options: SpawnOptions = {
      cwd: spec.directory,
      env: spec.environment,
      stdio: [spec.input === undefined ? 'ignore' : 'pipe', log, log],
      detached: true,
      ...spec.user,
    };
    const child = spawn(spec.argv[0], spec.argv.slice(1), options);
    fs.closeSync(log);
    if (spec.input !== undefined) {
      child.stdin!.on('error', () => undefined);
      child.stdin!.end(spec.input);
    }
    const running = new RunningProcess(spec, child);
    this.started.push(running);
    return running;
  }

  /** Runs to the end; anything but exit code 0 is a failure that shows the end of the log. */
  public async run(spec: ProcessSpec): Promise<string> {
    const running = this.start(spec);
    const status = await running.exited;
    if (status !== 'exited 0') throw new LocalRunFailure(`${spec.name} ${status}:\n${running.lastWords()}`);
    return running.log();
  }

  /** The last started is the first to stop; whoever does not listen is ended. */
  public async stopAll(): Promise<void> {
    this.closed = true;
    for (const running of [...this.started].reverse()) {
      await running.stop().catch(() => undefined);
      running.killGroup();
    }
    process.removeListener('exit', this.lastResort);
  }

  private killAll(): void {
    for (const running of this.started) running.killGroup();
  }
}
