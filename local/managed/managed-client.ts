import * as fs from 'fs';
import * as path from 'path';
import { ManagedServer } from './managed-server';
import { awsEnvironment } from './mlflow-process';
import { Credentials, Emulator } from '../emulator/emulator';
import { ClientNotes } from '../proof/client-check';
import { cleanEnvironment } from '../tools/clean-environment';
import { LOCAL } from '../tools/paths';
import { Processes } from '../tools/processes';
import { PythonEnvironment } from '../tools/python-environments';
import { WorkDirectory } from '../tools/work-directory';

export interface ManagedClientProps {
  readonly server: ManagedServer;
  readonly emulator: Emulator;
  /** The authority of the data plane's certificate. */
  readonly authority: string;
  /** The way to the data plane. */
  readonly proxy: string;
  readonly python: PythonEnvironment;
  readonly work: WorkDirectory;
  readonly processes: Processes;
}

export type Attempt = 'search' | 'create' | 'upload' | 'list';

/** The real MLflow client with the real plugin, as a notebook would start it: with an ARN and a role's credentials. */
export class ManagedClient {
  private readonly directory: string;
  private readonly notesFile: string;
  private runs = 0;

  constructor(private readonly props: ManagedClientProps) {
    this.directory = props.work.directory('managed-client');
    this.notesFile = path.join(this.directory, 'notes.json');
  }

  /** Logs a run and registers a model, then reads them back. */
  public async write(credentials: Credentials): Promise<ClientNotes> {
    await this.run(credentials, [path.join(LOCAL, 'proof', 'client_check.py'), 'write', this.notesFile]);
    return JSON.parse(fs.readFileSync(this.notesFile, 'utf8'));
  }

  /** Reads everything that `write` has left. */
  public async readAgain(credentials: Credentials): Promise<void> {
    await this.run(credentials, [path.join(LOCAL, 'proof', 'client_check.py'), 'read', this.notesFile]);
  }

  /** `done`, or `refused` and why. */
  public async attempt(attempt: Attempt, credentials: Credentials, arn = this.props.server.arn): Promise<string> {
    const script = path.join(LOCAL, 'managed', 'managed_check.py');
    const log = await this.run(credentials, [script, attempt, this.notesFile], arn);
    return log.trim().split('\n').pop()!;
  }

  private async run(credentials: Credentials, script: string[], arn = this.props.server.arn): Promise<string> {
    const { emulator, authority, proxy, python, processes } = this.props;
    this.runs += 1;
    return processes.run({
      name: `the client (${path.basename(script[0])} ${script[1]})`,
      argv: [python.python, ...script],
      environment: {
        ...cleanEnvironment(),
        ...awsEnvironment(emulator, credentials),
        HOME: this.directory,
        TMPDIR: this.directory,
        MLFLOW_TRACKING_URI: arn,
        MLFLOW_TRACKING_SERVER_CERT_PATH: authority,
        MLFLOW_DISABLE_TELEMETRY: 'true',
        MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
        HTTPS_PROXY: proxy,
        https_proxy: proxy,
        NO_PROXY: '127.0.0.1',
        no_proxy: '127.0.0.1',
      },
      directory: this.directory,
      logFile: path.join(this.directory, `${this.runs}.log`),
    });
  }
}
