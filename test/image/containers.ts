import { randomBytes } from 'crypto';
import * as fs from 'fs';
import { podman, tryPodman } from './podman';
import { DatabaseDefinition } from '../../local/database/database-definition';
import { RunningDatabase } from '../../local/database/postgres';
import { Emulator } from '../../local/emulator/emulator';
import { LocalRunFailure } from '../../local/failure';
import { get } from '../../local/tools/http';
import { pause } from '../../local/tools/wait-until';
import { ecsContainers } from '../../src/compute/ecs/containers';
import { defineServer } from '../../src/core/define-server';
import { serverProgram } from '../../src/private/server-program';
import { ServerDefinition } from '../../src/server';

/** What a Fargate task of the smallest size gives to the server, and no right that it does not need. */
export const RESTRICTIONS = [
  '--read-only',
  '--read-only-tmpfs=false',
  '--cap-drop=ALL',
  '--security-opt=no-new-privileges',
  '--memory=1024m',
  '--memory-swap=1024m',
];
export const SCRATCH = ['--tmpfs=/tmp:rw,size=256m,mode=1777'];
export const AS_SERVER = '--user=1000:1000';

export const ADMINISTRATOR = { username: 'admin', password: randomBytes(16).toString('hex') };

/** A server as the library defines it, with stand-ins for what AWS would give. */
export function definitionFor(
  bucket: string,
  database: DatabaseDefinition,
  running: RunningDatabase,
  emulator: Emulator,
  port: number,
): ServerDefinition {
  const server = defineServer({
    image: { imageUri: 'none' },
    port: 5000,
    region: 'us-east-1',
    program: serverProgram(),
    workers: 1,
    options: {},
    secrets: {},
    backendStore: {
      environment: {
        MLFLOW_BACKEND_STORE_URI: 'postgresql+psycopg2://',
        PGHOST: database.host,
        PGPORT: `${database.port}`,
        PGDATABASE: 'postgres',
        CDK_MLFLOW_DATABASE_CA: fs.readFileSync(running.authority, 'utf8'),
      },
    },
    artifactStore: { artifactsUri: `s3://${bucket}/` },
    endpoint: { origin: 'http://mlflow.example.com', hostNames: ['mlflow.example.com'] },
    authentication: {
      appName: 'basic-auth',
      environment: { CDK_MLFLOW_AUTH_CONFIG: '{"default_permission":"READ","auth_cache_ttl_seconds":"60"}' },
    },
  });
  const environment = {
    ...server.environment,
    PGUSER: database.user,
    PGPASSWORD: database.password,
    PGHOSTADDR: running.address,
    MLFLOW_HOST: '127.0.0.1',
    MLFLOW_PORT: `${port}`,
    MLFLOW_AUTH_ADMIN_USERNAME: ADMINISTRATOR.username,
    MLFLOW_AUTH_ADMIN_PASSWORD: ADMINISTRATOR.password,
    MLFLOW_FLASK_SERVER_SECRET_KEY: randomBytes(32).toString('hex'),
    MLFLOW_CRYPTO_KEK_PASSPHRASE: randomBytes(32).toString('hex'),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: emulator.region,
    AWS_ENDPOINT_URL: emulator.endpoint,
    AWS_CA_BUNDLE: '/authority.pem',
  };
  return { ...server, environment, port };
}

/** Runs one of the task's containers to its end, as the task would: the program in the definition, not the image's. */
export async function runAsTask(image: string, server: ServerDefinition, name: string, volumes: string[] = SCRATCH) {
  const container = ecsContainers(server).find((candidate) => candidate.name === name)!;
  const environment = container.configured ? server.environment : { TMPDIR: server.scratchPath };
  const program = container.configured ? server.program : container.program;
  const entryPoint = `--entrypoint=${JSON.stringify(['python', '-c', program])}`;
  const options = [...RESTRICTIONS, ...volumes, `--user=${container.user}`, '--network=host', entryPoint];
  return tryPodman(['run', '--rm', ...options, ...names(environment), image, ...container.command!], environment);
}

