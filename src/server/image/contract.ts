import { InstanceArchitecture } from 'aws-cdk-lib/aws-ec2';
import { IRepository } from 'aws-cdk-lib/aws-ecr';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { MlflowVersion } from '../mlflow-version';

/**
 * The capabilities of a container image, as data. They are validated before anything is defined.
 */
export interface ServerImageCapabilities {
  /**
   * The image's name in error messages, such as `ServerImage.hardened()`.
   */
  readonly displayName: string;

  /**
   * The only release of MLflow that the image contains.
   *
   * @default - the release that the image is bound with
   */
  readonly version?: MlflowVersion;

  /**
   * The only CPU architecture that the image is built for.
   *
   * @default - the CPU architecture of the compute
   */
  readonly cpuArchitecture?: InstanceArchitecture;

  /**
   * Whether the image is pulled over the internet, from a registry that has no VPC endpoint.
   *
   * @default false
   */
  readonly needsInternet?: boolean;

  /**
   * Whether credentials are needed to pull the image from its registry.
   *
   * @default false
   */
  readonly needsCredentials?: boolean;

  /**
   * The Python packages that the image contains in addition to MLflow with its `auth` extra, psycopg2 and boto3, and
   * that an authentication can need.
   *
   * @default - no further packages
   */
  readonly pythonPackages?: string[];
}

/**
 * Options for binding a container image.
 */
export interface ServerImageBindOptions {
  /**
   * The release of MLflow that the image must contain.
   */
  readonly version: MlflowVersion;

  /**
   * The CPU architecture that the image will run on.
   *
   * @default - unknown; an image is built for the architecture of the machine that builds it
   */
  readonly cpuArchitecture?: InstanceArchitecture;
}

/**
 * A bound container image.
 */
export interface ServerImageConfig {
  /**
   * The full name of the image with its tag or digest.
   */
  readonly imageUri: string;

  /**
   * The Amazon ECR repository of the image. The identity that starts the server is granted permissions to pull from it.
   *
   * @default - the image is not in Amazon ECR, or pulling it requires no permissions
   */
  readonly repository?: IRepository;

  /**
   * The tag or digest of the image in the repository. Required with `repository`.
   *
   * @default - no repository
   */
  readonly tagOrDigest?: string;

  /**
   * The secret with the user name and password for the registry, as the JSON fields `username` and `password`.
   *
   * @default - the registry requires no credentials
   */
  readonly credentials?: ISecret;
}

/**
 * The container image that the server runs in: create one with `ServerImage`, or implement this interface for your own.
 *
 * An image must have `python` on its `PATH`, with MLflow, its `auth` extra, `psycopg2` and `boto3` installed.
 */
export interface IServerImage {
  /**
   * The capabilities of the image. They are read before anything is defined.
   */
  readonly capabilities: ServerImageCapabilities;

  /**
   * Binds the image. Called once by each construct that uses it.
   *
   * @param scope The scope of the server's process.
   * @param options Options for binding.
   */
  bind(scope: Construct, options: ServerImageBindOptions): ServerImageConfig;
}
