import { Duration } from 'aws-cdk-lib';
import { IRepository } from 'aws-cdk-lib/aws-ecr';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/**
 * A secret value that the server receives as an environment variable.
 */
export interface ServerSecret {
  /**
   * The secret that holds the value.
   */
  readonly secret: ISecret;

  /**
   * The JSON field of the secret that holds the value.
   *
   * @default - the whole secret is the value
   */
  readonly field?: string;
}

/**
 * Everything that a compute needs to run the MLflow server: plain data, the same for every compute.
 *
 * A compute first runs `program` with `migrateArguments` until it succeeds, then `program` with `serveArguments` for as
 * long as the server should live. Both get the same environment and secrets.
 */
export interface ServerDefinition {
  /**
   * The container image's full name. Always set for a compute that does not install MLflow itself.
   *
   * @default - none was chosen; the compute installs MLflow itself
   */
  readonly imageUri?: string;

  /**
   * The repository in Amazon ECR that holds the image. The identity that pulls it needs the repository's pull rights.
   *
   * @default - the image is in no repository that rights are needed for
   */
  readonly imageRepository?: IRepository;

  /**
   * The image's tag or digest in the repository.
   *
   * @default - none, without a repository
   */
  readonly imageTagOrDigest?: string;

  /**
   * The secret with the user name and password for the image's registry, as the JSON fields `username` and `password`.
   *
   * @default - the registry asks for none
   */
  readonly imageCredentials?: ISecret;

  /**
   * The text of the Python program that migrates the database and starts the server.
   */
  readonly program: string;

  /**
   * The program's arguments to bring the database to the image's schema. Safe to repeat and to run in parallel.
   */
  readonly migrateArguments: string[];

  /**
   * The program's arguments to become the server.
   */
  readonly serveArguments: string[];

  /**
   * Environment variables. None is secret.
   */
  readonly environment: { readonly [name: string]: string };

  /**
   * Environment variables whose values are secret, by name.
   */
  readonly secrets: { readonly [name: string]: ServerSecret };

  /**
   * The TCP port that the server listens on.
   */
  readonly port: number;

  /**
   * The HTTP path that answers 200 while the server is up, without credentials.
   */
  readonly healthCheckPath: string;

  /**
   * The time between the signal to stop and the kill. The server uses less than this to finish open requests.
   */
  readonly stopTimeout: Duration;

  /**
   * The only directory that the server writes to.
   */
  readonly scratchPath: string;

  /**
   * The numeric id of the user and the group that the server runs as. Not root.
   */
  readonly userId: number;
}
