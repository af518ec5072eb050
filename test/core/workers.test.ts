import { Size } from 'aws-cdk-lib';
import { CONNECTIONS_PER_WORKER, defaultWorkers, idleMemoryMiB, resolveWorkers } from '../../src/core/workers';

test.each([
  // vCPUs, MiB, workers
  [0.25, 1024, 1],
  [0.5, 1024, 1],
  [1, 2048, 1],
  // Parts of a vCPU do not count.
  [1.5, 8192, 1],
  [2.9, 16384, 2],
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

test.each([
  // vCPUs, MiB, workers beside 1350 MiB of jobs: 0.7 x 2565 MiB hold them, the parent and exactly one worker.
  [2, 2565, 1],
  [2, 2828, 1],
  [2, 2829, 2],
  [2, 1024, 1],
])('%d vCPU with %d MiB run %d workers with jobs', (vcpus, memoryMiB, workers) => {
  expect(defaultWorkers(vcpus, memoryMiB, true)).toBe(workers);
  expect(resolveWorkers({ jobs: true }, { vcpus, memory: Size.mebibytes(memoryMiB), replicas: 1 })).toBe(workers);
});

test('what the user asks for comes first', () => {
  const size = { vcpus: 4, memory: Size.gibibytes(8), replicas: 1 };
  expect(resolveWorkers({ workers: 7 }, size)).toBe(7);
  expect(resolveWorkers({}, size)).toBe(4);
});

test('the memory before the first request', () => {
  expect([1, 2, 10].map((workers) => idleMemoryMiB(workers))).toEqual([445, 630, 2110]);
  expect([1, 2, 10].map((workers) => idleMemoryMiB(workers, true))).toEqual([1795, 1980, 3460]);
});

test('a worker has more connections than the 40 threads that it answers with', () => {
  expect(CONNECTIONS_PER_WORKER).toBe(41);
});
