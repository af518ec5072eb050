import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Compute, MlflowTrackingServer, MlflowTrackingServerProps, MlflowVersion, ServerImage } from '../../../src';
import { newStack } from '../../support/new-app';

const EXAMPLE = 'public.ecr.aws/team/mlflow:3.17.2';
const DIGEST = `sha256:${'0a'.repeat(32)}`;

const noName = (prop: string, example: string, got: string) =>
  `'${prop}' must be the full name of an image, such as '${example}'; got '${got}'`;
const notPinned = (prop: string, example: string, got: string) =>
  `'${prop}' must end in a digest, or in a tag that stays with one release; got '${got}', use a name such as '${example}'`;

const NO_NAMES = [
  '',
  ' ',
  'team/mlflow:3.17.2 ',
  ' team/mlflow:3.17.2',
  'team/ml flow:3.17.2',
  'team/mlflow:3.17.2\n',
  'https://example.com/mlflow:3.17.2',
  'example.com/Team/mlflow:3.17.2',
  'example.com//mlflow:3.17.2',
  'example.com/mlflow/:3.17.2',
  '/mlflow:3.17.2',
  'mlflow:',
  'mlflow:.3',
  `mlflow:${'1'.repeat(129)}`,
  'mlflow@sha256:0a',
  `mlflow@${DIGEST}0`,
  `mlflow@${DIGEST.toUpperCase()}`,
  'mlflow:3.17.2:1',
];

const NOT_PINNED = [
  'mlflow',
  'example.com/mlflow',
  'example.com:5000/mlflow',
  'mlflow:latest',
  'localhost:5000/team/mlflow:latest',
];

const TAGS_AND_DIGESTS = ['', ' ', '3.17.2 ', 'a b', '.3', '-3', ':3.17.2', '@3', `@${DIGEST}`, 'sha256:0a', 'latest'];

const repository = () => Repository.fromRepositoryName(newStack(), 'Repository', 'mlflow');
const PRIVATE_ECR = [
  '111122223333.DKR.ECR.eu-central-1.amazonaws.com/mlflow:3.17.2',
  '111122223333.dkr.ecr.eu-central-1.amazonaws.com/mlflow:3.17.2',
  '111122223333.dkr.ecr-fips.us-east-1.amazonaws.com/mlflow:3.17.2',
  '111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/mlflow:3.17.2',
  `111122223333.dkr-ecr.eu-central-1.on.aws/team/mlflow@${DIGEST}`,
  repository().repositoryUriForTag('3.17.2'),
];
const server = (props: MlflowTrackingServerProps) => new MlflowTrackingServer(newStack(), 'Mlflow', props);

/** What is refused of an image: what is done, and the message. */
export const SERVER_IMAGE_ERRORS: [string, () => unknown, string][] = [
  ...NO_NAMES.map((name): [string, () => unknown, string] => [
    `the image '${name}'`,
    () => ServerImage.fromRegistry(name),
    noName('imageUri', EXAMPLE, name),
  ]),
  ...NOT_PINNED.map((name): [string, () => unknown, string] => [
    `the image '${name}', which means another one tomorrow`,
    () => ServerImage.fromRegistry(name),
    notPinned('imageUri', EXAMPLE, name),
  ]),
  ...PRIVATE_ECR.map((name): [string, () => unknown, string] => [
    `the image '${name}', which nobody may pull by its name alone`,
    () => ServerImage.fromRegistry(name),
    `'imageUri' cannot be in a private Amazon ECR repository, because no permissions to pull from it are granted; got '${name}', use ServerImage.fromEcrRepository()`,
  ]),
  ...TAGS_AND_DIGESTS.map((tagOrDigest): [string, () => unknown, string] => [
    `the tag or digest '${tagOrDigest}'`,
    () => ServerImage.fromEcrRepository(repository(), tagOrDigest),
    `'tagOrDigest' must be a digest such as 'sha256:...', or a tag that stays with one release, such as '3.17.2'; got '${tagOrDigest}'`,
  ]),
  [
    'a base image that is no name',
    () => ServerImage.hardened({ baseImage: 'Python 3.11' }),
    noName('baseImage', 'python:3.11-slim-bookworm', 'Python 3.11'),
  ],
  [
    'a base image that means another one tomorrow',
    () => ServerImage.hardened({ baseImage: 'python:latest' }),
    notPinned('baseImage', 'python:3.11-slim-bookworm', 'python:latest'),
  ],
  [
    'a release that the hardened image does not carry',
    () => server({ image: ServerImage.hardened(), version: MlflowVersion.of('3.17.1') }),
    "'version' must be 3.17.2 with ServerImage.hardened(), which contains no other release; got 3.17.1, remove 'version' or choose another 'image'",
  ],
  ...[
    ServerImage.hardened({ platform: Platform.LINUX_AMD64 }),
    ServerImage.fromAsset('assets/image', { platform: Platform.LINUX_AMD64 }),
  ].map((image): [string, () => unknown, string] => [
    `${image.capabilities.displayName} for another processor than the compute's`,
    () => server({ image, compute: Compute.fargate() }),
    `'image' must be built for arm64 with Fargate compute; got ${image.capabilities.displayName} for x86_64, remove its 'platform' or change the compute's architecture`,
  ]),
];
