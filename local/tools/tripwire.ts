import { LocalRunFailure } from '../failure';

/** Ends whatever is being waited for, from anywhere: Ctrl-C, a process that died, a fatal line in a log. */
export class Tripwire {
  private readonly tripped: Promise<never>;
  private reject!: (error: Error) => void;

  constructor(signal?: AbortSignal) {
    this.tripped = new Promise<never>((_, reject) => (this.reject = reject));
    this.tripped.catch(() => undefined);
    const stop = () => this.trip(new LocalRunFailure('stopped'));
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
  }

  /** Only the first time counts. */
  public trip(error: Error): void {
    this.reject(error);
  }

  public race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([this.tripped, work]);
  }
}
