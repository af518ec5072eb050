/** More is hardly meant as a number of vCPUs. */
const MOST_VCPUS = 64;

/** What helps somebody who gave a number of vCPUs where a number of CPU units is asked for. */
export function cpuAdvice(cpu: number): string {
  return cpu > 0 && cpu <= MOST_VCPUS ? `, 1024 units are one vCPU: ${cpu * 1024} for ${cpu}` : '';
}
