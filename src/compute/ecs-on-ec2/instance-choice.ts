import { SizeRoundingBehavior } from 'aws-cdk-lib';
import { InstanceArchitecture, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { EcsOnEc2ComputeProps } from './ecs-on-ec2-compute-props';
import { InstanceSize, instanceSize } from '../common/instances';
import { architectureOf } from '../ecs/architecture';

/** The share of an instance's memory that never reaches its operating system, as Karpenter assumes it. */
const OVERHEAD = 0.075;

/** What the agent of ECS leaves to itself, Docker and the operating system, in MiB: its `ECS_RESERVED_MEMORY`. */
export const RESERVED_MIB = 256;

/** What a task may ask of an instance. */
export interface Room {
  /** In CPU units. */
  readonly cpu: number;
  readonly memoryMiB: number;
}

/** What is left to tasks. */
export function roomOf({ vcpus, memoryMiB }: InstanceSize): Room {
  return { cpu: vcpus * 1024, memoryMiB: Math.floor(memoryMiB * (1 - OVERHEAD)) - RESERVED_MIB };
}

/** What a user said, or the library knows, of the size of an instance. */
export function sizeOf(props: EcsOnEc2ComputeProps, instanceType: InstanceType): InstanceSize | undefined {
  const { instanceVcpus: vcpus, instanceMemory } = props;
  return vcpus !== undefined && instanceMemory && instanceType === props.instanceType
    ? { vcpus, memoryMiB: instanceMemory.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR }) }
    : instanceSize(instanceType);
}

const SIZES = ['small', 'medium', 'large', 'xlarge', '2xlarge'];

/** The given type, or the smallest burstable one that holds a task; none where the task is too large for those. */
export function instanceTypeFor(props: EcsOnEc2ComputeProps, task: Room): InstanceType | undefined {
  if (props.instanceType) return props.instanceType;
  const family = instanceArchitecture(props) === InstanceArchitecture.X86_64 ? 't3' : 't4g';
  return SIZES.map((size) => new InstanceType(`${family}.${size}`)).find((candidate) => {
    const size = instanceSize(candidate);
    return size !== undefined && holds(roomOf(size), task);
  });
}

export function holds(room: Room, task: Room): boolean {
  return task.cpu <= room.cpu && task.memoryMiB <= room.memoryMiB;
}

/** The architecture of the instances; none where a given cluster may have any. */
export function instanceArchitecture(props: EcsOnEc2ComputeProps): InstanceArchitecture | undefined {
  if (props.cpuArchitecture) return architectureOf(props.cpuArchitecture);
  if (props.cluster) return undefined;
  return props.instanceType?.architecture ?? InstanceArchitecture.ARM_64;
}
