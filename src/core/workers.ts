import { ComputeSize } from '../compute/capabilities';
import { ServerOptions } from '../server';

// Measured with MLflow 3.17 on Linux, job execution off: proportional memory of the parent process and of each worker.
const PARENT_MIB = 260;
const WORKER_MIB = 185;
/** The processes that execute jobs. */
const JOBS_MIB = 1350;

/** The share of the memory that is planned for; the rest is for uploads, large searches and the page cache. */
const PLANNED_SHARE = 0.7;

/**
 * SQLAlchemy's pool in each worker: more connections than the 40 threads that a worker answers requests with, because a
 * thread that waits for a second connection while all others hold one stalls the worker.
 */
export const POOL_SIZE = 10;
export const POOL_OVERFLOW = 31;
export const CONNECTIONS_PER_WORKER = POOL_SIZE + POOL_OVERFLOW;

/** The number of workers that the user specifies, or that follows from the size of the compute. */
export function resolveWorkers({ workers, jobs }: ServerOptions, { vcpus, memory }: ComputeSize): number {
  return workers ?? defaultWorkers(vcpus, memory.toMebibytes(), jobs);
}

/** One worker for each vCPU, reduced to fit the memory, and at least one. */
export function defaultWorkers(vcpus: number, memoryMiB: number, jobs = false): number {
  return Math.max(
    1,
    Math.min(Math.floor(vcpus), Math.floor((PLANNED_SHARE * memoryMiB - fixedMiB(jobs)) / WORKER_MIB)),
  );
}

/** The memory that a server with this many workers needs before its first request. */
export function idleMemoryMiB(workers: number, jobs = false): number {
  return fixedMiB(jobs) + WORKER_MIB * workers;
}

function fixedMiB(jobs: boolean): number {
  return PARENT_MIB + (jobs ? JOBS_MIB : 0);
}
