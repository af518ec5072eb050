import { SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { EcsOnEc2ComputeProps } from './ecs-on-ec2-compute-props';
import { EcsOnEc2SpotOptions } from './ecs-on-ec2-spot-options';
import { Problems } from '../../private/problems';
import { requireWhole } from '../../private/rules';
import { instanceSize, sizeAdvice } from '../common/instances';
import { architectureOf } from '../ecs/architecture';

/** Notes what is wrong with the instances of the server's own cluster. */
export function requireInstances(problems: Problems, props: EcsOnEc2ComputeProps): void {
  requireCapacityNumbers(problems, props);
  const { instanceType, cpuArchitecture } = props;
  requireKnownSize(problems, props);
  if (cpuArchitecture) {
    const architecture = architectureOf(cpuArchitecture);
    problems.require(architecture !== undefined, () => {
      return `'cpuArchitecture' must be ARM64 or X86_64; got ${cpuArchitecture._cpuArchitecture}`;
    });
    if (instanceType && isType(instanceType) && architecture) {
      problems.require(architecture === instanceType.architecture, () => {
        return `'cpuArchitecture' must be that of 'instanceType', ${instanceType.architecture} for '${instanceType}'; got ${architecture}, remove 'cpuArchitecture' or choose another type`;
      });
    }
  }
  if (props.spot) requireSpot(problems, props, props.spot);
}

/** Whether the text of the type is known, and one. */
function isType(instanceType: InstanceType): boolean {
  const type = instanceType.toString();
  return !Token.isUnresolved(type) && /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(type);
}

function requireType(problems: Problems, name: string, instanceType: InstanceType): void {
  const type = instanceType.toString();
  problems
    .require(!Token.isUnresolved(type), () => {
      return `'${name}' must be known at synthesis, because it must hold a task; got a token`;
    })
    .require(Token.isUnresolved(type) || isType(instanceType), () => {
      return `'${name}' must be a type such as 't4g.small'; got '${type}'`;
    });
}

function requireKnownSize(problems: Problems, props: EcsOnEc2ComputeProps): void {
  const { instanceType, instanceVcpus, instanceMemory } = props;
  requireWhole(problems, 'instanceVcpus', instanceVcpus);
  problems.require(!instanceMemory?.isUnresolved() && !Token.isUnresolved(instanceVcpus), () => {
    return `'instanceVcpus' and 'instanceMemory' must be known at synthesis, because they must hold a task; got a token`;
  });
  if (!instanceType) {
    problems.require(instanceVcpus === undefined && instanceMemory === undefined, () => {
      return `'instanceVcpus' and 'instanceMemory' are those of 'instanceType'; set 'instanceType' as well, or remove them`;
    });
    return;
  }
  requireType(problems, 'instanceType', instanceType);
  if (!isType(instanceType)) return;
  const known = instanceSize(instanceType) !== undefined;
  problems
    .require(!known || (instanceVcpus === undefined && instanceMemory === undefined), () => {
      return `'instanceVcpus' and 'instanceMemory' cannot be set for the instance type '${instanceType}', whose size is known; remove them`;
    })
    .require(known || (instanceVcpus !== undefined && instanceMemory !== undefined), () => {
      return `'instanceVcpus' and 'instanceMemory' must be set for the instance type '${instanceType}', whose size is not known here; set both${sizeAdvice(instanceType)}`;
    });
  if (instanceMemory && !instanceMemory.isUnresolved()) {
    const mebibytes = instanceMemory.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR });
    problems.require(mebibytes >= 1, () => `'instanceMemory' must be at least 1 MiB; got ${mebibytes} MiB`);
  }
}

function requireCapacityNumbers(problems: Problems, props: EcsOnEc2ComputeProps): void {
  const { minCapacity = 0, maxCapacity } = props;
  requireWhole(problems, 'minCapacity', minCapacity, 0);
  requireWhole(problems, 'maxCapacity', maxCapacity);
  if (maxCapacity === undefined || Token.isUnresolved(maxCapacity) || Token.isUnresolved(minCapacity)) return;
  problems.require(!(minCapacity > maxCapacity), () => {
    return `'minCapacity' must be at most 'maxCapacity', ${maxCapacity}; got ${minCapacity}`;
  });
}

/** Where it is known before the profile is. */
function largestCapacity({ maxCapacity, scaling, replicas, minCapacity = 0 }: EcsOnEc2ComputeProps): number {
  const largest = maxCapacity ?? scaling?.maxReplicas ?? replicas;
  if (largest === undefined || Token.isUnresolved(largest) || Token.isUnresolved(minCapacity)) return Infinity;
  return Math.max(largest, minCapacity);
}

function requireSpot(problems: Problems, props: EcsOnEc2ComputeProps, spot: EcsOnEc2SpotOptions): void {
  const { onDemandBase = 0, onDemandPercent = 0, otherInstanceTypes = [] } = spot;
  requireWhole(problems, 'spot.onDemandBase', onDemandBase, 0);
  const largest = largestCapacity(props);
  problems.require(Token.isUnresolved(onDemandBase) || !(onDemandBase >= largest), () => {
    return `'spot.onDemandBase' must be less than the largest number of instances, ${largest}; got ${onDemandBase}, lower it, or remove 'spot' if all shall be on demand`;
  });
  if (!Token.isUnresolved(onDemandPercent)) {
    problems.require(Number.isInteger(onDemandPercent) && onDemandPercent >= 0 && onDemandPercent <= 99, () => {
      return `'spot.onDemandPercent' must be a whole number from 0 to 99; got ${onDemandPercent}, remove 'spot' if all shall be on demand`;
    });
  }
  problems.require(otherInstanceTypes.length === 0 || props.instanceType !== undefined, () => {
    return `'spot.otherInstanceTypes' are others than 'instanceType'; set 'instanceType' as well, or remove them`;
  });
  const names = [props.instanceType, ...otherInstanceTypes].map(String);
  problems.require(new Set(names).size === names.length, () => {
    return `'spot.otherInstanceTypes' must differ from each other and from 'instanceType'; got ${names.join(', ')}`;
  });
  for (const type of otherInstanceTypes) {
    requireType(problems, 'spot.otherInstanceTypes', type);
    if (!isType(type)) continue;
    problems.require(instanceSize(type) !== undefined, () => {
      return `'spot.otherInstanceTypes' must be of types whose size is known here; got '${type}'${sizeAdvice(type)}`;
    });
    if (!props.instanceType || !isType(props.instanceType)) continue;
    const { architecture } = props.instanceType;
    problems.require(type.architecture === architecture, () => {
      return `'spot.otherInstanceTypes' must have the architecture of 'instanceType', ${architecture}; got '${type}' with ${type.architecture}`;
    });
  }
}
