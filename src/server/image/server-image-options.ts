import { DockerCacheOption, DockerImageAssetOptions, NetworkMode, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/**
 * Options for an image that is built elsewhere, or from your own Dockerfile.
 */
export interface ServerImageOptions {
  /**
   * The Python packages that the image contains in addition to MLflow with its `auth` extra, psycopg2 and boto3, such as
   * that of a single sign-on plugin. An authentication that needs a package requires that it is named here.
   *
   * @default - no further packages
   */
  readonly pythonPackages?: string[];
}

/**
 * How an image of a registry is pulled.
 */
export interface RegistryImageOptions extends ServerImageOptions {
  /**
   * The secret with the user name and password for the registry, as the JSON fields `username` and `password`.
   *
   * @default - the registry asks for none
   */
  readonly credentials?: ISecret;
}

/**
 * How an image is built from a directory: the options of the AWS CDK's own image assets.
 *
 * `platform` follows the compute unless it is set.
 */
export interface AssetImageOptions extends DockerImageAssetOptions, ServerImageOptions {}

/**
 * How the library's own image is built.
 */
export interface HardenedImageOptions {
  /**
   * The image to build on, with its tag or digest: a slim image of Python 3.11 or newer on Debian, or a copy of one in a
   * registry of yours. A digest makes each build start from the same bytes; a tag brings security updates.
   *
   * @default docker.io/library/python:3.11-slim-bookworm
   */
  readonly baseImage?: string;

  /**
   * The platform to build for.
   *
   * @default - the compute's CPU architecture
   */
  readonly platform?: Platform;

  /**
   * Files for the build that do not become part of the image: `pip` is pip's configuration, for a package index of your
   * own, and `ca` the certificate authorities that it may name as `cert = /run/secrets/ca`.
   *
   * @default - packages come from PyPI
   */
  readonly buildSecrets?: { readonly [name: string]: string };

  /**
   * The network of the build's commands.
   *
   * @default - Docker's own
   */
  readonly networkMode?: NetworkMode;

  /**
   * Where layers of earlier builds are read from.
   *
   * @default - Docker's own cache
   */
  readonly cacheFrom?: DockerCacheOption[];

  /**
   * Where the build's layers are written to, for later builds.
   *
   * @default - Docker's own cache
   */
  readonly cacheTo?: DockerCacheOption;

  /**
   * A name for the asset. Required where assets are staged in the app's own repositories, which are named after it.
   *
   * @default - none
   */
  readonly assetName?: string;
}
