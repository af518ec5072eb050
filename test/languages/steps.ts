import { spawn, spawnSync } from 'child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { environment, LOGS } from './workspace';

export type Outcome = 'ok' | 'failed' | 'not run';

export interface Step {
  readonly group: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly seconds: number;
  /** What went wrong, why it was not run, or what the reader should know. */
  readonly detail?: string;
}

/** The steps of one language or check, one after the other: after a failure, those that follow fail as not reached. */
export class Steps {
  public readonly done: Step[] = [];
  private failure?: string;

  public constructor(
    public readonly group: string,
    private readonly log = join(LOGS, `${group.replace(/\W+/g, '-')}.log`),
  ) {
    mkdirSync(dirname(log), { recursive: true });
    writeFileSync(log, '');
  }

  /** Runs a step; what it returns is a remark for the table. */
  public async step(name: string, work: () => Promise<string | void> | string | void): Promise<void> {
    const start = Date.now();
    try {
      if (this.failure) throw new Error(`not reached: ${this.failure}`);
      this.add(name, 'ok', start, (await work()) || undefined);
    } catch (error) {
      this.failure ??= `${name} failed`;
      this.add(name, 'failed', start, `${error instanceof Error ? error.message : error}`);
    }
  }

  /** Says that a step is not run, and why. It counts neither as passed nor as failed. */
  public notRun(name: string, reason: string): void {
    this.add(name, 'not run', Date.now(), reason);
  }

  /** Runs a command; its output goes to the log, and to the error if it fails. */
  public async run(
    program: string,
    args: string[],
    options: { cwd: string; env?: NodeJS.ProcessEnv },
  ): Promise<string> {
    const chunks: string[] = [];
    const env = { ...environment(), ...options.env };
    const child = spawn(program, args, { cwd: options.cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => chunks.push(`${data}`));
    const code = await new Promise<number | string>((resolve) => {
      child.on('error', (error) => resolve(error.message));
      child.on('close', (status, signal) => resolve(status ?? signal ?? 'no status'));
    });
    const output = chunks.join('');
    appendFileSync(this.log, `\n$ ${program} ${args.join(' ')}\n${output}`);
    if (code !== 0) throw new Error(`${program} ${args[0]}: ${code}\n${output.trim().slice(-3000)}`);
    return output;
  }

  private add(name: string, outcome: Outcome, start: number, detail?: string): void {
    const step = { group: this.group, name, outcome, seconds: (Date.now() - start) / 1000, detail };
    this.done.push(step);
    const note = outcome === 'failed' ? `: ${detail}` : '';
    console.log(`${this.group}: ${name} ${outcome} (${step.seconds.toFixed(0)} s)${note}`);
  }
}

/** Whether a program can be started. */
export function isInstalled(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
