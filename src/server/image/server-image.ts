import { IRepository } from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';
import { assetImage } from './asset';
import { ServerImageBindOptions, ServerImageCapabilities, ServerImageConfig } from './contract';
import { hardenedImage } from './hardened';
import { ecrImage, officialImage, registryImage } from './registry';
import {
  AssetImageOptions,
  HardenedImageOptions,
  RegistryImageOptions,
  ServerImageOptions,
} from './server-image-options';
import { ImageSource } from './source';

/**
 * The container image that the server runs in.
 *
 * An image must have `python` on its `PATH`, with MLflow, its `auth` extra, `psycopg2` and `boto3` installed. A class
 * of yours that extends this one is as good as the library's own.
 */
export abstract class ServerImage {
  /**
   * The MLflow project's own image with all extras, `ghcr.io/mlflow/mlflow:v<version>-full`.
   */
  public static official(): ServerImage {
    return new ImageOf(officialImage());
  }

  /**
   * An image in a registry other than a private one of Amazon ECR: for that, use `fromEcrRepository`.
   *
   * @param imageUri The image's full name with a tag or digest, such as `public.ecr.aws/team/mlflow:3.17.2`.
   * @param options How to sign in to the registry.
   * @throws If the name is invalid, does not say which release it means (without a tag, or with `latest`), or is that of
   * a private repository of Amazon ECR.
   */
  public static fromRegistry(imageUri: string, options: RegistryImageOptions = {}): ServerImage {
    return new ImageOf(registryImage(imageUri, options));
  }

  /**
   * An image in a repository of Amazon ECR. The right to pull it is granted.
   *
   * @param repository The repository, of this or another account.
   * @param tagOrDigest The image's tag or digest, such as `3.17.2` or `sha256:...`.
   * @param options What the image contains.
   * @throws If it is no tag and no digest, or the tag `latest`.
   */
  public static fromEcrRepository(
    repository: IRepository,
    tagOrDigest: string,
    options: ServerImageOptions = {},
  ): ServerImage {
    return new ImageOf(ecrImage(repository, tagOrDigest, options));
  }

  /**
   * An image that is built from a directory with a Dockerfile when the stack is deployed, and published to Amazon ECR.
   *
   * It is built for the CPU architecture of the compute.
   *
   * @param directory The directory with the Dockerfile.
   * @param options How the image is built.
   */
  public static fromAsset(directory: string, options: AssetImageOptions = {}): ServerImage {
    return new ImageOf(assetImage(directory, options));
  }

  /**
   * The library's own image: the server and what it imports, byte-compiled, without root. It is built when the stack
   * is deployed, for the CPU architecture of the compute, and published to Amazon ECR.
   *
   * @param options How the image is built.
   * @see https://github.com/cdk-mlflow/cdk-mlflow/blob/main/docs/image.md
   */
  public static hardened(options: HardenedImageOptions = {}): ServerImage {
    return new ImageOf(hardenedImage(options));
  }

  /**
   * What the image can do. Read before anything is defined.
   */
  public readonly capabilities: ServerImageCapabilities = { displayName: 'the image' };

  /**
   * Resolve the image. Called once by each construct that uses it.
   *
   * @param scope The scope of the server's process.
   * @param options What the image is resolved with.
   */
  public abstract bind(scope: Construct, options: ServerImageBindOptions): ServerImageConfig;
}

/** An image that a function of another file makes: they cannot extend the class whose factories import them. */
class ImageOf extends ServerImage {
  public readonly capabilities: ServerImageCapabilities;

  public constructor(private readonly source: ImageSource) {
    super();
    this.capabilities = source.capabilities;
  }

  public bind(scope: Construct, options: ServerImageBindOptions): ServerImageConfig {
    return this.source.bind(scope, options);
  }
}
