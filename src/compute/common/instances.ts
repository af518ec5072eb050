import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { correctedType } from '../../private/instance-type-name';

const GIB = 1024;

/** What an instance offers to its operating system. */
export interface InstanceSize {
  readonly vcpus: number;
  readonly memoryMiB: number;
}

/** From https://aws.amazon.com/ec2/instance-types/, by size: vCPUs and GiB. */
const BURSTABLE = {
  nano: [2, 0.5],
  micro: [2, 1],
  small: [2, 2],
  medium: [2, 4],
  large: [2, 8],
  xlarge: [4, 16],
  '2xlarge': [8, 32],
};
const BURSTABLE_2 = { ...BURSTABLE, nano: [1, 0.5], micro: [1, 1], small: [1, 2] };
const FIXED = (gibPerVcpu: number) => ({
  large: [2, 2 * gibPerVcpu],
  xlarge: [4, 4 * gibPerVcpu],
  '2xlarge': [8, 8 * gibPerVcpu],
  '4xlarge': [16, 16 * gibPerVcpu],
});
const WITH_MEDIUM = (gibPerVcpu: number) => ({ medium: [1, gibPerVcpu], ...FIXED(gibPerVcpu) });

const FAMILIES: Record<string, Record<string, number[]>> = {
  t2: BURSTABLE_2,
  ...forEach(['t3', 't3a', 't4g'], BURSTABLE),
  ...forEach(['m5', 'm5a', 'm6i', 'm6a', 'm7i'], FIXED(4)),
  ...forEach(['m6g', 'm7g', 'm7a', 'm8g'], WITH_MEDIUM(4)),
  ...forEach(['c5', 'c5a', 'c6i', 'c6a', 'c7i'], FIXED(2)),
  ...forEach(['c6g', 'c7g', 'c7a', 'c8g'], WITH_MEDIUM(2)),
  ...forEach(['r5', 'r5a', 'r6i', 'r6a', 'r7i'], FIXED(8)),
  ...forEach(['r6g', 'r7g', 'r7a', 'r8g'], WITH_MEDIUM(8)),
};

/** The size of a common instance type; undefined for one that is not known here. */
export function instanceSize(instanceType: InstanceType): InstanceSize | undefined {
  const [family, size] = instanceType.toString().split('.');
  const known = Object.hasOwn(FAMILIES, family) && Object.hasOwn(FAMILIES[family], size);
  if (!known) return undefined;
  const [vcpus, gibibytes] = FAMILIES[family][size];
  return { vcpus, memoryMiB: gibibytes * GIB };
}

/** What helps somebody who mistyped the size of a type, such as `t3.mirco`. */
export function sizeAdvice(instanceType: InstanceType): string {
  const meant = correctedType(instanceType.toString());
  return meant === undefined ? '' : `, or correct the type to '${meant}'`;
}

function forEach<T>(names: string[], value: T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, value]));
}
