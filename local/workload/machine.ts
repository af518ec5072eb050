import * as fs from 'fs';
import * as path from 'path';
import { parseEnvironmentFile } from './ec2-user-data';
import { Addition } from './process-environment';
import { WorkloadProcess } from './workload';

/** Programs of the machine's own Python environment: here, those on the PATH. */
const PROGRAMS = '/opt/mlflow/venv/bin/';

/** The file system of a machine of the template, as a directory of this run. */
export class Machine {
  constructor(
    private readonly root: string,
    files: Readonly<Record<string, string>>,
  ) {
    for (const [file, content] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(this.place(file)), { recursive: true });
      fs.writeFileSync(this.place(file), content);
    }
  }

  /** The command line with the paths of this run. */
  public argv({ argv }: WorkloadProcess): string[] {
    return argv.map((word) => {
      if (word.startsWith(PROGRAMS)) return word.slice(PROGRAMS.length);
      return word.startsWith('/opt/') ? this.place(word) : word;
    });
  }

  /** The variables that tell a process where its directories are; they are made. */
  public additions({ directories = {} }: WorkloadProcess): Record<string, Addition> {
    const reason = "the instance's file system is a directory of this run";
    const named = Object.entries(directories).map(([name, directory]) => {
      fs.mkdirSync(this.place(directory), { recursive: true, mode: 0o700 });
      return [name, { value: this.place(directory), reason }];
    });
    return { ...Object.fromEntries(named), CDK_MLFLOW_ROOT: { value: this.root, reason } };
  }

  /** The variables that another process has written for it, if it has. */
  public written({ environmentFile }: WorkloadProcess): Record<string, string> {
    if (!environmentFile || !fs.existsSync(this.place(environmentFile))) return {};
    return parseEnvironmentFile(fs.readFileSync(this.place(environmentFile), 'utf8'));
  }

  /** What of the variables reaches the process: in a container, those that a file of the machine names. */
  public handedOn({ variablesFile }: WorkloadProcess, all: Record<string, string>): Record<string, string> {
    if (!variablesFile) return all;
    const names = fs.readFileSync(this.place(variablesFile), 'utf8').trim().split('\n');
    return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
  }

  private place(file: string): string {
    return path.join(this.root, file);
  }
}
