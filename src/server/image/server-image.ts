import { IRepository } from 'aws-cdk-lib/aws-ecr';
import { assetImage } from './asset';
import { IServerImage } from './contract';
import { hardenedImage } from './hardened';
import { ecrImage, officialImage, registryImage } from './registry';
import {
  AssetImageOptions,
  HardenedImageOptions,
  RegistryImageOptions,
  ServerImageOptions,
} from './server-image-options';

/**
 * Container images that the server can run in.
 */
export class ServerImage {
  /**
   * Returns the MLflow project's own image with all extras, `ghcr.io/mlflow/mlflow:v<version>-full`.
   */
  public static official(): IServerImage {
    return officialImage();
  }

  /**
   * Returns an image in any registry, except a private Amazon ECR registry: use `fromEcrRepository` for that.
   *
   * @param imageUri The full name of the image with a tag or digest, such as `public.ecr.aws/team/mlflow:3.17.2`.
   * @param options Options for pulling the image.
   * @throws if the name is invalid, has no tag or digest, has the tag `latest`, or is in a private Amazon ECR registry
   */
  public static fromRegistry(imageUri: string, options: RegistryImageOptions = {}): IServerImage {
    return registryImage(imageUri, options);
  }

  /**
   * Returns an image in an Amazon ECR repository, and grants permissions to pull it.
   *
   * @param repository The repository, of this or another account.
   * @param tagOrDigest The tag or digest of the image, such as `3.17.2` or `sha256:...`.
   * @param options The contents of the image.
   * @throws if `tagOrDigest` is invalid or the tag `latest`
   */
  public static fromEcrRepository(
    repository: IRepository,
    tagOrDigest: string,
    options: ServerImageOptions = {},
  ): IServerImage {
    return ecrImage(repository, tagOrDigest, options);
  }

  /**
   * Returns an image that is built from a directory with a Dockerfile when the stack is deployed, and published to
   * Amazon ECR. It is built for the CPU architecture of the compute.
   *
   * @param directory The directory with the Dockerfile.
   * @param options Options for building the image.
   */
  public static fromAsset(directory: string, options: AssetImageOptions = {}): IServerImage {
    return assetImage(directory, options);
  }

  /**
   * Returns the built-in hardened image: the server and the packages that it imports, byte-compiled, without root. It is
   * built for the CPU architecture of the compute when the stack is deployed, and published to Amazon ECR.
   *
   * @param options Options for building the image.
   * @see https://github.com/cdk-mlflow/cdk-mlflow/blob/main/docs/image.md
   */
  public static hardened(options: HardenedImageOptions = {}): IServerImage {
    return hardenedImage(options);
  }

  private constructor() {}
}
