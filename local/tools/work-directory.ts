import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

/** A directory for one run, gone when the run is over. */
export class WorkDirectory {
  public readonly path: string;
  private readonly lastResort: () => void;

  constructor() {
    this.path = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-mlflow-local-')));
    // The database's own user passes through, and sees nothing.
    fs.chmodSync(this.path, 0o711);
    this.lastResort = () => this.remove();
    process.once('exit', this.lastResort);
  }

  public file(...names: string[]): string {
    return path.join(this.path, ...names);
  }

  public directory(name: string): string {
    fs.mkdirSync(this.file(name), { recursive: true, mode: 0o700 });
    return this.file(name);
  }

  public remove(): void {
    process.removeListener('exit', this.lastResort);
    fs.rmSync(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
