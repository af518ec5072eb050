import { Token } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { CapacitySource } from './capacity-source';
import { EcsOnEc2ComputeProps } from './ecs-on-ec2-compute-props';
import { Problems } from '../../private/problems';
import { checkWhole } from '../../private/rules';
import { architectureOf } from '../ecs/task';
import { checkService, cpuAdvice } from '../ecs/validate';

const SMALLEST_MIB = 1024;
/** From https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters_ec2.html#task_size */
const CPU_UNITS = { smallest: 128, largest: 196608 };

/** Throws one error with everything that Amazon ECS would reject for the tasks. */
export function validateEcsOnEc2Props(props: EcsOnEc2ComputeProps, capacity: CapacitySource): void {
  const problems = new Problems();
  checkTaskSize(problems, props);
  checkService(problems, props);
  const { cpuArchitecture, vpcSubnets } = props;
  problems
    .require(vpcSubnets?.subnetType !== SubnetType.PUBLIC, () => {
      return `'vpcSubnets' cannot be public, because a task on EC2 has no public address and could not pull its image; choose private subnets`;
    })
    .require(!cpuArchitecture || architectureOf(cpuArchitecture) !== undefined, () => {
      return `'cpuArchitecture' must be ARM64 or X86_64; got ${cpuArchitecture?._cpuArchitecture}`;
    });
  capacity.checkProps(problems, props);
  problems.throwIfAny('Compute.ecsOnEc2()');
}

function checkTaskSize(problems: Problems, { cpu, memoryLimitMiB }: EcsOnEc2ComputeProps): void {
  for (const [name, value] of Object.entries({ cpu, memoryLimitMiB })) {
    problems.require(!Token.isUnresolved(value), () => {
      return `'${name}' must be known at synthesis, because the number of workers depends on it; got a token`;
    });
  }
  if (cpu !== undefined && !Token.isUnresolved(cpu)) {
    const { smallest, largest } = CPU_UNITS;
    problems.require(Number.isInteger(cpu) && cpu >= smallest && cpu <= largest, () => {
      return `'cpu' must be a whole number from ${smallest} to ${largest}; got ${cpu}${cpuAdvice(cpu)}`;
    });
  }
  checkWhole(problems, 'memoryLimitMiB', memoryLimitMiB, SMALLEST_MIB);
}
