import * as fs from 'fs';
import * as path from 'path';
import { SignIn } from './front-door';
import { cleanEnvironment } from '../tools/clean-environment';
import { LOCAL } from '../tools/paths';
import { Processes } from '../tools/processes';
import { PythonEnvironment } from '../tools/python-environments';
import { WorkDirectory } from '../tools/work-directory';

/** What the client has written, for everybody who looks for it. */
export interface ClientNotes {
  readonly experimentId: string;
  readonly experimentName: string;
  readonly runId: string;
  readonly runName: string;
  readonly artifactUri: string;
  readonly artifact: string;
  readonly artifactBytes: number;
  readonly model: string;
  readonly clientVersion: string;
}

export interface ClientProps {
  readonly trackingUri: string;
  /** @default - the server asks for none */
  readonly signIn?: SignIn;
  /** The S3 endpoint's authority. */
  readonly authority: string;
  readonly python: PythonEnvironment;
  readonly work: WorkDirectory;
  readonly processes: Processes;
}

/** The real MLflow client in a process of its own. */
export class Client {
  private readonly directory: string;
  private readonly notesFile: string;

  constructor(private readonly props: ClientProps) {
    this.directory = props.work.directory('client');
    this.notesFile = path.join(this.directory, 'notes.json');
  }

  /** Logs a run and registers a model, then reads them back: as by default, with downloads from S3 itself. */
  public async write(): Promise<ClientNotes> {
    await this.run('write', { REQUESTS_CA_BUNDLE: this.props.authority });
    return JSON.parse(fs.readFileSync(this.notesFile, 'utf8'));
  }

  /** Reads everything again as a client that cannot reach S3: it does not trust that endpoint. */
  public async readAgain(): Promise<void> {
    await this.run('read', { MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD: 'false' });
  }

  private async run(verb: string, variables: Record<string, string>): Promise<void> {
    const { trackingUri, signIn, python, processes } = this.props;
    await processes.run({
      name: `the client (${verb})`,
      argv: [python.python, path.join(LOCAL, 'proof', 'client_check.py'), verb, this.notesFile],
      environment: {
        ...cleanEnvironment(),
        HOME: this.directory,
        TMPDIR: this.directory,
        MLFLOW_TRACKING_URI: trackingUri,
        ...(signIn && { MLFLOW_TRACKING_USERNAME: signIn.username, MLFLOW_TRACKING_PASSWORD: signIn.password }),
        MLFLOW_DISABLE_TELEMETRY: 'true',
        MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
        ...variables,
      },
      directory: this.directory,
      logFile: path.join(this.directory, `${verb}.log`),
    });
  }
}
