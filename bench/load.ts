import * as http from 'http';
import { Answer, basicAuthorization, post } from '../local/tools/http';

export interface Target {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export interface LoadResult {
  readonly writesPerSecond: number;
  /** Answers other than 200, and connections that broke. */
  readonly errors: number;
}

/** Creates a run for the writes. */
export async function createRun(target: Target): Promise<string> {
  const agent = new http.Agent();
  const { status, body } = await write(target, 'runs/create', { experiment_id: '0' }, agent);
  if (status !== 200) throw new Error(`the server at ${target.url} made no run: ${status} ${body}`);
  return JSON.parse(body).run.info.run_id;
}

/** Logs one metric after the other over each of the connections, which stay open, for so many seconds. */
export async function load(target: Target, run: string, connections: number, seconds: number): Promise<LoadResult> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const start = Date.now();
  const end = start + seconds * 1000;
  let writes = 0;
  let errors = 0;
  let step = start;
  const connection = async () => {
    while (Date.now() < end) {
      const metric = { run_id: run, key: 'loss', value: 0.5, timestamp: Date.now(), step: step++ };
      const status = await write(target, 'runs/log-metric', metric, agent).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status === 200) writes += 1;
      else errors += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  // The last requests end after the time is over.
  const writesPerSecond = writes / ((Date.now() - start) / 1000);
  agent.destroy();
  return { writesPerSecond, errors };
}

function write(target: Target, path: string, body: unknown, agent: http.Agent): Promise<Answer> {
  const headers = { authorization: basicAuthorization(target) };
  // The client's own patience.
  return post(`${target.url}/api/2.0/mlflow/${path}`, headers, body, { agent, timeoutSeconds: 120 });
}
