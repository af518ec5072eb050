import { Token } from 'aws-cdk-lib';
import { InstanceType, IVpc } from 'aws-cdk-lib/aws-ec2';
import { EcsOnEc2ComputeProps } from './ecs-on-ec2-compute-props';
import { holds, instanceTypeFor, Room, roomOf, sizeOf } from './instance-choice';
import { isClosed, servicesWithoutEndpoint, vpcEndpoints } from '../../network/subnets';
import { Problems } from '../../private/problems';
import { ComputeSize } from '../size';
import { ComputeDeploymentContext } from '../validation';

/** What the agent of ECS talks to. */
const AGENT_SERVICES = ['ecs', 'ecs-agent', 'ecs-telemetry'];

/** What a task asks for, once the profile has completed it. */
export function taskRoom({ size }: { readonly size: ComputeSize }): Room {
  return { cpu: size.vcpus * 1024, memoryMiB: size.memory.toMebibytes() };
}

/** Notes instances that hold no task, that are too few, or that would not find their cluster. */
export function checkFit(
  problems: Problems,
  props: EcsOnEc2ComputeProps,
  { size, vpc }: ComputeDeploymentContext,
): void {
  if (size) checkInstances(problems, props, size);
  if (vpc) checkAgentServices(problems, vpc);
}

function checkInstances(problems: Problems, props: EcsOnEc2ComputeProps, size: ComputeSize): void {
  const task = taskRoom({ size });
  const instanceType = instanceTypeFor(props, task);
  problems.require(instanceType !== undefined, () => {
    return `'instanceType' must be set, because a task of ${describe(task)} is larger than the types that are chosen by default; set it to one that holds the task`;
  });
  if (instanceType) checkInstanceType(problems, props, task, 'instanceType', instanceType);
  for (const other of props.spot?.otherInstanceTypes ?? []) {
    checkInstanceType(problems, props, task, 'spot.otherInstanceTypes', other);
  }
  checkEnoughInstances(problems, props, size);
}

function checkInstanceType(
  problems: Problems,
  props: EcsOnEc2ComputeProps,
  task: Room,
  name: string,
  type: InstanceType,
): void {
  const size = sizeOf(props, type);
  if (!size) return;
  const room = roomOf(size);
  problems.require(holds(room, task), () => {
    return `'${name}' must hold a task of ${describe(task)}; got '${type}' with room for ${describe(room)}, choose a larger type or a smaller task`;
  });
}

function describe({ cpu, memoryMiB }: Room): string {
  return `${cpu} CPU units and ${memoryMiB} MiB`;
}

function checkEnoughInstances(
  problems: Problems,
  { maxCapacity }: EcsOnEc2ComputeProps,
  { replicas }: ComputeSize,
): void {
  if (maxCapacity === undefined || Token.isUnresolved(maxCapacity) || Token.isUnresolved(replicas)) return;
  problems.require(maxCapacity >= replicas, () => {
    return `'maxCapacity' must be at least the largest number of tasks, ${replicas}, because each has an instance of its own; got ${maxCapacity}`;
  });
}

/** An instance that does not reach ECS never joins its cluster. Of an imported network, nothing is known. */
function checkAgentServices(problems: Problems, vpc: IVpc): void {
  if (vpcEndpoints(vpc).length === 0 && !isClosed(vpc)) return;
  const missing = servicesWithoutEndpoint(vpc, AGENT_SERVICES);
  problems.require(missing.length === 0, () => {
    return `'vpc' must have endpoints for ${missing.join(', ')} where it has no way out, because the instances join their cluster through them; add them, in IsolatedVpc with 'containerInstances'`;
  });
}
