import { Deployment } from './deployment';
import { createRun, load } from './load';
import { ProcessGroup } from './process-group';
import { median } from './statistics';
import { Running, startStockServer } from './stock-server';
import { Row } from './table';

const REPETITIONS = 3;
const FEW = { connections: 2, seconds: 5 };
const MANY = { connections: 64, seconds: 10 };

interface Measured {
  readonly writesPerSecond: number;
  readonly errors: number;
  readonly memoryMiB: number;
}

/** The server that the template renders against `mlflow server`: writes at 2 connections, errors at 64, memory. */
export async function measureServer(deployment: Deployment): Promise<Row[]> {
  const server = await deployment.startServer(deployment.directory());
  const { MLFLOW_AUTH_ADMIN_USERNAME: username, MLFLOW_AUTH_ADMIN_PASSWORD: password } = server.serverEnvironment;
  const workers = server.serverEnvironment.MLFLOW_WORKERS;
  const ours = { target: { url: server.url, username, password }, group: new ProcessGroup(server.pid) };
  const stock = await startStockServer(deployment, server, []);
  const equal = await startStockServer(deployment, server, [`--workers=${workers}`]);
  const [a, b, c] = await measure([ours, stock, equal]);
  await server.stop();
  const writes = (what: string, one: Measured, other: Measured, bound?: number): Row => ({
    what,
    ours: `${one.writesPerSecond.toFixed(1)}/s`,
    other: `${other.writesPerSecond.toFixed(1)}/s`,
    ratio: one.writesPerSecond / other.writesPerSecond,
    atLeast: bound,
  });
  const memory = (what: string, one: Measured, other: Measured, bound?: number): Row => ({
    what,
    ours: `${one.memoryMiB.toFixed(0)} MiB`,
    other: `${other.memoryMiB.toFixed(0)} MiB`,
    ratio: one.memoryMiB / other.memoryMiB,
    atMost: bound,
  });
  return [
    writes(`writes, 2 connections: ${workers} worker, stock 4`, a, b, 10),
    writes(`writes, 2 connections: ${workers} worker each`, a, c),
    { what: 'errors, also with 64 clients', ours: `${a.errors}`, other: '', ratio: a.errors, atMost: 0 },
    memory(`memory: ${workers} worker, stock 4`, a, b, 0.5),
    memory(`memory: ${workers} worker each`, a, c),
  ];
}

/** One at a time, in turns; the others take no CPU meanwhile. */
async function measure(servers: Running[]): Promise<Measured[]> {
  const runs = await Promise.all(servers.map(({ target }) => createRun(target)));
  const rates = servers.map((): number[] => []);
  const errors = servers.map(() => 0);
  const inTurns = async (work: (index: number) => Promise<void>) => {
    servers.forEach(({ group }) => group.pause());
    for (const [index, { group }] of servers.entries()) {
      group.resume();
      await work(index);
      group.pause();
    }
    servers.forEach(({ group }) => group.resume());
  };
  // The first writes of a worker open its connections.
  await inTurns(async (index) => void (await load(servers[index].target, runs[index], FEW.connections, 2)));
  for (let turn = 0; turn < REPETITIONS; turn++) {
    await inTurns(async (index) => {
      const result = await load(servers[index].target, runs[index], FEW.connections, FEW.seconds);
      rates[index].push(result.writesPerSecond);
      errors[index] += result.errors;
    });
  }
  // The server alone that must stand it; the other one takes minutes to get rid of so many.
  servers.slice(1).forEach(({ group }) => group.pause());
  errors[0] += (await load(servers[0].target, runs[0], MANY.connections, MANY.seconds)).errors;
  servers.slice(1).forEach(({ group }) => group.resume());
  return servers.map((_, index) => ({
    writesPerSecond: median(rates[index]),
    errors: errors[index],
    memoryMiB: servers[index].group.memoryMiB(),
  }));
}
