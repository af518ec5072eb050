import { Duration, Size } from 'aws-cdk-lib';
import { InstanceType, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { CaCertificate, ISubnetGroup, PostgresEngineVersion, RotationSingleUserOptions } from 'aws-cdk-lib/aws-rds';

/**
 * Properties of `BackendStore.rdsPostgres()`.
 */
export interface RdsPostgresBackendStoreProps {
  /**
   * The version of PostgreSQL. Specify a major version, because Amazon RDS retires minor versions over time.
   *
   * The default is the same in every release of this library, so that no update of the library upgrades a database. To
   * upgrade one, set a newer major version together with `allowMajorVersionUpgrade`.
   *
   * @default PostgresEngineVersion.VER_17
   */
  readonly engineVersion?: PostgresEngineVersion;

  /**
   * Whether a newer major version in `engineVersion` upgrades the database. Otherwise, Amazon RDS rejects the update.
   *
   * The upgrade causes downtime and cannot be undone: take a snapshot first. Set this property for the update that upgrades
   * the database, and remove it afterwards.
   *
   * @default false
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.MajorVersion.html
   */
  readonly allowMajorVersionUpgrade?: boolean;

  /**
   * The instance type of the database, such as `t4g.small`.
   *
   * @default - db.t4g.micro in the development profile, db.m7g.large in the production profile
   */
  readonly instanceType?: InstanceType;

  /**
   * The initial storage, from 20 to 65536 GiB. With `snapshotIdentifier`, at least the storage of the snapshot.
   *
   * @default - 20 GiB, or the storage of the snapshot if you set `snapshotIdentifier`
   */
  readonly allocatedStorage?: Size;

  /**
   * The limit for storage autoscaling, at least 10 % more than the initial storage. If you restore the snapshot of a database
   * that has grown to more than 180 GiB, set this property.
   *
   * @default - 200 GiB, or twice the initial storage if that is more
   */
  readonly maxAllocatedStorage?: Size;

  /**
   * The KMS key that encrypts the storage.
   *
   * @default - the AWS managed key for Amazon RDS
   */
  readonly storageEncryptionKey?: IKey;

  /**
   * Whether the database has a standby in a second Availability Zone, to which Amazon RDS fails over.
   *
   * @default - false in the development profile, true in the production profile
   */
  readonly multiAz?: boolean;

  /**
   * How long to keep automatic backups, from 1 to 35 days.
   *
   * @default - 7 days in the development profile, 30 days in the production profile
   */
  readonly backupRetention?: Duration;

  /**
   * The daily time range in UTC in which automatic backups start, such as `02:00-03:00`.
   *
   * @default - chosen by Amazon RDS
   */
  readonly preferredBackupWindow?: string;

  /**
   * The weekly time range in UTC for system maintenance, which can restart the database, such as `sun:03:30-sun:04:30`.
   *
   * @default - chosen by Amazon RDS
   */
  readonly preferredMaintenanceWindow?: string;

  /**
   * Whether to enable Performance Insights for the database.
   *
   * @default - false in the development profile, true in the production profile
   */
  readonly enablePerformanceInsights?: boolean;

  /**
   * The log types to export to CloudWatch Logs: `postgresql`, `upgrade`, or both. Exported logs do not expire.
   *
   * @default - no log exports
   */
  readonly cloudwatchLogsExports?: string[];

  /**
   * Additional parameters of PostgreSQL, such as `{ log_min_duration_statement: '1000' }`. You cannot set `rds.force_ssl`.
   *
   * @default - Amazon RDS defaults
   */
  readonly parameters?: { readonly [name: string]: string };

  /**
   * An existing subnet group for the database.
   *
   * @default - a new group with the isolated subnets of the VPC, or with its private subnets if it has no isolated ones
   */
  readonly subnetGroup?: ISubnetGroup;

  /**
   * The security groups of the database. The construct allows the server to connect through them.
   *
   * @default - a new security group that allows the server only
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * Whether the database has deletion protection.
   *
   * @default - false in the development profile, true in the production profile
   */
  readonly deletionProtection?: boolean;

  /**
   * The snapshot to restore from. Its administrator must be `mlflow`, as in every database of this library.
   *
   * Setting or changing this property on an existing server replaces its database, which leaves a final snapshot. Keep this
   * property: removing it replaces the database with an empty one.
   *
   * @default - an empty database
   */
  readonly snapshotIdentifier?: string;

  /**
   * Rotates the administrator's password with AWS Secrets Manager, every 30 days and when you add this property. A running
   * server picks up the new password without a restart. `{}` selects the defaults of the AWS CDK.
   *
   * The stack creates the rotation function from the AWS Serverless Application Repository, which requires
   * `CAPABILITY_AUTO_EXPAND`. The function runs in `vpcSubnets`, by default the subnets of the server, and must reach AWS
   * Secrets Manager from there: through a NAT gateway or an interface endpoint.
   *
   * @default - no rotation
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_turn-on-for-db.html
   */
  readonly credentialsRotation?: RotationSingleUserOptions;

  /**
   * The certificate authority of the database's server certificate.
   *
   * @default CaCertificate.RDS_CA_RSA2048_G1
   */
  readonly caCertificate?: CaCertificate;

  /**
   * The root certificate that the server verifies the database's certificate with, as PEM text. Required for a certificate
   * authority or a Region whose root certificate the library does not include.
   *
   * @default - the root certificate of `caCertificate` in the Region of the stack
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
   */
  readonly certificateAuthority?: string;
}
