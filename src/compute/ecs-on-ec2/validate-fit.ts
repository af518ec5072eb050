import { Token } from 'aws-cdk-lib';
import { InstanceArchitecture, IVpc } from 'aws-cdk-lib/aws-ec2';
import { EcsAutoScalingCapacityOptions } from './ecs-capacity-options';
import { capacityOf, fits, instanceTypeFor, TaskSize, taskSize } from './instance-choice';
import { isClosed, servicesWithoutEndpoint, vpcEndpoints } from '../../network/subnets';
import { Problems } from '../../private/problems';
import { InstanceSize, instanceSize, sizeOf } from '../common/instance-sizes';
import { ComputeSize } from '../size';
import { ComputeDeploymentContext } from '../validation';

/** The services that the ECS agent connects to. */
const AGENT_SERVICES = ['ecs', 'ecs-agent', 'ecs-telemetry'];

/** Notes instances that fit no task, too few instances, and instances that cannot register in their cluster. */
export function checkFit(
  problems: Problems,
  capacity: EcsAutoScalingCapacityOptions,
  architecture: InstanceArchitecture,
  { size, vpc }: ComputeDeploymentContext,
): void {
  if (size) {
    checkTypes(problems, capacity, architecture, taskSize(size));
    checkEnoughInstances(problems, capacity, size);
  }
  if (vpc) checkAgentServices(problems, vpc);
}

function checkTypes(
  problems: Problems,
  capacity: EcsAutoScalingCapacityOptions,
  architecture: InstanceArchitecture,
  task: TaskSize,
): void {
  problems.require(instanceTypeFor(capacity, architecture, task) !== undefined, () => {
    return `'instanceType' must be set, because a task of ${describe(task)} is larger than the default types; set it to one that fits the task`;
  });
  const check = (name: string, type: unknown, size: InstanceSize | undefined) => {
    if (!size || fits(task, capacityOf(size))) return;
    const free = describe(capacityOf(size));
    problems.require(false, () => {
      return `'${name}' must fit a task of ${describe(task)}; got '${type}' with a capacity of ${free}, choose a larger type or a smaller task`;
    });
  };
  check('instanceType', capacity.instanceType, sizeOf(capacity));
  for (const type of capacity.spot?.otherInstanceTypes ?? []) {
    check('spot.otherInstanceTypes', type, instanceSize(type));
  }
}

function describe({ cpu, memoryMiB }: TaskSize): string {
  return `${cpu} CPU units and ${memoryMiB} MiB`;
}

function checkEnoughInstances(
  problems: Problems,
  { maxCapacity }: EcsAutoScalingCapacityOptions,
  { replicas }: ComputeSize,
): void {
  if (maxCapacity === undefined || Token.isUnresolved(maxCapacity) || Token.isUnresolved(replicas)) return;
  problems.require(maxCapacity >= replicas, () => {
    return `'maxCapacity' must be at least the maximum number of tasks, ${replicas}, because each has its own instance; got ${maxCapacity}`;
  });
}

/** An instance that cannot connect to ECS never registers in its cluster. The endpoints of an imported VPC are unknown. */
function checkAgentServices(problems: Problems, vpc: IVpc): void {
  if (vpcEndpoints(vpc).length === 0 && !isClosed(vpc)) return;
  const missing = servicesWithoutEndpoint(vpc, AGENT_SERVICES);
  problems.require(missing.length === 0, () => {
    return `'vpc' must have VPC endpoints for ${missing.join(', ')} if it has no internet access, because the instances register in their cluster through them; add them, in IsolatedVpc with 'containerInstances'`;
  });
}
