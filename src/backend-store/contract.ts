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
 * What a backend store is bound with.
 */
export interface BackendStoreBindOptions {
  /**
   * The profile that gives the defaults.
   */
  readonly profile: Profile;

  /**
   * The network that the server runs in.
   */
  readonly vpc: IVpc;
}

/**
 * How the server reaches the bound backend store.
 */
export interface BackendStoreConfig {
  /**
   * Environment variables that tell the server where the store is.
   */
  readonly environment: { readonly [name: string]: string };

  /**
   * Environment variables with the store's credentials, by name.
   *
   * @default - none
   */
  readonly secrets?: { readonly [name: string]: ServerSecret };

  /**
   * The secret whose JSON field `password` the server reads again, while it runs, once the database refuses the password
   * that it started with. The server is granted that.
   *
   * @default - the password does not change
   */
  readonly rotatedSecret?: ISecret;

  /**
   * The store's network connections, with its port as the default port. The server is allowed to reach them.
   *
   * @default - nothing needs to be allowed
   */
  readonly connections?: Connections;

  /**
   * The resources that must exist before the server starts.
   *
   * @default - none
   */
  readonly dependencies?: CfnResource[];

  /**
   * The number of connections that the store accepts at the same time.
   *
   * @default - unknown; not compared with the number that the servers open
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
 * Where runs, models, users and permissions are kept.
 *
 * Choose one with `BackendStore`, or implement this interface for a store of your own.
 */
export interface IBackendStore {
  /**
   * What the store requires. Read before anything is defined.
   *
   * @default - the store requires nothing
   */
  readonly capabilities?: BackendStoreCapabilities;

  /**
   * Define the store. Called once, by the construct.
   *
   * @param scope The scope that belongs to the store alone.
   * @param options What the store is bound with.
   */
  bind(scope: Construct, options: BackendStoreBindOptions): BackendStoreConfig;
}
