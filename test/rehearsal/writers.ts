import * as fs from 'fs';
import * as path from 'path';
import { cleanEnvironment } from '../../local/tools/clean-environment';
import { Processes, RunningProcess } from '../../local/tools/processes';
import { PythonEnvironment } from '../../local/tools/python-environments';
import { waitUntil } from '../../local/tools/wait-until';
import { WorkDirectory } from '../../local/tools/work-directory';

const WRITERS = 4;

export type Kind = 'run' | 'param' | 'metric' | 'artifact' | 'finished' | 'error';

export interface Entry {
  readonly kind: Kind;
  readonly what: string;
  /** Seconds since 1970. */
  readonly time: number;
}

export interface WritersProps {
  readonly trackingUri: string;
  readonly username: string;
  readonly password: string;
  readonly python: PythonEnvironment;
  readonly work: WorkDirectory;
  readonly processes: Processes;
}

/** Real MLflow clients in one process; nothing of their retries and timeouts is set. */
export class Writers {
  private readonly journalFile: string;
  private readonly stopFile: string;
  private readonly running: RunningProcess;

  constructor(name: string, { trackingUri, username, password, python, work, processes }: WritersProps) {
    const directory = work.directory(`writers-${name}`);
    this.journalFile = path.join(directory, 'journal.jsonl');
    this.stopFile = path.join(directory, 'stop');
    const program = path.join(__dirname, 'writer.py');
    this.running = processes.start({
      name: 'the writers',
      argv: [python.python, program, this.journalFile, this.stopFile, `${WRITERS}`],
      environment: {
        ...cleanEnvironment(),
        HOME: directory,
        TMPDIR: directory,
        MLFLOW_TRACKING_URI: trackingUri,
        MLFLOW_TRACKING_USERNAME: username,
        MLFLOW_TRACKING_PASSWORD: password,
        MLFLOW_DISABLE_TELEMETRY: 'true',
      },
      directory,
      logFile: path.join(directory, 'writers.log'),
    });
  }

  /** What has been acknowledged, or has failed, so far. */
  public journal(): Entry[] {
    if (!fs.existsSync(this.journalFile)) return [];
    const lines = fs.readFileSync(this.journalFile, 'utf8').split('\n');
    // The last one may be half written.
    return lines.slice(0, -1).map((line) => JSON.parse(line) as Entry);
  }

  public log(): string {
    return this.running.log();
  }

  /** Waits until so many more writes are acknowledged. */
  public async progress(writes: number, timeoutSeconds: number): Promise<void> {
    const before = this.journal().length;
    const isDone = async () => this.running.hasExited || this.journal().length >= before + writes;
    await waitUntil('writes', isDone, timeoutSeconds);
    if (this.running.hasExited) throw new Error(`the writers ${await this.running.exited}:\n${this.lastWords()}`);
  }

  /** Lets each of them end its turn: whoever waits for the server first gets through to it. */
  public async finish(): Promise<string> {
    fs.writeFileSync(this.stopFile, '');
    return this.running.exited;
  }

  private lastWords(): string {
    return JSON.stringify(this.journal().at(-1)) + this.running.lastWords();
  }
}

/** The longest time in which nothing was acknowledged. */
export function longestSilence(entries: readonly Entry[]): number {
  return Math.max(0, ...entries.slice(1).map(({ time }, index) => time - entries[index].time));
}
