import { Duration } from 'aws-cdk-lib';
import { IRepository } from 'aws-cdk-lib/aws-ecr';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/**
 * A secret value that the server receives as an environment variable.
 */
export interface ServerSecret {
  /**
   * The secret that contains the value.
   */
  readonly secret: ISecret;

  /**
   * The JSON field of the secret that contains the value.
   *
   * @default - the complete secret value
   */
  readonly field?: string;
}

/**
 * Everything that a compute needs to run the MLflow server, as data. It is the same for every compute.
 *
 * A compute first runs `program` with `migrateArguments` until it succeeds. Then it keeps `program` running with
 * `serveArguments`. Both have the same environment variables and secrets.
 */
export interface ServerDefinition {
  /**
   * The full name of the container image. Always set for a compute that does not install MLflow itself.
   *
   * @default - no image; the compute installs MLflow itself
   */
  readonly imageUri?: string;

  /**
   * The Amazon ECR repository of the image. The identity that pulls the image needs permissions to pull from it.
   *
   * @default - the image is not in Amazon ECR, or pulling it requires no permissions
   */
  readonly imageRepository?: IRepository;

  /**
   * The tag or digest of the image in the repository.
   *
   * @default - no repository
   */
  readonly imageTagOrDigest?: string;

  /**
   * The secret with the user name and password for the registry of the image, as the JSON fields `username` and `password`.
   *
   * @default - the registry requires no credentials
   */
  readonly imageCredentials?: ISecret;

  /**
   * The source code of the Python program that migrates the database and starts the server.
   */
  readonly program: string;

  /**
   * The arguments of the program that upgrade the database to the schema of the installed MLflow release. They can be
   * run repeatedly and in parallel.
   */
  readonly migrateArguments: string[];

  /**
   * The arguments of the program that start the server.
   */
  readonly serveArguments: string[];

  /**
   * Environment variables that are not secret.
   */
  readonly environment: { readonly [name: string]: string };

  /**
   * Environment variables with secret values, by name.
   */
  readonly secrets: { readonly [name: string]: ServerSecret };

  /**
   * The TCP port that the server listens on.
   */
  readonly port: number;

  /**
   * The HTTP path for health checks, which returns 200 without credentials while the server is running.
   */
  readonly healthCheckPath: string;

  /**
   * The time between the signal to stop and the signal to kill. The server finishes open requests in less time.
   */
  readonly stopTimeout: Duration;

  /**
   * The only directory that the server writes files to.
   */
  readonly scratchPath: string;

  /**
   * The numeric ID of the user and the group that the server runs as, which is not root.
   */
  readonly userId: number;
}
