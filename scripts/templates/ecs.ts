import { CfnCondition, CfnMapping, CfnParameter, CfnResource, Fn, Stack, Token } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnTaskDefinition, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { chooseDatabase } from './database-choice';
import { CIDR_PATTERN, chooseNetwork } from './network-choice';
import { ParameterForm } from './parameter-form';
import { ICompute, InternalLoadBalancerEndpoint, MlflowTrackingServer, ServerImage } from '../../src';
import { defaultWorkers } from '../../src/core/workers';
import { MlflowVersion, Profile } from '../../src/server';
import { profileDefaults } from '../../src/server/profile-defaults';

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

/**
 * A version tag or a digest: the name must always mean the same release, as two releases must never share a database. Not in
 * a private repository of Amazon ECR, for which the tasks have no permissions: its name begins with the twelve digits of an
 * account. Without a lookahead, which Terraform's regular expressions do not have.
 */
const IMAGE_PATTERN =
  '^(([A-Za-z]|[0-9]{1,11}[A-Za-z._/-])[A-Za-z0-9._:/-]*(:v?[0-9][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64}))?$';

/** What each kind of compute on ECS adds. */
export interface EcsTemplate<T extends ICompute> {
  /** More columns of the table of sizes. */
  readonly columns?: (size: TaskSize) => Record<string, string>;
  /** Additional text for a size. */
  readonly describe?: (size: TaskSize) => string;
  readonly compute: (replicas: number) => T;
  readonly taskDefinition: (compute: T) => TaskDefinition;
  /** Sets what else depends on the size, and returns the resources that need internet access. */
  readonly complete: (compute: T, column: (name: string) => string) => CfnResource[];
}

/** The server on ECS behind an internal load balancer, on any capacity. */
export function defineOnEcs<T extends ICompute>(
  stack: Stack,
  form: ParameterForm,
  template: EcsTemplate<T>,
): MlflowTrackingServer {
  const network = chooseNetwork(stack, form, false);
  const allowedCidr = form.add('AllowedCidr', {
    group: 'Network',
    label: 'Allowed CIDR block',
    description:
      'The IPv4 CIDR block that can connect to the load balancer. The default is the CIDR block of a new VPC. If you ' +
      'use an existing VPC, specify its CIDR block or that of a connected network',
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
    description: 'The number of servers. With more than one, the service survives the failure of one',
    type: 'Number',
    default: profileDefaults(Profile.DEVELOPMENT).replicas,
    minValue: 1,
    maxValue: 10,
  });
  const image = form.add('ServerImage', {
    group: SERVER,
    label: 'Container image',
    description:
      'An MLflow image, with a version tag or a digest, in a registry that requires no credentials, not in private Amazon ECR. Empty: the official ' +
      'image of the release that the template is for, so that a newer template upgrades MLflow',
    default: '',
    allowedPattern: IMAGE_PATTERN,
  });
  const database = chooseDatabase(form);
  const protection = form.addSwitch('LoadBalancerDeletionProtection', false, {
    group: 'Load balancer',
    label: 'Deletion protection',
    description:
      'Whether the load balancer is protected from deletion. You cannot delete the stack while it is protected',
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
    // The library computes it from the size, which is known only at deployment.
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

/**
 * Never a default of the parameter: a stack keeps the value that it was made with, also under a newer template. Earlier
 * templates had such a default, in a parameter of another name, whose stored value must not come back.
 */
function imageOf(stack: Stack, parameter: CfnParameter): string {
  const { imageUri } = ServerImage.official().bind(stack, { version: MlflowVersion.V3_17_2 });
  const isGiven = new CfnCondition(stack, 'ServerImageGiven', {
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
