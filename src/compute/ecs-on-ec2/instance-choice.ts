import { InstanceArchitecture, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { InstanceSize, instanceSize } from '../common/instance-sizes';
import { ComputeSize } from '../size';

/** The share of the memory of an instance that its operating system cannot use, as Karpenter assumes it. */
const OVERHEAD = 0.075;

/** The memory that the ECS agent reserves for itself, Docker and the operating system, in MiB: `ECS_RESERVED_MEMORY`. */
export const RESERVED_MIB = 256;

/** The size of a task, or the free capacity of an instance for tasks. */
export interface TaskSize {
  /** In CPU units. */
  readonly cpu: number;
  readonly memoryMiB: number;
}

/** The size of a task, including the defaults of the profile. */
export function taskSize({ vcpus, memory }: ComputeSize): TaskSize {
  return { cpu: vcpus * 1024, memoryMiB: memory.toMebibytes() };
}

/** The capacity of an empty instance. */
export function capacityOf({ vcpus, memoryMiB }: InstanceSize): TaskSize {
  return { cpu: vcpus * 1024, memoryMiB: Math.floor(memoryMiB * (1 - OVERHEAD)) - RESERVED_MIB };
}

export function fits(task: TaskSize, capacity: TaskSize): boolean {
  return task.cpu <= capacity.cpu && task.memoryMiB <= capacity.memoryMiB;
}

const DEFAULT_SIZES = ['small', 'medium', 'large', 'xlarge', '2xlarge'];

/** The chosen type, or the smallest burstable one that fits a task. Undefined if the task is too large for these. */
export function instanceTypeFor(
  { instanceType }: { readonly instanceType?: InstanceType },
  architecture: InstanceArchitecture,
  task: TaskSize,
): InstanceType | undefined {
  if (instanceType) return instanceType;
  const family = architecture === InstanceArchitecture.X86_64 ? 't3' : 't4g';
  const candidates = DEFAULT_SIZES.map((size) => new InstanceType(`${family}.${size}`));
  return candidates.find((candidate) => {
    const size = instanceSize(candidate);
    return size && fits(task, capacityOf(size));
  });
}
