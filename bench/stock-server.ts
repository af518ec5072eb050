import { join } from 'path';
import { Deployment } from './deployment';
import { Target } from './load';
import { ProcessGroup } from './process-group';
import { cleanEnvironment } from '../local/tools/clean-environment';
import { freePort } from '../local/tools/free-port';
import { get } from '../local/tools/http';
import { waitUntil } from '../local/tools/wait-until';
import { LocalServer } from '../local/workload/local-server';

const PASSWORD = 'of the stock server';

export interface Running {
  readonly target: Target;
  readonly group: ProcessGroup;
}

/**
 * `mlflow server` with basic authentication as its documentation starts it, on the same database: users in SQLite, and
 * everything that is not needed to start as MLflow has it.
 */
export async function startStockServer(deployment: Deployment, like: LocalServer, options: string[]): Promise<Running> {
  const work = deployment.directory();
  const port = await freePort();
  const database = Object.entries(like.serverEnvironment).filter(([name]) => name.startsWith('PG'));
  const running = deployment.processes.start({
    name: 'the stock server',
    argv: [
      join(deployment.mlflow.bin, 'mlflow'),
      'server',
      '--app-name=basic-auth',
      `--backend-store-uri=${like.serverEnvironment.MLFLOW_BACKEND_STORE_URI}`,
      `--port=${port}`,
      ...options,
    ],
    environment: {
      ...cleanEnvironment(),
      ...Object.fromEntries(database),
      PATH: `${deployment.mlflow.bin}:${process.env.PATH}`,
      HOME: work.path,
      TMPDIR: work.path,
      MLFLOW_FLASK_SERVER_SECRET_KEY: 'of the stock server',
      MLFLOW_AUTH_ADMIN_PASSWORD: PASSWORD,
      MLFLOW_DISABLE_TELEMETRY: 'true',
    },
    directory: work.path,
    logFile: work.file('stock.log'),
  });
  const url = `http://127.0.0.1:${port}`;
  const isUp = async () => running.hasExited || (await get(`${url}/health`)).status === 200;
  await waitUntil('the stock server', isUp, 120);
  if (running.hasExited) throw new Error(`the stock server ${await running.exited}:\n${running.lastWords()}`);
  return { target: { url, username: 'admin', password: PASSWORD }, group: new ProcessGroup(running.pid) };
}
