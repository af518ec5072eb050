import { SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import { FargateComputeProps } from './fargate-compute-props';
import { Problems } from '../../private/problems';
import { cpuAdvice } from '../ecs/validate';

const GIB = 1024;

/**
 * The memory in MiB that Fargate supports for each number of CPU units: smallest, largest, step.
 * From https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
const MEMORY_BY_CPU: Record<number, [number, number, number]> = {
  256: [1 * GIB, 2 * GIB, GIB],
  512: [1 * GIB, 4 * GIB, GIB],
  1024: [2 * GIB, 8 * GIB, GIB],
  2048: [4 * GIB, 16 * GIB, GIB],
  4096: [8 * GIB, 30 * GIB, GIB],
  8192: [16 * GIB, 60 * GIB, 4 * GIB],
  16384: [32 * GIB, 120 * GIB, 8 * GIB],
};

/** Notes sizes that Fargate does not support. */
export function checkSizes(problems: Problems, props: FargateComputeProps): void {
  const { cpu, memoryLimitMiB, ephemeralStorage } = props;

  if (known(cpu) || known(memoryLimitMiB)) {
    problems.require(cpu !== undefined && memoryLimitMiB !== undefined, () => {
      return `'cpu' and 'memoryLimitMiB' must be set together, because Fargate supports certain combinations only; set both or neither`;
    });
  }
  if (known(cpu)) {
    problems.require(cpu in MEMORY_BY_CPU, () => {
      return `'cpu' must be one of ${Object.keys(MEMORY_BY_CPU).join(', ')}; got ${cpu}${cpuAdvice(cpu)}`;
    });
    if (known(memoryLimitMiB) && cpu in MEMORY_BY_CPU) {
      const [smallest, largest, step] = MEMORY_BY_CPU[cpu];
      problems.require(memoryLimitMiB >= smallest && memoryLimitMiB <= largest && memoryLimitMiB % step === 0, () => {
        return `'memoryLimitMiB' with 'cpu' ${cpu} must be from ${smallest} to ${largest} in steps of ${step}; got ${memoryLimitMiB}`;
      });
    }
  }
  if (ephemeralStorage && !ephemeralStorage.isUnresolved()) {
    const gibibytes = ephemeralStorage.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) / GIB / GIB;
    problems.require(Number.isInteger(gibibytes) && gibibytes >= 21 && gibibytes <= 200, () => {
      return `'ephemeralStorage' must be a whole number of GiB from 21 to 200; got ${gibibytes} GiB`;
    });
  }
}

function known(value: number | undefined): value is number {
  return value !== undefined && !Token.isUnresolved(value);
}
