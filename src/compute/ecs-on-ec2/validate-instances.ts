import { SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { TaskProps } from './capacity-source';
import { EcsAutoScalingCapacityOptions } from './ecs-capacity-options';
import { EcsOnEc2SpotOptions } from './ecs-on-ec2-spot-options';
import { Problems } from '../../private/problems';
import { checkWhole } from '../../private/rules';
import { checkInstance, checkInstanceType, checkVolume, isInstanceType, sizeAdvice } from '../common/instance-rules';
import { instanceSize } from '../common/instance-sizes';
import { architectureOf } from '../ecs/task';

/** The size of the snapshot of the ECS-optimized Amazon Linux 2023 AMI. */
const SMALLEST_DISK_GIB = 30;

const EXAMPLE = 't4g.small';
const REASON = 'it must fit a task';

/** Throws one error with everything that EC2 Auto Scaling would reject. */
export function validateInstances(capacity: EcsAutoScalingCapacityOptions): void {
  const problems = new Problems();
  checkVolume(
    problems,
    capacity.volumeSize,
    SMALLEST_DISK_GIB,
    `, because the machine image has ${SMALLEST_DISK_GIB} GiB`,
  );
  checkCapacityNumbers(problems, capacity);
  checkSize(problems, capacity);
  checkInstance(problems, capacity, EXAMPLE, REASON);
  if (capacity.spot) checkSpot(problems, capacity.instanceType, capacity.spot);
  problems.throwIfAny('EcsCapacity.autoScaling()');
}

/** Notes props of the tasks that are incompatible with the instances. */
export function checkTasks(
  problems: Problems,
  { instanceType, spot, minCapacity = 0, maxCapacity }: EcsAutoScalingCapacityOptions,
  { cpuArchitecture, scaling, replicas }: TaskProps,
): void {
  const architecture = cpuArchitecture && architectureOf(cpuArchitecture);
  problems.require(!instanceType || !architecture || architecture === instanceType.architecture, () => {
    return `'cpuArchitecture' must be that of 'instanceType', ${instanceType?.architecture} for '${instanceType}'; got ${architecture}, remove 'cpuArchitecture' or choose another type`;
  });
  const largest = maxCapacity ?? scaling?.maxReplicas ?? replicas;
  const { onDemandBase = 0 } = spot ?? {};
  // Without these, the profile decides.
  if (!spot || largest === undefined || [largest, minCapacity, onDemandBase].some(Token.isUnresolved)) return;
  const most = Math.max(largest, minCapacity);
  problems.require(!(onDemandBase >= most), () => {
    return `'spot.onDemandBase' must be less than the maximum number of instances, ${most}; got ${onDemandBase}, lower it, or remove 'spot' to use only On-Demand Instances`;
  });
}

function checkSize(problems: Problems, { vcpus, memory }: EcsAutoScalingCapacityOptions): void {
  problems.require(!memory?.isUnresolved() && !Token.isUnresolved(vcpus), () => {
    return `'vcpus' and 'memory' must be known at synthesis, because ${REASON}; got a token`;
  });
  if (!memory || memory.isUnresolved()) return;
  const mebibytes = memory.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR });
  problems.require(mebibytes >= 1, () => `'memory' must be at least 1 MiB; got ${mebibytes} MiB`);
}

function checkCapacityNumbers(
  problems: Problems,
  { minCapacity = 0, maxCapacity }: EcsAutoScalingCapacityOptions,
): void {
  checkWhole(problems, 'minCapacity', minCapacity, 0);
  checkWhole(problems, 'maxCapacity', maxCapacity);
  if (maxCapacity === undefined || Token.isUnresolved(maxCapacity) || Token.isUnresolved(minCapacity)) return;
  problems.require(!(minCapacity > maxCapacity), () => {
    return `'minCapacity' must be at most 'maxCapacity', ${maxCapacity}; got ${minCapacity}`;
  });
}

function checkSpot(problems: Problems, instanceType: InstanceType | undefined, spot: EcsOnEc2SpotOptions): void {
  const { onDemandBase, onDemandPercent = 0, otherInstanceTypes = [] } = spot;
  checkWhole(problems, 'spot.onDemandBase', onDemandBase, 0);
  if (!Token.isUnresolved(onDemandPercent)) {
    problems.require(Number.isInteger(onDemandPercent) && onDemandPercent >= 0 && onDemandPercent <= 99, () => {
      return `'spot.onDemandPercent' must be a whole number from 0 to 99; got ${onDemandPercent}, remove 'spot' to use only On-Demand Instances`;
    });
  }
  problems.require(otherInstanceTypes.length === 0 || instanceType !== undefined, () => {
    return `'spot.otherInstanceTypes' are in addition to 'instanceType'; set 'instanceType' as well, or remove them`;
  });
  const names = [instanceType, ...otherInstanceTypes].map(String);
  problems.require(new Set(names).size === names.length, () => {
    return `'spot.otherInstanceTypes' must differ from each other and from 'instanceType'; got ${names.join(', ')}`;
  });
  for (const type of otherInstanceTypes) checkOtherType(problems, type, instanceType);
}

function checkOtherType(problems: Problems, type: InstanceType, instanceType: InstanceType | undefined): void {
  checkInstanceType(problems, 'spot.otherInstanceTypes', type, EXAMPLE, REASON);
  if (!isInstanceType(type)) return;
  problems.require(instanceSize(type) !== undefined, () => {
    return `'spot.otherInstanceTypes' must be types whose size is known; got '${type}'${sizeAdvice(type)}`;
  });
  if (!instanceType || !isInstanceType(instanceType)) return;
  problems.require(type.architecture === instanceType.architecture, () => {
    return `'spot.otherInstanceTypes' must have the architecture of 'instanceType', ${instanceType.architecture}; got '${type}' with ${type.architecture}`;
  });
}
