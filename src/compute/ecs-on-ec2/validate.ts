import { Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { CapacityProviderStrategy } from 'aws-cdk-lib/aws-ecs';
import { EcsOnEc2ComputeProps } from './ecs-on-ec2-compute-props';
import { requireInstances } from './validate-instances';
import { cpuAdvice } from '../../private/cpu-units';
import { Problems } from '../../private/problems';
import { requireWhole } from '../../private/rules';
import { requireGracePeriod, requireService } from '../ecs/validate';

const SMALLEST_MIB = 1024;
/** From https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters_ec2.html#task_size */
const CPU_UNITS = { smallest: 128, largest: 196608 };
/** The image has a snapshot of so many GiB; ECS-optimised Amazon Linux 2023. */
const SMALLEST_DISK_GIB = 30;
const LARGEST_DISK_GIB = 16384;

/** Throws one error with all that ECS or EC2, or MLflow on them, would refuse. */
export function validateEcsOnEc2Props(props: EcsOnEc2ComputeProps): void {
  const problems = new Problems();
  requireTask(problems, props);
  requireWhole(problems, 'replicas', props.replicas);
  requireService(problems, props);
  requireGracePeriod(problems, props.healthCheckGracePeriod);
  problems.require(props.vpcSubnets?.subnetType !== SubnetType.PUBLIC, () => {
    return `'vpcSubnets' cannot be public, because a task on EC2 has no public address and could not fetch its image; choose private subnets`;
  });
  if (props.cluster) {
    requireCapacity(problems, props);
    requireNothingOfInstances(problems, props);
  } else {
    problems.require(props.capacityProviderStrategies === undefined, () => {
      return `'capacityProviderStrategies' need a given 'cluster', which has the capacity providers; set 'cluster', or remove 'capacityProviderStrategies'`;
    });
    requireVolume(problems, props.volumeSize);
    requireInstances(problems, props);
  }
  problems.throwIfAny('Compute.ecsOnEc2()');
}

function requireTask(problems: Problems, { cpu, memoryLimitMiB }: EcsOnEc2ComputeProps): void {
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
  requireWhole(problems, 'memoryLimitMiB', memoryLimitMiB, SMALLEST_MIB);
}

function requireCapacity(problems: Problems, props: EcsOnEc2ComputeProps): void {
  // Asked only with an existing cluster.
  problems.require(props.cluster!.hasEc2Capacity, () => {
    return `'cluster' must have EC2 capacity; got none, add a capacity provider to it first, or import it with 'hasEc2Capacity'`;
  });
  const strategies = props.capacityProviderStrategies;
  if (strategies === undefined) return;
  const names = strategies.map(({ capacityProvider }) => capacityProvider);
  const count = (has: (strategy: CapacityProviderStrategy) => boolean) => strategies.filter(has).length;
  problems
    .require(names.length > 0, () => {
      return `'capacityProviderStrategies' must name at least one capacity provider; got none, name one or remove 'capacityProviderStrategies'`;
    })
    .require(new Set(names).size === names.length, () => {
      return `'capacityProviderStrategies' must name each capacity provider once; got ${names.join(', ')}`;
    })
    .require(count(({ base }) => base !== undefined && base !== 0) <= 1, () => {
      return `'capacityProviderStrategies' may have one base; got ${count(({ base }) => !!base)}, keep one of them`;
    })
    .require(names.length === 0 || count(({ weight }) => weight === undefined || weight !== 0) > 0, () => {
      return `'capacityProviderStrategies' must have a weight that is not 0, as no task could be placed beyond the base; got 0 for each`;
    });
}

/** What is decided where the given cluster's instances are defined. */
function requireNothingOfInstances(problems: Problems, props: EcsOnEc2ComputeProps): void {
  const names = [
    'instanceType',
    'instanceVcpus',
    'instanceMemory',
    'machineImage',
    'volumeSize',
    'minCapacity',
    'maxCapacity',
    'spot',
    'managedTerminationProtection',
  ] as const;
  for (const name of names) {
    problems.require(props[name] === undefined, () => {
      return `'${name}' cannot be set with a given 'cluster', which has instances of its own; remove '${name}' or 'cluster'`;
    });
  }
}

function requireVolume(problems: Problems, volumeSize: Size | undefined): void {
  if (!volumeSize || volumeSize.isUnresolved()) return;
  const gibibytes = volumeSize.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) / 1024 / 1024;
  problems.require(
    Number.isInteger(gibibytes) && gibibytes >= SMALLEST_DISK_GIB && gibibytes <= LARGEST_DISK_GIB,
    () =>
      `'volumeSize' must be from ${SMALLEST_DISK_GIB} to ${LARGEST_DISK_GIB} whole GiB, as the machine image has ${SMALLEST_DISK_GIB}; got ${gibibytes} GiB`,
  );
}
