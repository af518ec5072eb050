import { Size } from 'aws-cdk-lib';
import { CONNECTIONS_PER_WORKER, defaultWorkers, idleMemoryMiB, resolveWorkers } from '../../src/private/workers';

test.each([
  // vCPUs, MiB, workers
  [0.25, 1024, 1],
  [0.5, 1024, 1],
  [1, 2048, 1],
  [2, 4096, 2],
  [4, 8192, 4],
  [16, 122880, 16],
  // Memory is the limit: 0.7 x 900 MiB hold the parent and exactly two workers.
  [4, 899, 1],
  [4, 900, 2],
  [4, 1164, 2],
  [4, 1165, 3],
  // There is always one.
  [8, 512, 1],
  [0, 0, 1],
])('%d vCPU with %d MiB run %d workers', (vcpus, memoryMiB, workers) => {
  expect(defaultWorkers(vcpus, memoryMiB)).toBe(workers);
});

test('what the user asks for comes first', () => {
  const size = { vcpus: 4, memory: Size.gibibytes(8), replicas: 1 };
  expect(resolveWorkers({ workers: 7 }, size)).toBe(7);
  expect(resolveWorkers({}, size)).toBe(4);
});

test('the memory before the first request', () => {
  expect([1, 2, 10].map(idleMemoryMiB)).toEqual([445, 630, 2110]);
});

test('a worker has more connections than the 40 threads that it answers with', () => {
  expect(CONNECTIONS_PER_WORKER).toBe(41);
});
