import { Lazy, Size, Token } from 'aws-cdk-lib';
import { InstanceArchitecture } from 'aws-cdk-lib/aws-ec2';
import { AccessPath, Compute } from '../../../src';
import { newStack } from '../../support/new-app';
import { environmentOf, messageOf, only, templateWith } from '../../support/templates';

// From https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
const SIZES = [
  // cpu, smallest, largest, step
  [256, 1024, 2048, 1024],
  [512, 1024, 4096, 1024],
  [1024, 2048, 8192, 1024],
  [2048, 4096, 16384, 1024],
  [4096, 8192, 30720, 1024],
  [8192, 16384, 61440, 4096],
  [16384, 32768, 122880, 8192],
];

describe.each(SIZES)('cpu %d', (cpu, smallest, largest, step) => {
  test.each([smallest, smallest + step, largest - step, largest])('with %d MiB is offered', (memoryLimitMiB) => {
    const { size } = Compute.fargate({ cpu, memoryLimitMiB }).capabilities;
    expect(size!.vcpus).toBe(cpu / 1024);
    expect(size!.memory!.toMebibytes()).toBe(memoryLimitMiB);
  });

  test.each([smallest - step, smallest + 1, smallest + step / 2, largest + step])(
    'with %d MiB is not offered',
    (memoryLimitMiB) => {
      expect(messageOf(() => Compute.fargate({ cpu, memoryLimitMiB }))).toBe(
        `'memoryLimitMiB' with 'cpu' ${cpu} must be from ${smallest} to ${largest} in steps of ${step}; got ${memoryLimitMiB}`,
      );
    },
  );
});

test.each([21, 22, 199, 200])('%d GiB of disk', (gibibytes) => {
  expect(() => Compute.fargate({ ephemeralStorage: Size.gibibytes(gibibytes) })).not.toThrow();
});

test('a disk in another unit', () => {
  const compute = Compute.fargate({ ephemeralStorage: Size.mebibytes(21 * 1024) });
  const { Properties } = only(templateWith({ compute }), 'AWS::ECS::TaskDefinition');
  expect(Properties.EphemeralStorage).toEqual({ SizeInGiB: 21 });
});

test('nothing is said of what was not set, but for the architecture that images are built for', () => {
  const { validation, ...said } = Compute.fargate().capabilities;
  expect(validation).toBeDefined();
  expect(said).toEqual({
    displayName: 'Fargate',
    cpuArchitecture: InstanceArchitecture.ARM_64,
    vpc: undefined,
    accessPaths: [AccessPath.LOAD_BALANCER, AccessPath.SESSION_MANAGER],
    size: { vcpus: undefined, memory: undefined, replicas: undefined },
    publicServers: undefined,
    publicServersProp: 'assignPublicIp',
  });
});

test('numbers that are known later pass, and arrive', () => {
  const later = (value: number) => Lazy.number({ produce: () => value });
  const template = templateWith({
    compute: Compute.fargate({
      cpu: later(1024),
      memoryLimitMiB: later(4096),
      replicas: later(2),
      ephemeralStorage: Size.gibibytes(later(30)),
    }),
    server: { workers: 3 },
  });
  expect(only(template, 'AWS::ECS::TaskDefinition').Properties).toMatchObject({
    Cpu: '1024',
    Memory: '4096',
    EphemeralStorage: { SizeInGiB: 30 },
  });
  expect(only(template, 'AWS::ECS::Service').Properties.DesiredCount).toBe(2);
  expect(environmentOf(template).MLFLOW_WORKERS).toBe('3');
});

test('the virtual CPUs follow from a number that is known later', () => {
  const cpu = Lazy.number({ produce: () => 2048 });
  const { vcpus } = Compute.fargate({ cpu, memoryLimitMiB: 4096 }).capabilities.size!;
  expect(Token.isUnresolved(vcpus)).toBe(true);
  expect(newStack().resolve(vcpus)).toBe(2);
});
