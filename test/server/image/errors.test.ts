import { CfnParameter, Stack } from 'aws-cdk-lib';
import { InstanceArchitecture } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { SERVER_IMAGE_ERRORS } from './errors';
import { Compute, MlflowTrackingServer, MlflowTrackingServerProps, MlflowVersion, ServerImage } from '../../../src';
import { FakeCompute } from '../../support/fakes';
import { newStack } from '../../support/new-app';
import { elementsIn, messageOf } from '../../support/templates';

test.each(SERVER_IMAGE_ERRORS)('%j', (_name, action, message) => {
  expect(messageOf(action)).toBe(message);
});

test('a release or a processor that does not fit is refused with all other problems, before anything is defined', () => {
  const stack = newStack();
  const image = ServerImage.hardened({ platform: Platform.LINUX_AMD64 });
  const props = { image, version: MlflowVersion.of('3.17.1'), server: { workers: 0 } };
  const message = messageOf(() => new MlflowTrackingServer(stack, 'Mlflow', props));
  expect(message.split('\n- ')).toEqual([
    'MlflowTrackingServer has 3 problems:',
    "'server.workers' must be a whole number of at least 1; got 0",
    expect.stringMatching(/^'version' must be 3\.17\.2 with ServerImage\.hardened\(\)/),
    expect.stringMatching(/^'image' must be built for arm64 with Fargate compute/),
  ]);
  expect(elementsIn(stack)).toEqual([]);
});

const token = (stack: Stack) => new CfnParameter(stack, 'Given').valueAsString;
const DIGEST = `sha256:${'0a'.repeat(32)}`;

describe('what is not refused', () => {
  test.each([
    'mlflow:3.17.2',
    'mlflow:_1',
    'localhost:5000/mlflow:3',
    'registry.example.com:443/a/b-c/d__e/f.g:v3.17.2-full_1',
    `mlflow@${DIGEST}`,
    `example.com/mlflow:latest@${DIGEST}`,
    `mlflow:${'1'.repeat(128)}`,
    'public.ecr.aws/team/mlflow:3.17.2',
    'my.dkr.ecr-mirror.example.com/mlflow:3.17.2',
    'ecr.example.com/123456789012.dkr.ecr.eu-central-1/mlflow:3',
  ])('the image %s', (name) => {
    expect(ServerImage.fromRegistry(name).bind(newStack(), { version: MlflowVersion.V3_17_2 }).imageUri).toBe(name);
  });

  test('a token', () => {
    const stack = newStack();
    const repository = new Repository(stack, 'Repository');
    expect(() => {
      ServerImage.fromRegistry(token(stack));
      ServerImage.fromEcrRepository(repository, stack.resolve(repository.repositoryName) && repository.repositoryName);
      ServerImage.hardened({ baseImage: repository.repositoryUri });
    }).not.toThrow();
  });

  test.each<[string, MlflowTrackingServerProps]>([
    ['the release that the hardened image carries', { image: ServerImage.hardened(), version: MlflowVersion.V3_17_2 }],
    ['the same release by its number', { image: ServerImage.hardened(), version: MlflowVersion.of('3.17.2') }],
    [
      'an image for the compute’s processor',
      {
        image: ServerImage.hardened({ platform: Platform.LINUX_AMD64 }),
        compute: Compute.fargate({ cpuArchitecture: CpuArchitecture.X86_64 }),
      },
    ],
    [
      'an image for a processor, with a compute that names none',
      { image: ServerImage.hardened({ platform: Platform.LINUX_AMD64 }), compute: new FakeCompute() },
    ],
    [
      'an image for a platform that no compute can name',
      {
        image: ServerImage.fromAsset('assets/image', { platform: Platform.custom('linux/riscv64') }),
        compute: new FakeCompute({ cpuArchitecture: InstanceArchitecture.ARM_64 }),
      },
    ],
  ])('%s', (_name, props) => {
    expect(() => new MlflowTrackingServer(newStack(), 'Mlflow', props)).not.toThrow();
  });
});