export interface RunningServer {
  readonly id: string;
  readonly url: string;
  readonly secondsToHealth: number;
  readonly cpuSecondsToHealth: number;
}

/** Starts the server and waits for its health check. */
export async function startServer(
  image: string,
  server: ServerDefinition,
  authority: string,
  ownEntryPoint = false,
): Promise<RunningServer> {
  const { command } = ecsContainers(server).find(({ name }) => name === 'server')!;
  const { environment } = server;
  const start = Date.now();
  const id = await podman(
    [
      'run',
      '--detach',
      ...RESTRICTIONS,
      ...SCRATCH,
      AS_SERVER,
      '--network=host',
      `--volume=${authority}:/authority.pem:ro`,
      ...(ownEntryPoint ? [] : [`--entrypoint=${JSON.stringify(['python', '-c', server.program])}`]),
      ...names(environment),
      image,
      ...command!,
    ],
    environment,
  );
  const url = `http://127.0.0.1:${server.port}`;
  while (!(await isHealthy(`${url}${server.healthCheckPath}`))) {
    const state = await podman(['inspect', '--format', '{{.State.Running}}', id]);
    if (state !== 'true' || Date.now() - start > 120_000) {
      throw new LocalRunFailure(`the server is not healthy:\n${(await tryPodman(['logs', id])).output.slice(-3000)}`);
    }
    await pause(50);
  }
  const secondsToHealth = (Date.now() - start) / 1000;
  return { id, url, secondsToHealth, cpuSecondsToHealth: (await usageOf(id)).cpuSeconds };
}

const names = (environment: object) => Object.keys(environment).map((name) => `--env=${name}`);

const isHealthy = (url: string) =>
  get(url).then(
    ({ status }) => status === 200,
    () => false,
  );

/** Stops it as ECS does; says how many seconds that took. */
export async function stopServer({ id }: RunningServer): Promise<number> {
  const start = Date.now();
  await podman(['stop', '--time=60', id]);
  const seconds = (Date.now() - start) / 1000;
  await podman(['rm', '--force', '--volumes', id]);
  return seconds;
}

export interface Usage {
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  readonly limitBytes: number;
  readonly processes: number[];
}

/** What the kernel has counted for the container, under either version of control groups. */
export async function usageOf(id: string): Promise<Usage> {
  const pid = await podman(['inspect', '--format', '{{.State.Pid}}', id]);
  const groups = fs.readFileSync(`/proc/${pid}/cgroup`, 'utf8').trim().split('\n');
  const group = (controller: string) => groups.find((line) => line.split(':')[1].split(',').includes(controller));
  const pathOf = (line: string) => line.split(':').slice(2).join(':');
  const memory = group('memory');
  const read = (file: string) => fs.readFileSync(file, 'utf8').trim();
  if (!memory) {
    const directory = `/sys/fs/cgroup${pathOf(group('')!)}`;
    return {
      cpuSeconds: Number(/usage_usec (\d+)/.exec(read(`${directory}/cpu.stat`))![1]) / 1e6,
      peakBytes: Number(read(`${directory}/memory.peak`)),
      limitBytes: Number(read(`${directory}/memory.max`)),
      processes: read(`${directory}/cgroup.procs`).split('\n').map(Number),
    };
  }
  const directory = `/sys/fs/cgroup/memory${pathOf(memory)}`;
  return {
    cpuSeconds: Number(read(`/sys/fs/cgroup/cpuacct${pathOf(group('cpuacct')!)}/cpuacct.usage`)) / 1e9,
    peakBytes: Number(read(`${directory}/memory.max_usage_in_bytes`)),
    limitBytes: Number(read(`${directory}/memory.limit_in_bytes`)),
    processes: read(`${directory}/cgroup.procs`).split('\n').map(Number),
  };
}
