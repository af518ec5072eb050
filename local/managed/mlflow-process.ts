import * as path from 'path';
import { ManagedServer } from './managed-server';
import { Credentials, Emulator } from '../emulator/emulator';
import { LocalRunFailure } from '../failure';
import { cleanEnvironment } from '../tools/clean-environment';
import { freePort } from '../tools/free-port';
import { get } from '../tools/http';
import { Processes, RunningProcess } from '../tools/processes';
import { PythonEnvironment } from '../tools/python-environments';
import { waitUntil } from '../tools/wait-until';
import { WorkDirectory } from '../tools/work-directory';

export interface MlflowProcessProps {
  readonly server: ManagedServer;
  /** Of the role that the template gives the service. */
  readonly credentials: Credentials;
  readonly emulator: Emulator;
  readonly mlflow: PythonEnvironment;
  readonly work: WorkDirectory;
  readonly processes: Processes;
}

const START_SECONDS = 120;
const STOP_SECONDS = 30;

/** The real MLflow server behind the data plane; it keeps artifacts where the template says, as the template's role. */
export class MlflowProcess {
  public port = 0;
  private running?: RunningProcess;

  constructor(private readonly props: MlflowProcessProps) {}

  public get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  public async start(): Promise<void> {
    const { server, mlflow, work, processes } = this.props;
    this.port = await freePort();
    const directory = work.directory('managed-mlflow');
    const running = processes.start({
      name: 'the MLflow server',
      argv: [
        path.join(mlflow.bin, 'mlflow'),
        'server',
        ...['--host', '127.0.0.1', '--port', `${this.port}`, '--workers', '1'],
        ...['--backend-store-uri', `sqlite:///${path.join(directory, 'mlflow.db')}`],
        ...['--default-artifact-root', server.artifactStoreUri, '--no-serve-artifacts'],
      ],
      environment: { ...this.environment(directory), MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' },
      directory,
      logFile: path.join(directory, 'server.log'),
    });
    this.running = running;
    await waitUntil(
      'the MLflow server',
      async () => running.hasExited || (await get(`${this.url}/health`)).status === 200,
      START_SECONDS,
    );
    if (running.hasExited) {
      throw new LocalRunFailure(`the MLflow server ${await running.exited}:\n${running.lastWords()}`);
    }
  }

  public async stop(): Promise<void> {
    await this.running!.stop(STOP_SECONDS);
  }

  private environment(directory: string): Record<string, string> {
    const { credentials, emulator, mlflow } = this.props;
    return {
      ...cleanEnvironment(),
      ...awsEnvironment(emulator, credentials),
      HOME: directory,
      TMPDIR: directory,
      PATH: [mlflow.bin, '/usr/local/bin', '/usr/bin', '/bin'].join(path.delimiter),
      MLFLOW_DISABLE_TELEMETRY: 'true',
    };
  }
}

/** What a process of Amazon's SDK needs to reach the emulator as a role. */
export function awsEnvironment(emulator: Emulator, credentials: Credentials): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: emulator.endpoint,
    AWS_CA_BUNDLE: emulator.authority,
    AWS_REGION: emulator.region,
    AWS_DEFAULT_REGION: emulator.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken ? { AWS_SESSION_TOKEN: credentials.sessionToken } : {}),
  };
}
