import { Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Ec2ComputeProps } from './ec2-compute-props';
import { checkRequirements } from './requirements';
import { AccessPath } from '../../endpoint/access-path';
import { checkIpv4Blocks } from '../../private/ipv4-blocks';
import { Problems } from '../../private/problems';
import { checkWhole } from '../../private/rules';
import { checkInstance, checkVolume, isInstanceType } from '../common/instance-rules';
import { instanceSize } from '../common/instance-sizes';
import { ComputeDeploymentContext } from '../validation';

const SMALLEST_MIB = 1024;
const SMALLEST_DISK_GIB = 10;
const SHORTEST_BOOT_MINUTES = 5;
/** The maximum of CloudFormation: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html */
const LONGEST_BOOT_MINUTES = 12 * 60;
/** From https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const MAX_SECURITY_GROUPS = 16;

/** Throws one error with everything that Amazon EC2 would reject. */
export function validateEc2Props(props: Ec2ComputeProps): void {
  const problems = new Problems();
  checkMemory(problems, props);
  checkInstance(problems, props, 't3.micro', 'the packages depend on it');
  checkWhole(problems, 'replicas', props.replicas);
  checkVolume(problems, props.volumeSize, SMALLEST_DISK_GIB);
  checkNetwork(problems, props);
  problems.require(!props.role || !props.permissionsBoundary, () => {
    return "'permissionsBoundary' cannot be set with 'role', which is not changed; remove one of them";
  });
  checkBootTimeout(problems, props);
  if (props.requirements !== undefined) checkRequirements(problems, props.requirements);
  problems.throwIfAny('Compute.ec2()');
}

/** Notes subnets in which the instances would have no internet access with the endpoint, or no address. */
export function checkSubnets(
  problems: Problems,
  { vpcSubnets }: Ec2ComputeProps,
  { endpoint }: ComputeDeploymentContext,
): void {
  const type = vpcSubnets?.subnetType;
  if (AccessPath.FIXED_ADDRESS.matches(endpoint?.accessPath)) {
    problems.require(type === undefined || type === SubnetType.PUBLIC, () => {
      return `'vpcSubnets' must be public with an instance address; got type ${type}, remove 'vpcSubnets' or choose another endpoint`;
    });
  } else {
    problems.require(type !== SubnetType.PUBLIC, () => {
      return "'vpcSubnets' cannot be public without an instance address, because the instances could not download their packages; choose private subnets or Endpoint.instanceAddress()";
    });
  }
}

function checkMemory(problems: Problems, { instanceType, memory }: Ec2ComputeProps): void {
  problems.require(!memory?.isUnresolved(), () => {
    return "'memory' must be known at synthesis, because the number of workers depends on it; got a token";
  });
  if (memory) checkSmallestMemory(problems, 'memory', memory, '');
  const known = instanceType && isInstanceType(instanceType) && instanceSize(instanceType);
  if (known) checkSmallestMemory(problems, 'instanceType', Size.mebibytes(known.memoryMiB), ` with '${instanceType}'`);
}

function checkSmallestMemory(problems: Problems, prop: string, memory: Size, from: string): void {
  if (memory.isUnresolved()) return;
  const mebibytes = memory.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR });
  problems.require(mebibytes >= SMALLEST_MIB, () => {
    return `'${prop}' must be at least ${SMALLEST_MIB} MiB of memory; got ${mebibytes} MiB${from}`;
  });
}

function checkNetwork(problems: Problems, { keyPair, sshCidrs, vpcSubnets, securityGroups }: Ec2ComputeProps): void {
  problems.require(vpcSubnets?.subnetType !== SubnetType.PRIVATE_ISOLATED, () => {
    return "'vpcSubnets' cannot be isolated, because the instances download their packages from the internet; choose private subnets with internet access";
  });
  const groups = securityGroups?.length ?? 1;
  problems.require(groups >= 1 && groups <= MAX_SECURITY_GROUPS, () => {
    return `'securityGroups' must have from 1 to ${MAX_SECURITY_GROUPS} security groups; got ${groups}`;
  });
  problems.require((keyPair === undefined) === (sshCidrs === undefined), () => {
    return "'keyPair' and 'sshCidrs' must be set together, because SSH requires a key pair and the CIDR blocks that can connect; set both, or remove both and use Session Manager";
  });
  if (sshCidrs) {
    checkIpv4Blocks(problems, 'sshCidrs', sshCidrs, 'name narrower blocks or use Session Manager');
  }
}

function checkBootTimeout(problems: Problems, { bootTimeout }: Ec2ComputeProps): void {
  if (!bootTimeout || bootTimeout.isUnresolved()) return;
  const minutes = bootTimeout.toMinutes({ integral: false });
  problems.require(minutes >= SHORTEST_BOOT_MINUTES && minutes <= LONGEST_BOOT_MINUTES, () => {
    return `'bootTimeout' must be from ${SHORTEST_BOOT_MINUTES} to ${LONGEST_BOOT_MINUTES} minutes; got ${minutes}`;
  });
}
