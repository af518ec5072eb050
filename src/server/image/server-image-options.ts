import { DockerCacheOption, DockerImageAssetOptions, NetworkMode, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/**
 * Options for an image that is built elsewhere, or from your own Dockerfile.
 */
export interface ServerImageOptions {
  /**
   * The Python packages that the image contains in addition to MLflow with its `auth` extra, psycopg2 and boto3, such as
   * a single sign-on plugin. If an authentication needs a package, name it here.
   *
   * @default - no further packages
   */
  readonly pythonPackages?: string[];
}

/**
 * Options for pulling an image from a registry.
 */
export interface RegistryImageOptions extends ServerImageOptions {
  /**
   * The secret with the user name and password for the registry, as the JSON fields `username` and `password`.
   *
   * @default - the registry requires no credentials
   */
  readonly credentials?: ISecret;
}

/**
 * Options for building an image from a directory: the options of `DockerImageAsset`.
 *
 * If `platform` is not set, it follows the CPU architecture of the compute.
 */
export interface AssetImageOptions extends DockerImageAssetOptions, ServerImageOptions {}

/**
 * Options for building the built-in hardened image.
 */
export interface HardenedImageOptions {
  /**
   * The base image, with its tag or digest: a slim image of Python 3.11 or newer on Debian, or a copy of one in your own
   * registry. With a digest, each build starts from the same bytes. With a tag, it receives security updates.
   *
   * @default docker.io/library/python:3.11-slim-bookworm
   */
  readonly baseImage?: string;

  /**
   * The platform to build for.
   *
   * @default - the CPU architecture of the compute
   */
  readonly platform?: Platform;

  /**
   * Files that are available during the build and are not part of the image: `pip` is the configuration of pip, for a
   * private package index. `ca` contains the certificate authorities, which the configuration can reference as
   * `cert = /run/secrets/ca`.
   *
   * @default - packages come from PyPI
   */
  readonly buildSecrets?: { readonly [name: string]: string };

  /**
   * The network mode of the build.
   *
   * @default - Docker's default
   */
  readonly networkMode?: NetworkMode;

  /**
   * The caches to read layers of earlier builds from.
   *
   * @default - Docker's local cache
   */
  readonly cacheFrom?: DockerCacheOption[];

  /**
   * The cache to write the layers of the build to.
   *
   * @default - Docker's local cache
   */
  readonly cacheTo?: DockerCacheOption;

  /**
   * The name of the asset. Required by synthesizers that stage assets in repositories of the app, which are named after it.
   *
   * @default - no name
   */
  readonly assetName?: string;
}
