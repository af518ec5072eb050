import { Duration, Size } from 'aws-cdk-lib';
import { InstanceType, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { CaCertificate, ISubnetGroup, PostgresEngineVersion, RotationSingleUserOptions } from 'aws-cdk-lib/aws-rds';

/**
 * Settings of a backend store in PostgreSQL on Amazon RDS.
 */
export interface RdsPostgresBackendStoreProps {
  /**
   * The version of PostgreSQL. Choose a major version: minor versions are withdrawn over time.
   *
   * The default is the same in every release of this library, so that no update of the library upgrades a database. To
   * upgrade one, set a newer major version together with `allowMajorVersionUpgrade`.
   *
   * @default PostgresEngineVersion.VER_17
   */
  readonly engineVersion?: PostgresEngineVersion;

  /**
   * Whether a newer major version in `engineVersion` upgrades the database. Amazon RDS refuses the update otherwise.
   *
   * The database is down during the upgrade, which cannot be undone: take a snapshot first. Set this for the update that
   * upgrades, and remove it afterwards.
   *
   * @default false
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.MajorVersion.html
   */
  readonly allowMajorVersionUpgrade?: boolean;

  /**
   * The size of the database instance.
   *
   * @default - db.t4g.micro in the development profile, db.m7g.large in the production profile
   */
  readonly instanceType?: InstanceType;

  /**
   * The storage to begin with, in whole GiB from 20 to 65536. With `snapshotIdentifier`, at least that of the snapshot.
   *
   * @default - 20 GiB, or with `snapshotIdentifier` the storage of the snapshot
   */
  readonly allocatedStorage?: Size;

  /**
   * The size up to which the storage grows by itself, in whole GiB, at least a tenth more than it begins with. Set it with the
   * snapshot of a database that has grown to more than 180 GiB.
   *
   * @default - 200 GiB, or twice the storage to begin with where that is more
   */
  readonly maxAllocatedStorage?: Size;

  /**
   * The key that encrypts the storage.
   *
   * @default - the account's own key for RDS
   */
  readonly encryptionKey?: IKey;

  /**
   * Whether a standby in a second availability zone takes over when the database fails.
   *
   * @default - false in the development profile, true in the production profile
   */
  readonly multiAz?: boolean;

  /**
   * For how long automatic backups are kept, from 1 to 35 whole days.
   *
   * @default - 7 days in the development profile, 30 days in the production profile
   */
  readonly backupRetention?: Duration;

  /**
   * When the daily backup begins and must have begun, in UTC, such as `02:00-03:00`.
   *
   * @default - chosen by RDS
   */
  readonly backupWindow?: string;

  /**
   * When RDS may restart the database for maintenance, in UTC, such as `sun:03:30-sun:04:30`.
   *
   * @default - chosen by RDS
   */
  readonly maintenanceWindow?: string;

  /**
   * Whether Performance Insights records what the database spends its time on.
   *
   * @default - false in the development profile, true in the production profile
   */
  readonly performanceInsights?: boolean;

  /**
   * The logs that RDS sends to CloudWatch Logs: `postgresql`, `upgrade`, or both. RDS keeps them until they are deleted.
   *
   * @default - none
   */
  readonly logExports?: string[];

  /**
   * More parameters of PostgreSQL, such as `{ log_min_duration_statement: '1000' }`.
   *
   * `rds.force_ssl` cannot be turned off.
   *
   * @default - RDS's own values
   */
  readonly parameters?: { readonly [name: string]: string };

  /**
   * The subnets of the database, as a group that exists already.
   *
   * @default - the VPC's isolated subnets, or its private ones where it has no isolated ones
   */
  readonly subnetGroup?: ISubnetGroup;

  /**
   * The database's security groups. The server is let in through them.
   *
   * @default - a new one, which lets in the server alone
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * Whether the database refuses to be deleted.
   *
   * @default - false in the development profile, true in the production profile
   */
  readonly deletionProtection?: boolean;

  /**
   * The snapshot to begin with. It must come from a database whose administrator is `mlflow`, as of this library.
   *
   * Setting or changing it on a database that exists replaces that database, which leaves a snapshot. Keep it set: removing it
   * replaces the database by an empty one.
   *
   * @default - an empty database
   */
  readonly snapshotIdentifier?: string;

  /**
   * Have AWS Secrets Manager change the administrator's password, every 30 days and once when this is set. A running
   * server takes the new password by itself: it is not restarted. `{}` takes the AWS CDK's defaults.
   *
   * A function of AWS does it, which the stack gets from the AWS Serverless Application Repository
   * (`CAPABILITY_AUTO_EXPAND`). It runs in `vpcSubnets`, by default those of the server, and must reach AWS Secrets
   * Manager from there: through a NAT gateway or an interface endpoint.
   *
   * @default - the password stays
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_turn-on-for-db.html
   */
  readonly credentialsRotation?: RotationSingleUserOptions;

  /**
   * The certificate authority that signs the database's certificate.
   *
   * @default CaCertificate.RDS_CA_RSA2048_G1
   */
  readonly caCertificate?: CaCertificate;

  /**
   * The root certificate that the server verifies the database's certificate with, as PEM.
   *
   * Needed only for a certificate authority or in regions that the library does not carry; the error there says so.
   *
   * @default - the one that the library carries for the region and `caCertificate`
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
   */
  readonly certificateAuthority?: string;
}
