import { InstanceArchitecture } from 'aws-cdk-lib/aws-ec2';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';

/** What ECS calls the architecture, in the words of EC2. */
export function architectureOf({ _cpuArchitecture }: CpuArchitecture): InstanceArchitecture | undefined {
  const name = _cpuArchitecture.toLowerCase();
  return Object.values(InstanceArchitecture).find((architecture) => architecture === name);
}
