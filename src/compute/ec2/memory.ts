import { Size } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Ec2ComputeProps } from './ec2-compute-props';
import { instanceSize } from '../common/instances';

/** What the operating system, Session Manager's agent and our own log shipper take of an instance's memory. */
const SYSTEM_MIB = 320;

/** What Docker takes beside it: its daemon, containerd, and what stands for the container in the unit. */
const DOCKER_MIB = 192;

/** All the memory of an instance of this type, as far as it is known. */
export function instanceMemory(instanceType: InstanceType, { memory }: Ec2ComputeProps): Size | undefined {
  const known = instanceSize(instanceType);
  return memory ?? (known && Size.mebibytes(known.memoryMiB));
}

/** What is not the server's. */
export function systemMemory(inContainer: boolean): Size {
  return Size.mebibytes(SYSTEM_MIB + (inContainer ? DOCKER_MIB : 0));
}
