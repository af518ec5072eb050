import { readdirSync, readFileSync } from 'fs';

/** Processes that were started together: a server with its workers. */
export class ProcessGroup {
  constructor(private readonly id: number) {}

  /** Takes no CPU until it is resumed. */
  public pause(): void {
    process.kill(-this.id, 'SIGSTOP');
  }

  public resume(): void {
    process.kill(-this.id, 'SIGCONT');
  }

  /** Proportional memory: what several processes share counts once. */
  public memoryMiB(): number {
    const kilobytes = this.members().map((pid) =>
      Number(/^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
    );
    return kilobytes.reduce((sum, each) => sum + each, 0) / 1024;
  }

  public members(): string[] {
    // After the name in parentheses: the state, the parent, the group.
    const groupOf = (pid: string) => read(`/proc/${pid}/stat`).split(') ').at(-1)!.split(' ')[2];
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && groupOf(name) === `${this.id}`);
  }
}

/** Empty for a process that is gone. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
