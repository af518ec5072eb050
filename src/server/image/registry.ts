import { Token } from 'aws-cdk-lib';
import { IRepository } from 'aws-cdk-lib/aws-ecr';
import { IServerImage } from './contract';
import { RegistryImageOptions, ServerImageOptions } from './server-image-options';

const TAG = String.raw`\w[\w.-]{0,127}`;
const DIGEST = 'sha256:[0-9a-f]{64}';

/** An optional host with its port, lower-case parts, and a tag or digest that identifies the build. */
const NAME = new RegExp(
  String.raw`^([A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?/)?[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*(:(?<tag>${TAG}))?(@(?<digest>${DIGEST}))?$`,
);
/** The private registry of an account, which can be a token. The public gallery, public.ecr.aws, requires no permissions. */
const PRIVATE_ECR = /^(\d{12}|\$\{Token\[[^\]]*\]\})\.dkr[.-]ecr(-fips)?\./i;
const TAG_OR_DIGEST = new RegExp(`^(${TAG}|${DIGEST})$`);

export function officialImage(): IServerImage {
  return {
    capabilities: { displayName: 'ServerImage.official()', needsInternet: true },
    bind: (_scope, { version }) => ({ imageUri: `ghcr.io/mlflow/mlflow:v${version.version}-full` }),
  };
}

export function registryImage(imageUri: string, { credentials, pythonPackages }: RegistryImageOptions): IServerImage {
  requirePinnedImage('imageUri', imageUri, 'public.ecr.aws/team/mlflow:3.17.2');
  if (PRIVATE_ECR.test(imageUri)) {
    throw new Error(
      `'imageUri' cannot be in a private Amazon ECR repository, because no permissions to pull from it are granted; got '${imageUri}', use ServerImage.fromEcrRepository()`,
    );
  }
  return {
    // A name that is known only at deployment can be in Amazon ECR.
    capabilities: {
      displayName: 'ServerImage.fromRegistry()',
      needsInternet: !Token.isUnresolved(imageUri),
      needsCredentials: credentials !== undefined,
      pythonPackages,
    },
    bind: () => ({ imageUri, credentials }),
  };
}

export function ecrImage(
  repository: IRepository,
  tagOrDigest: string,
  { pythonPackages }: ServerImageOptions,
): IServerImage {
  validateTagOrDigest(tagOrDigest);
  return {
    capabilities: { displayName: 'ServerImage.fromEcrRepository()', pythonPackages },
    bind: () => ({ imageUri: repository.repositoryUriForTagOrDigest(tagOrDigest), repository, tagOrDigest }),
  };
}

/** Each start of a server pulls the image again. Its name must stay with one release: two must never share a database. */
export function requirePinnedImage(prop: string, name: string, example: string): void {
  if (Token.isUnresolved(name)) return;
  const parts = NAME.exec(name)?.groups;
  if (!parts) {
    throw new Error(`'${prop}' must be the full name of an image, such as '${example}'; got '${name}'`);
  }
  if (!parts.digest && (!parts.tag || parts.tag === 'latest')) {
    throw new Error(
      `'${prop}' must end in a digest, or in a tag that stays with one release; got '${name}', use a name such as '${example}'`,
    );
  }
}

function validateTagOrDigest(tagOrDigest: string): void {
  if (Token.isUnresolved(tagOrDigest)) return;
  if (!TAG_OR_DIGEST.test(tagOrDigest) || tagOrDigest === 'latest') {
    throw new Error(
      `'tagOrDigest' must be a digest such as 'sha256:...', or a tag that stays with one release, such as '3.17.2'; got '${tagOrDigest}'`,
    );
  }
}
