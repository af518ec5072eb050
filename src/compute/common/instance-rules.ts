import { Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { InstanceChoice, instanceSize } from './instance-sizes';
import { correctedType } from '../../private/instance-type-name';
import { Problems } from '../../private/problems';
import { checkWhole } from '../../private/rules';

const LARGEST_GIB = 16384;

/**
 * Notes an invalid instance type, and a size that is missing, not needed or invalid.
 *
 * @param example A type for the message.
 * @param reason Why the type must be known at synthesis: `it must fit a task`.
 */
export function checkInstance(problems: Problems, choice: InstanceChoice, example: string, reason: string): void {
  const { instanceType, vcpus, memory } = choice;
  checkWhole(problems, 'vcpus', vcpus);
  if (!instanceType) {
    problems.require(vcpus === undefined && memory === undefined, () => {
      return "'vcpus' and 'memory' describe 'instanceType'; set 'instanceType' as well, or remove them";
    });
    return;
  }
  checkInstanceType(problems, 'instanceType', instanceType, example, reason);
  if (!isInstanceType(instanceType)) return;
  const known = instanceSize(instanceType) !== undefined;
  problems
    .require(!known || (vcpus === undefined && memory === undefined), () => {
      return `'vcpus' and 'memory' cannot be set for the instance type '${instanceType}', whose size is known; remove them`;
    })
    .require(known || (vcpus !== undefined && memory !== undefined), () => {
      return `'vcpus' and 'memory' must be set for the instance type '${instanceType}', whose size is not known; set both${sizeAdvice(instanceType)}`;
    });
}

/** Notes an instance type that is a token or malformed. */
export function checkInstanceType(
  problems: Problems,
  prop: string,
  instanceType: InstanceType,
  example: string,
  reason: string,
): void {
  const known = !Token.isUnresolved(instanceType.toString());
  problems
    .require(known, () => `'${prop}' must be known at synthesis, because ${reason}; got a token`)
    .require(!known || isInstanceType(instanceType), () => {
      return `'${prop}' must be a type such as '${example}'; got '${instanceType}'`;
    });
}

/** Whether the type is known and well-formed. */
export function isInstanceType(instanceType: InstanceType): boolean {
  const type = instanceType.toString();
  return !Token.isUnresolved(type) && /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(type);
}

/** Notes the size of a disk that Amazon EBS or the machine image does not support. */
export function checkVolume(problems: Problems, volumeSize: Size | undefined, smallest: number, why = ''): void {
  if (!volumeSize || volumeSize.isUnresolved()) return;
  const gibibytes = volumeSize.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) / 1024 / 1024;
  problems.require(Number.isInteger(gibibytes) && gibibytes >= smallest && gibibytes <= LARGEST_GIB, () => {
    return `'volumeSize' must be a whole number of GiB from ${smallest} to ${LARGEST_GIB}${why}; got ${gibibytes} GiB`;
  });
}

/** A correction for a mistyped size, such as `t3.mirco`. */
export function sizeAdvice(instanceType: InstanceType): string {
  const meant = correctedType(instanceType.toString());
  return meant === undefined ? '' : `, or correct the type to '${meant}'`;
}
