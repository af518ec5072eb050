import { InstanceArchitecture } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import {
  Compute,
  ICompute,
  IServerImage,
  MlflowTrackingServer,
  MlflowVersion,
  ServerImage,
  ServerImageBindOptions,
  ServerImageCapabilities,
  ServerImageConfig,
} from '../../../src';
import { FakeCompute } from '../../support/fakes';
import { newStack } from '../../support/new-app';
import { actionsOn, containersOf, permissionsOf, templateWith } from '../../support/templates';

const images = (image?: IServerImage) => containersOf(templateWith({ image })).map(({ Image }) => Image);

test('the official image by default, in every container', () => {
  expect(images()).toEqual(Array(3).fill('ghcr.io/mlflow/mlflow:v3.17.2-full'));
  expect(images(ServerImage.official())).toEqual(images());
});

describe('an image of any registry', () => {
  const uri = 'public.ecr.aws/team/mlflow:3.17.2';

  test('without credentials', () => {
    const template = templateWith({ image: ServerImage.fromRegistry(uri) });
    expect(containersOf(template).map(({ Image }) => Image)).toEqual(Array(3).fill(uri));
    expect(containersOf(template).filter((container) => 'RepositoryCredentials' in container)).toEqual([]);
    expect(permissionsOf(template).filter(({ action }) => action.startsWith('ecr:'))).toEqual([]);
  });

  test('with credentials, which the role that starts the containers may read', () => {
    const stack = newStack();
    const credentials = Secret.fromSecretNameV2(stack, 'Registry', 'registry');
    const template = templateWith({ image: ServerImage.fromRegistry(uri, { credentials }) }, stack);
    const parameter = stack.resolve(credentials.secretArn);
    for (const container of containersOf(template)) {
      expect(container.Image).toBe(uri);
      expect(container.RepositoryCredentials).toEqual({ CredentialsParameter: parameter });
    }
    const granted = stack.resolve(`${credentials.secretArn}-??????`);
    expect(actionsOn(template, 'MlflowComputeTaskExecutionRole', granted)).toContain('secretsmanager:GetSecretValue');
  });
});

describe('an image of a repository in Amazon ECR', () => {
  test.each(['3.17.2', `sha256:${'0a'.repeat(32)}`])('by %s', (tagOrDigest) => {
    const stack = newStack();
    const repository = new Repository(stack, 'Repository');
    const template = templateWith({ image: ServerImage.fromEcrRepository(repository, tagOrDigest) }, stack);
    const uri = stack.resolve(repository.repositoryUriForTagOrDigest(tagOrDigest));
    expect(JSON.stringify(uri)).toContain(`${tagOrDigest.startsWith('sha256') ? '@' : ':'}${tagOrDigest}`);
    expect(containersOf(template).map(({ Image }) => Image)).toEqual(Array(3).fill(uri));
  });

  test('is pulled with the rights for that repository alone', () => {
    const stack = newStack();
    const repository = new Repository(stack, 'Repository');
    const template = templateWith({ image: ServerImage.fromEcrRepository(repository, '3.17.2') }, stack);
    expect(actionsOn(template, 'MlflowComputeTaskExecutionRole', stack.resolve(repository.repositoryArn))).toEqual([
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:GetDownloadUrlForLayer',
    ]);
    expect(permissionsOf(template).filter(({ action }) => action.startsWith('ecr:'))).toHaveLength(4);
  });
});

test('what a compute other than ECS needs to pull the image is in the definition', () => {
  const stack = newStack();
  const repository = new Repository(stack, 'Repository');
  const credentials = new Secret(stack, 'Registry');
  const definitionWith = (image: IServerImage, id: string) => {
    const compute = new FakeCompute();
    new MlflowTrackingServer(stack, id, { compute, image });
    return compute.options!.selfHosted!.server;
  };
  const pulled = definitionWith(ServerImage.fromEcrRepository(repository, '3.17.2'), 'One');
  expect(stack.resolve(pulled.imageUri)).toEqual(stack.resolve(repository.repositoryUriForTagOrDigest('3.17.2')));
  expect(pulled.imageRepository === repository).toBe(true);
  expect(pulled.imageTagOrDigest).toBe('3.17.2');
  expect(pulled.imageCredentials).toBeUndefined();

  const given = definitionWith(ServerImage.fromRegistry('mlflow:1', { credentials }), 'Two');
  expect(given.imageUri).toBe('mlflow:1');
  expect(given.imageCredentials === credentials).toBe(true);
  expect(given.imageRepository).toBeUndefined();
  expect(given.imageTagOrDigest).toBeUndefined();
});

describe('an image of the user’s own making', () => {
  class TeamImage implements IServerImage {
    public readonly capabilities: ServerImageCapabilities = { displayName: 'the team image' };
    public options?: ServerImageBindOptions;

    public bind(scope: Construct, options: ServerImageBindOptions): ServerImageConfig {
      this.options = options;
      return { imageUri: `registry.example.com/${scope.node.id}:${options.version.version}` };
    }
  }

  test('is named with the release', () => {
    const template = templateWith({ image: new TeamImage(), version: MlflowVersion.of('3.17.0') });
    expect(containersOf(template)[2].Image).toBe('registry.example.com/Server:3.17.0');
  });

  test.each<[string, ICompute, InstanceArchitecture | undefined]>([
    ['Fargate', Compute.fargate(), InstanceArchitecture.ARM_64],
    ['an older Fargate', Compute.fargate({ cpuArchitecture: CpuArchitecture.X86_64 }), InstanceArchitecture.X86_64],
    ['a future one', Compute.fargate({ cpuArchitecture: CpuArchitecture.of('RISCV') }), undefined],
    [
      'a compute that says it',
      new FakeCompute({ cpuArchitecture: InstanceArchitecture.ARM_64 }),
      InstanceArchitecture.ARM_64,
    ],
    ['a compute that does not', new FakeCompute(), undefined],
  ])('is told the processor of %s', (_name, compute, cpuArchitecture) => {
    const image = new TeamImage();
    new MlflowTrackingServer(newStack(), 'Mlflow', { image, compute });
    expect(image.options).toEqual({ version: MlflowVersion.V3_17_2, cpuArchitecture });
  });

  test('can be judged before anything is defined', () => {
    class OldImage extends TeamImage {
      public readonly capabilities = { displayName: 'an old image', version: MlflowVersion.of('3.17.0') };
    }
    expect(() => new MlflowTrackingServer(newStack(), 'Mlflow', { image: new OldImage() })).toThrow(
      "'version' must be 3.17.0 with an old image, which contains no other release; got 3.17.2",
    );
  });
});
