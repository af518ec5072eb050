import { CfnResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import {
  CaCertificate,
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  DatabaseSecret,
  IInstanceEngine,
  ParameterGroup,
  PostgresEngineVersion,
  StorageType,
  SubnetGroup,
} from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { BackendStoreBindOptions, BackendStoreConfig, IBackendStore } from './contract';
import { Bound } from '../private/bound';
import { databaseSubnets } from '../private/network';
import { profileDefaults } from '../private/profile-defaults';
import { rdsCertificateAuthority } from '../private/rds-certificate-authority';
import { postgresMaxConnections } from '../private/rds-max-connections';

/**
 * Settings of a backend store in PostgreSQL on Amazon RDS.
 */
export interface RdsPostgresBackendStoreProps {
  /**
   * The version of PostgreSQL. Choose a major version: minor versions are withdrawn over time.
   *
   * @default PostgresEngineVersion.VER_17
   */
  readonly engineVersion?: PostgresEngineVersion;

  /**
   * The size of the database instance.
   *
   * @default - db.t4g.micro in the development profile, db.m7g.large in the production profile
   */
  readonly instanceType?: InstanceType;

  /**
   * Whether a standby in a second availability zone takes over when the database fails.
   *
   * @default - false in the development profile, true in the production profile
   */
  readonly multiAz?: boolean;

  /**
   * For how long automatic backups are kept, in whole days.
   *
   * @default - 7 days in the development profile, 30 days in the production profile
   */
  readonly backupRetention?: Duration;

  /**
   * Whether the database refuses to be deleted.
   *
   * @default - false in the development profile, true in the production profile
   */
  readonly deletionProtection?: boolean;

  /**
   * The root certificate that the server verifies the database's certificate with, as PEM.
   *
   * Needed only in regions whose certificate the library does not carry yet; the error there says so.
   *
   * @default - the one that the library carries for the region
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
   */
  readonly certificateAuthority?: string;
}

const DATABASE_NAME = 'mlflow_tracking';

/** The family of the certificate authority: RDS's own default. */
const CERTIFICATE_FAMILY = 'rsa2048-g1';

/**
 * Metadata in a PostgreSQL database instance on Amazon RDS: private, encrypted, with verified TLS only.
 *
 * When the stack is deleted, a last snapshot stays.
 */
export class RdsPostgresBackendStore implements IBackendStore {
  private readonly bound = new Bound<{ instance: DatabaseInstance }>('BackendStore.rdsPostgres()');

  public constructor(private readonly props: RdsPostgresBackendStoreProps = {}) {}

  /**
   * The database instance.
   *
   * @throws If the store is not bound yet.
   */
  public get instance(): DatabaseInstance {
    return this.bound.read('instance');
  }

  public bind(scope: Construct, options: BackendStoreBindOptions): BackendStoreConfig {
    this.bound.claim();
    const certificateAuthority = this.props.certificateAuthority ?? rdsCertificateAuthority(scope, CERTIFICATE_FAMILY);
    const instance = this.defineInstance(scope, options);
    this.bound.set({ instance });
    return {
      environment: {
        // The rest of the address is libpq's own variables, which need no encoding.
        MLFLOW_BACKEND_STORE_URI: 'postgresql+psycopg2://',
        PGHOST: instance.instanceEndpoint.hostname,
        PGPORT: instance.dbInstanceEndpointPort,
        PGDATABASE: DATABASE_NAME,
        PGSSLMODE: 'verify-full',
        PGCONNECT_TIMEOUT: '10',
        CDK_MLFLOW_DATABASE_CA: certificateAuthority,
      },
      secrets: {
        PGUSER: { secret: instance.secret!, field: 'username' },
        PGPASSWORD: { secret: instance.secret!, field: 'password' },
      },
      connections: instance.connections,
      // The L1: the L2 also holds the rule that lets the server in, and that rule waits for the server's group.
      dependencies: [instance.node.defaultChild as CfnResource],
      maxConnections: postgresMaxConnections(this.instanceType(options)),
    };
  }

  private defineInstance(scope: Construct, options: BackendStoreBindOptions): DatabaseInstance {
    const { props } = this;
    const defaults = profileDefaults(options.profile);
    const engine = DatabaseInstanceEngine.postgres({ version: props.engineVersion ?? PostgresEngineVersion.VER_17 });
    return new DatabaseInstance(scope, 'Instance', {
      engine,
      instanceType: this.instanceType(options),
      databaseName: DATABASE_NAME,
      credentials: Credentials.fromSecret(new DatabaseSecret(scope, 'Credentials', { username: 'mlflow' })),
      parameterGroup: defineParameters(scope, engine),
      vpc: options.vpc,
      subnetGroup: new SubnetGroup(scope, 'Subnets', {
        description: 'The private subnets of the MLflow database',
        vpc: options.vpc,
        vpcSubnets: databaseSubnets(options.vpc),
      }),
      publiclyAccessible: false,
      caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
      multiAz: props.multiAz ?? defaults.databaseStandby,
      storageType: StorageType.GP3,
      storageEncrypted: true,
      allocatedStorage: 20,
      maxAllocatedStorage: 200,
      backupRetention: props.backupRetention ?? Duration.days(defaults.databaseBackupDays),
      deletionProtection: props.deletionProtection ?? defaults.deletionProtection,
      removalPolicy: RemovalPolicy.SNAPSHOT,
    });
  }

  private instanceType(options: BackendStoreBindOptions): InstanceType {
    return this.props.instanceType ?? new InstanceType(profileDefaults(options.profile).databaseInstance);
  }
}

function defineParameters(scope: Construct, engine: IInstanceEngine): ParameterGroup {
  return new ParameterGroup(scope, 'Parameters', {
    description: 'MLflow: connections without TLS are refused',
    engine,
    parameters: { 'rds.force_ssl': '1' },
  });
}
