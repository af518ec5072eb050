import { CfnCondition, CfnMapping, CfnParameter, CfnResource, Fn, Stack, Token } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnTaskDefinition, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { chooseDatabase } from './database-choice';
import { CIDR_PATTERN, chooseNetwork } from './network-choice';
import { ParameterForm } from './parameter-form';
import { ICompute, InternalLoadBalancerEndpoint, MlflowTrackingServer, ServerImage } from '../../src';
import { profileDefaults } from '../../src/private/profile-defaults';
import { defaultWorkers } from '../../src/private/workers';
import { MlflowVersion, Profile } from '../../src/server';

const SERVER = 'Server';

export interface TaskSize {
  /** In CPU units. */
  readonly cpu: number;
  readonly memoryMiB: number;
}

/** The first two are those of the library's profiles. */
export const TASK_SIZES: Record<string, TaskSize> = {
  Small: sizeOf(Profile.DEVELOPMENT),
  Medium: sizeOf(Profile.PRODUCTION),
  Large: { cpu: 2048, memoryMiB: 4096 },
  XLarge: { cpu: 4096, memoryMiB: 8192 },
};

/** A tag that is a number, or a digest: what the name means must stay, as two releases must never share a database. */
const IMAGE_PATTERN = '^([A-Za-z0-9][A-Za-z0-9._:/-]*(:v?[0-9][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64}))?$';

/** What each kind of compute on ECS adds. */
export interface EcsTemplate<T extends ICompute> {
  /** More columns of the table of sizes. */
  readonly columns?: (size: TaskSize) => Record<string, string>;
  /** More words about a size. */
  readonly describe?: (size: TaskSize) => string;
  readonly compute: (replicas: number) => T;
  readonly taskDefinition: (compute: T) => TaskDefinition;
  /** The rest of what depends on the size, and the resources that need the way to the internet. */
  readonly complete: (compute: T, column: (name: string) => string) => CfnResource[];
}

/** The server on ECS behind an internal load balancer, whatever its tasks run on. */
export function defineOnEcs<T extends ICompute>(
  stack: Stack,
  form: ParameterForm,
  template: EcsTemplate<T>,
): MlflowTrackingServer {
  const network = chooseNetwork(stack, form, false);
  const allowedCidr = form.add('AllowedCidr', {
    group: 'Network',
    label: 'Who may connect',
    description:
      'The block of IPv4 addresses that may connect to the load balancer. The default is the address range of a new ' +
      'VPC; name that of your own VPC, or of a network that is joined to it',
    default: Vpc.DEFAULT_CIDR_RANGE,
    allowedPattern: CIDR_PATTERN,
  });
  const size = form.add('ServerSize', {
    group: SERVER,
    label: 'Size',
    description: `The CPU and memory of each server: ${describeSizes(template)}`,
    default: 'Small',
    allowedValues: Object.keys(TASK_SIZES),
  });
  const replicas = form.add('Replicas', {
    group: SERVER,
    label: 'Number of servers',
    description: 'More than one survive the failure of one',
    type: 'Number',
    default: profileDefaults(Profile.DEVELOPMENT).replicas,
    minValue: 1,
    maxValue: 10,
  });
  const image = form.add('MlflowImage', {
    group: SERVER,
    label: 'Container image',
    description:
      "An image of MLflow's, with a version or a digest, in a registry that needs no sign-in. Empty: the official " +
      'image of the release that the template is for, so that a newer template upgrades MLflow',
    default: '',
    allowedPattern: IMAGE_PATTERN,
  });
  const database = chooseDatabase(form);
  const protection = form.addSwitch('LoadBalancerDeletionProtection', false, {
    group: 'Load balancer',
    label: 'Deletion protection',
    description: 'Whether the load balancer refuses to be deleted. The stack cannot be deleted while it does',
  });

  const sizes = new CfnMapping(stack, 'ServerSizes', { mapping: sizeMapping(template) });
  const column = (name: string) => sizes.findInMap(size.valueAsString, name);
  const compute = template.compute(replicas.valueAsNumber);
  const endpoint = new InternalLoadBalancerEndpoint({ allowedCidrs: [allowedCidr.valueAsString] });
  const server = new MlflowTrackingServer(stack, 'Mlflow', {
    compute,
    endpoint,
    vpc: network.vpc,
    backendStore: database.store,
    image: ServerImage.fromRegistry(imageOf(stack, image)),
    // The library would compute it from the size, which is known at deployment only.
    server: { workers: Token.asNumber(column('Workers')) },
  });
  database.complete();
  endpoint.loadBalancer.setAttribute('deletion_protection.enabled', protection.valueAsString);
  const task = template.taskDefinition(compute).node.defaultChild as CfnTaskDefinition;
  task.cpu = column('Cpu');
  task.memory = column('Memory');
  network.holdBack(...template.complete(compute, column));
  return server;
}

/** Never a default of the parameter: a stack keeps the value that it was made with, also under a newer template. */
function imageOf(stack: Stack, parameter: CfnParameter): string {
  const { imageUri } = ServerImage.official().bind(stack, { version: MlflowVersion.V3_17_2 });
  const isGiven = new CfnCondition(stack, 'MlflowImageGiven', {
    expression: Fn.conditionNot(Fn.conditionEquals(parameter, '')),
  });
  return Fn.conditionIf(isGiven.logicalId, parameter, imageUri).toString();
}

function sizeOf(profile: Profile): TaskSize {
  const { vcpus, memoryMiB } = profileDefaults(profile);
  return { cpu: vcpus * 1024, memoryMiB };
}

type Columns = Pick<EcsTemplate<ICompute>, 'columns' | 'describe'>;

function sizeMapping({ columns }: Columns): Record<string, Record<string, string>> {
  const entries = Object.entries(TASK_SIZES).map(([name, size]) => {
    const { cpu, memoryMiB } = size;
    const Workers = `${defaultWorkers(cpu / 1024, memoryMiB)}`;
    return [name, { Cpu: `${cpu}`, Memory: `${memoryMiB}`, Workers, ...columns?.(size) }];
  });
  return Object.fromEntries(entries);
}

function describeSizes({ describe }: Columns): string {
  const sizes = Object.entries(TASK_SIZES).map(([name, size]) => {
    return `${name} ${size.cpu / 1024} vCPU, ${size.memoryMiB / 1024} GiB${describe?.(size) ?? ''}`;
  });
  return sizes.join('; ');
}
