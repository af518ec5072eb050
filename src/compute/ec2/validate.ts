import { Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import { Ec2ComputeProps } from './ec2-compute-props';
import { requireRequirements } from './requirements';
import { requireIpv4Blocks } from '../../private/ipv4-blocks';
import { Problems } from '../../private/problems';
import { requireWhole } from '../../private/rules';
import { instanceSize, sizeAdvice } from '../common/instances';

const SMALLEST_MIB = 1024;
const SHORTEST_BOOT_MINUTES = 5;
const LONGEST_BOOT_MINUTES = 12 * 60;

/** Throws one error with all that EC2, or MLflow on it, would refuse. */
export function validateEc2Props(props: Ec2ComputeProps): void {
  const problems = new Problems();
  requireKnownSize(problems, props);
  requireWhole(problems, 'replicas', props.replicas);
  requireVolume(problems, props.volumeSize);
  requireWholeSsh(problems, props);
  requireBootTimeout(problems, props);
  if (props.requirements !== undefined) {
    requireRequirements(problems, props.requirements);
  }
  problems.throwIfAny('Compute.ec2()');
}

function requireKnownSize(problems: Problems, { instanceType, vcpus, memory }: Ec2ComputeProps): void {
  requireWhole(problems, 'vcpus', vcpus);
  if (memory) {
    problems.require(!memory.isUnresolved(), () => {
      return "'memory' must be known at synthesis, because the number of workers depends on it; got a token";
    });
    requireMemory(problems, "'memory'", memory, '');
  }
  if (!instanceType) {
    problems.require(vcpus === undefined && memory === undefined, () => {
      return "'vcpus' and 'memory' are those of 'instanceType'; set 'instanceType' as well, or remove them";
    });
    return;
  }
  const type = instanceType.toString();
  problems.require(!Token.isUnresolved(type), () => {
    return "'instanceType' must be known at synthesis, because the packages depend on it; got a token";
  });
  if (Token.isUnresolved(type)) return;
  const wellFormed = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(type);
  problems.require(wellFormed, () => `'instanceType' must be a type such as 't3.micro'; got '${type}'`);
  if (!wellFormed) return;
  const known = instanceSize(instanceType);
  problems.require(!known || (vcpus === undefined && memory === undefined), () => {
    return `'vcpus' and 'memory' cannot be set for the instance type '${type}', whose size is known; remove them`;
  });
  problems.require(known !== undefined || (vcpus !== undefined && memory !== undefined), () => {
    return `'vcpus' and 'memory' must be set for the instance type '${type}', whose size is not known here; set both${sizeAdvice(instanceType)}`;
  });
  if (known) {
    requireMemory(problems, "'instanceType'", Size.mebibytes(known.memoryMiB), ` with '${type}'`);
  }
}

function requireMemory(problems: Problems, prop: string, memory: Size, from: string): void {
  if (memory.isUnresolved()) return;
  const mebibytes = memory.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR });
  problems.require(mebibytes >= SMALLEST_MIB, () => {
    return `${prop} must give the server at least ${SMALLEST_MIB} MiB of memory; got ${mebibytes} MiB${from}`;
  });
}

function requireVolume(problems: Problems, volumeSize: Size | undefined): void {
  if (!volumeSize || volumeSize.isUnresolved()) return;
  const gibibytes = volumeSize.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) / 1024 / 1024;
  problems.require(Number.isInteger(gibibytes) && gibibytes >= 10 && gibibytes <= 16384, () => {
    return `'volumeSize' must be from 10 to 16384 whole GiB; got ${gibibytes} GiB`;
  });
}

function requireWholeSsh(problems: Problems, { keyPair, sshCidrs }: Ec2ComputeProps): void {
  problems.require((keyPair === undefined) === (sshCidrs === undefined), () => {
    return "'keyPair' and 'sshCidrs' must be set together, because SSH needs a key and addresses that may connect; set both, or neither and use Session Manager";
  });
  if (sshCidrs) {
    requireIpv4Blocks(problems, 'sshCidrs', sshCidrs, 'name narrower blocks or use Session Manager');
  }
}

function requireBootTimeout(problems: Problems, { bootTimeout }: Ec2ComputeProps): void {
  if (!bootTimeout || bootTimeout.isUnresolved()) return;
  const minutes = bootTimeout.toMinutes({ integral: false });
  problems.require(minutes >= SHORTEST_BOOT_MINUTES && minutes <= LONGEST_BOOT_MINUTES, () => {
    return `'bootTimeout' must be from ${SHORTEST_BOOT_MINUTES} to ${LONGEST_BOOT_MINUTES} minutes; got ${minutes}`;
  });
}
