import { CfnResource } from 'aws-cdk-lib';
import { Connections, IVpc } from 'aws-cdk-lib/aws-ec2';
import { IDatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { BackendStoreCapabilities } from './capabilities';
import { BackendStoreMetrics } from './metrics';
import { Profile, ServerSecret } from '../server';

export * from './capabilities';
export * from './metrics';

/**
 * Options for binding a backend store.
 */
export interface BackendStoreBindOptions {
  /**
   * The profile of the deployment.
   */
  readonly profile: Profile;

  /**
   * The VPC of the server.
   */
  readonly vpc: IVpc;
}

/**
 * A bound backend store.
 */
export interface BackendStoreConfig {
  /**
   * Environment variables with which the server connects to the store.
   */
  readonly environment: { readonly [name: string]: string };

  /**
   * Environment variables with the credentials of the store, by name.
   *
   * @default - the store requires no credentials
   */
  readonly secrets?: { readonly [name: string]: ServerSecret };

  /**
   * The secret with a rotated password, in the JSON field `password`. A running server reads it again when the database
   * rejects the password that the server started with. The server is granted permissions to read it.
   *
   * @default - the password is not rotated
   */
  readonly rotatedSecret?: ISecret;

  /**
   * The network connections of the store, with its port as the default port. The server is allowed to connect to them.
   *
   * @default - no security group rules are needed
   */
  readonly connections?: Connections;

  /**
   * The resources that must exist before the server starts.
   *
   * @default - no resources
   */
  readonly dependencies?: CfnResource[];

  /**
   * The maximum number of connections that the store accepts. If the servers can open more, a warning is added.
   *
   * @default - unknown
   */
  readonly maxConnections?: number;

  /**
   * The Amazon RDS database instance of the store: `databaseInstance` of the construct.
   *
   * @default - the store is not a database instance
   */
  readonly databaseInstance?: IDatabaseInstance;

  /**
   * The secret with the credentials of the database's administrator: `databaseCredentials` of the construct.
   *
   * @default - the store has no such secret
   */
  readonly databaseCredentials?: ISecret;

  /**
   * Metrics of the store.
   *
   * @default - no metrics
   */
  readonly metrics?: BackendStoreMetrics;
}

/**
 * Where MLflow stores runs, models, users and permissions: create one with `BackendStore`, or implement this interface for
 * your own.
 */
export interface IBackendStore {
  /**
   * The requirements of the store. They are read before anything is defined.
   *
   * @default - no requirements
   */
  readonly capabilities?: BackendStoreCapabilities;

  /**
   * Binds the store. Called once by the construct.
   *
   * @param scope The scope of the store.
   * @param options Options for binding.
   */
  bind(scope: Construct, options: BackendStoreBindOptions): BackendStoreConfig;
}
