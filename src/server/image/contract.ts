import { InstanceArchitecture } from 'aws-cdk-lib/aws-ec2';
import { IRepository } from 'aws-cdk-lib/aws-ecr';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { MlflowVersion } from '../mlflow-version';

/**
 * What an image can do, as data. It is judged before anything is defined.
 */
export interface ServerImageCapabilities {
  /**
   * The image's name in error messages, such as `ServerImage.hardened()`.
   */
  readonly displayName: string;

  /**
   * The only release of MLflow that the image carries.
   *
   * @default - whichever it is bound with
   */
  readonly version?: MlflowVersion;

  /**
   * The only CPU architecture that the image is built for.
   *
   * @default - the compute's
   */
  readonly cpuArchitecture?: InstanceArchitecture;

  /**
   * Whether the image is pulled over the internet, from a registry that no VPC endpoint leads to.
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
   * The Python packages that the image contains in addition to MLflow with its `auth` extra, psycopg2 and boto3, as far as
   * an authentication may need them.
   *
   * @default - no further packages
   */
  readonly pythonPackages?: string[];
}

/**
 * What an image is resolved with.
 */
export interface ServerImageBindOptions {
  /**
   * The release of MLflow that the image should carry.
   */
  readonly version: MlflowVersion;

  /**
   * The CPU architecture that the image will run on.
   *
   * @default - the compute does not say; an image is built for the machine that builds it
   */
  readonly cpuArchitecture?: InstanceArchitecture;
}

/**
 * A resolved container image.
 */
export interface ServerImageConfig {
  /**
   * The image's full name with its tag or digest.
   */
  readonly imageUri: string;

  /**
   * The repository in Amazon ECR that holds the image. Whoever starts the server is granted the right to pull from it.
   *
   * @default - the image is in no repository that rights are needed for
   */
  readonly repository?: IRepository;

  /**
   * The image's tag or digest in the repository. Required with `repository`.
   *
   * @default - none, without a repository
   */
  readonly tagOrDigest?: string;

  /**
   * The secret with the user name and password for the registry, as the JSON fields `username` and `password`.
   *
   * @default - the registry asks for none
   */
  readonly credentials?: ISecret;
}
