import { CfnMapping, CfnResource, Token } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { chooseDatabase } from './database-choice';
import { TemplateDefinition } from './definition';
import { CIDR_PATTERN, chooseNetwork } from './network-choice';
import { FargateCompute, InternalLoadBalancerEndpoint, MlflowTrackingServer, ServerImage } from '../../src';
import { profileDefaults } from '../../src/private/profile-defaults';
import { defaultWorkers } from '../../src/private/workers';
import { MlflowVersion, Profile } from '../../src/server';

const SERVER = 'Server';

/** In CPU units and MiB; the first two are those of the library's profiles. */
export const FARGATE_SIZES: Record<string, { readonly cpu: number; readonly memoryMiB: number }> = {
  Small: sizeOf(Profile.DEVELOPMENT),
  Medium: sizeOf(Profile.PRODUCTION),
  Large: { cpu: 2048, memoryMiB: 4096 },
  XLarge: { cpu: 4096, memoryMiB: 8192 },
};

/** A tag that is a number, or a digest: what the name means must stay, as two releases must never share a database. */
const IMAGE_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._:/-]*(:v?[0-9][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64})$';

export const FARGATE_TEMPLATE: TemplateDefinition = {
  name: 'fargate',
  title: 'MLflow on AWS Fargate behind an internal load balancer, with PostgreSQL on RDS and artifacts in S3',
  define: (stack, form) => {
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
      description: `The CPU and memory of each server: ${describeSizes()}`,
      default: 'Small',
      allowedValues: Object.keys(FARGATE_SIZES),
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
        'The image of MLflow, with a version or a digest, in a registry that needs no sign-in. To upgrade MLflow, name ' +
        'a newer one',
      default: ServerImage.official().bind(stack, { version: MlflowVersion.V3_17_2 }).imageUri,
      allowedPattern: IMAGE_PATTERN,
    });
    const database = chooseDatabase(form);
    const protection = form.addSwitch('LoadBalancerDeletionProtection', false, {
      group: 'Load balancer',
      label: 'Deletion protection',
      description: 'Whether the load balancer refuses to be deleted. The stack cannot be deleted while it does',
    });

    const sizes = new CfnMapping(stack, 'ServerSizes', { mapping: sizeMapping() });
    const compute = new FargateCompute({ replicas: replicas.valueAsNumber });
    const endpoint = new InternalLoadBalancerEndpoint({ allowedCidrs: [allowedCidr.valueAsString] });
    const server = new MlflowTrackingServer(stack, 'Mlflow', {
      compute,
      endpoint,
      vpc: network.vpc,
      backendStore: database.store,
      image: ServerImage.fromRegistry(image.valueAsString),
      // The library would compute it from the size, which is known at deployment only.
      server: { workers: Token.asNumber(sizes.findInMap(size.valueAsString, 'Workers')) },
    });
    database.complete();
    endpoint.loadBalancer.setAttribute('deletion_protection.enabled', protection.valueAsString);
    const task = compute.taskDefinition.node.defaultChild as CfnTaskDefinition;
    task.cpu = sizes.findInMap(size.valueAsString, 'Cpu');
    task.memory = sizes.findInMap(size.valueAsString, 'Memory');
    network.holdBack(compute.service.node.findChild('Service') as CfnResource);
    return server;
  },
};

function sizeOf(profile: Profile) {
  const { vcpus, memoryMiB } = profileDefaults(profile);
  return { cpu: vcpus * 1024, memoryMiB };
}

function sizeMapping(): Record<string, Record<string, string>> {
  const entries = Object.entries(FARGATE_SIZES).map(([name, { cpu, memoryMiB }]) => {
    return [name, { Cpu: `${cpu}`, Memory: `${memoryMiB}`, Workers: `${defaultWorkers(cpu / 1024, memoryMiB)}` }];
  });
  return Object.fromEntries(entries);
}

function describeSizes(): string {
  const sizes = Object.entries(FARGATE_SIZES).map(([name, { cpu, memoryMiB }]) => {
    return `${name} ${cpu / 1024} vCPU, ${memoryMiB / 1024} GiB`;
  });
  return sizes.join('; ');
}
