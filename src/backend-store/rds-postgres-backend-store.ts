import { CfnResource, Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import {
  CaCertificate,
  CfnDBInstance,
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  DatabaseInstanceFromSnapshot,
  DatabaseInstanceSourceProps,
  DatabaseSecret,
  IDatabaseInstance,
  ParameterGroup,
  PostgresEngineVersion,
  SnapshotCredentials,
  StorageType,
  SubnetGroup,
} from 'aws-cdk-lib/aws-rds';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { BackendStoreBindOptions, BackendStoreCapabilities, BackendStoreConfig, IBackendStore } from './contract';
import { postgresConnection } from './postgres-connection';
import { checkCertificateAuthority, rdsCertificateAuthority } from './rds-certificate-authority';
import { postgresMaxConnections } from './rds-max-connections';
import { RdsPostgresBackendStoreProps } from './rds-postgres-backend-store-props';
import { checkRotation, rotateCredentials } from './rotate-credentials';
import { validateRdsPostgresProps } from './validate-rds-postgres-props';
import { databaseSubnets } from '../network/subnets';
import { Binding } from '../private/binding';
import { Problems } from '../private/problems';
import { DeploymentContext } from '../server';
import { profileDefaults } from '../server/profile-defaults';

const DATABASE_NAME = 'mlflow_tracking';
const ADMINISTRATOR = 'mlflow';
const ALLOCATED_GIB = 20;
const MAX_ALLOCATED_GIB = 200;

/** The database is new, or restored from a snapshot. */
type PostgresInstance = DatabaseInstance | DatabaseInstanceFromSnapshot;

/**
 * A PostgreSQL database instance on Amazon RDS: private, encrypted, and reachable with verified TLS only.
 *
 * When you delete the stack, a final snapshot is retained.
 */
export class RdsPostgresBackendStore implements IBackendStore {
  public readonly capabilities?: BackendStoreCapabilities;

  private readonly binding = new Binding<{ instance: IDatabaseInstance; credentials: ISecret }>(
    'BackendStore.rdsPostgres()',
  );

  /**
   * @throws if a value is not valid for Amazon RDS
   */
  public constructor(private readonly props: RdsPostgresBackendStoreProps = {}) {
    validateRdsPostgresProps(props);
    this.capabilities = {
      displayName: 'BackendStore.rdsPostgres()',
      needsTwoAvailabilityZones: props.subnetGroup === undefined,
      validation: { validate: (context) => this.problemsIn(context) },
    };
  }

  /**
   * The database instance.
   *
   * @throws if the store is not part of an MlflowTrackingServer yet
   */
  public get instance(): IDatabaseInstance {
    return this.binding.read('instance');
  }

  /**
   * The secret with the fields `username`, `password`, `host` and `port` of the database's administrator.
   *
   * @throws if the store is not part of an MlflowTrackingServer yet
   */
  public get credentials(): ISecret {
    return this.binding.read('credentials');
  }

  public bind(scope: Construct, options: BackendStoreBindOptions): BackendStoreConfig {
    this.binding.claim();
    const certificateAuthority =
      this.props.certificateAuthority ?? rdsCertificateAuthority(scope, this.caCertificate());
    const instance = this.defineInstance(scope, options);
    // The L2 always has a secret if credentials are specified.
    const credentials = instance.secret!;
    this.binding.set({ instance, credentials });
    if (this.props.credentialsRotation) rotateCredentials(instance, this.props.credentialsRotation, options.vpc);
    return {
      environment: postgresConnection({
        host: instance.instanceEndpoint.hostname,
        port: instance.dbInstanceEndpointPort,
        database: DATABASE_NAME,
        certificateAuthority,
      }),
      secrets: {
        PGUSER: { secret: credentials, field: 'username' },
        PGPASSWORD: { secret: credentials, field: 'password' },
      },
      rotatedSecret: this.props.credentialsRotation ? credentials : undefined,
      connections: instance.connections,
      // The L1: the L2 also contains the rule that allows the server, which refers to the server's security group.
      dependencies: [instance.node.defaultChild as CfnResource],
      maxConnections: postgresMaxConnections(this.instanceType(options)),
      databaseInstance: instance,
      databaseCredentials: credentials,
      metrics: {
        cpuUtilization: instance.metricCPUUtilization(),
        freeStorageSpace: instance.metricFreeStorageSpace(),
        databaseConnections: instance.metricDatabaseConnections(),
      },
    };
  }

  private problemsIn(context: DeploymentContext): string[] {
    const { certificateAuthority, credentialsRotation } = this.props;
    return Problems.in((problems) => {
      if (certificateAuthority === undefined) {
        checkCertificateAuthority(problems, this.caCertificate(), context.region);
      }
      if (credentialsRotation) checkRotation(problems, credentialsRotation, context);
    });
  }

  private defineInstance(scope: Construct, options: BackendStoreBindOptions): PostgresInstance {
    const { storageEncryptionKey, snapshotIdentifier } = this.props;
    const settings = this.instanceSettings(scope, options);
    const secret = new DatabaseSecret(scope, 'Credentials', { username: ADMINISTRATOR });
    if (snapshotIdentifier !== undefined) {
      const credentials = SnapshotCredentials.fromSecret(secret);
      const instance = new DatabaseInstanceFromSnapshot(scope, 'Instance', {
        ...settings,
        snapshotIdentifier,
        credentials,
      });
      if (!this.props.allocatedStorage) keepStorageOfSnapshot(instance);
      return instance;
    }
    return new DatabaseInstance(scope, 'Instance', {
      ...settings,
      databaseName: DATABASE_NAME,
      credentials: Credentials.fromSecret(secret),
      storageEncrypted: true,
      storageEncryptionKey,
    });
  }

  private instanceSettings(scope: Construct, options: BackendStoreBindOptions): DatabaseInstanceSourceProps {
    const { props } = this;
    const defaults = profileDefaults(options.profile);
    const engine = DatabaseInstanceEngine.postgres({ version: props.engineVersion ?? PostgresEngineVersion.VER_17 });
    const allocated = props.allocatedStorage ?? Size.gibibytes(ALLOCATED_GIB);
    return {
      engine,
      allowMajorVersionUpgrade: props.allowMajorVersionUpgrade,
      instanceType: this.instanceType(options),
      parameterGroup: new ParameterGroup(scope, 'Parameters', {
        description: 'MLflow: connections without TLS are refused',
        engine,
        parameters: { ...props.parameters, 'rds.force_ssl': '1' },
      }),
      vpc: options.vpc,
      subnetGroup: props.subnetGroup ?? defineSubnetGroup(scope, options),
      securityGroups: props.securityGroups,
      publiclyAccessible: false,
      caCertificate: this.caCertificate(),
      multiAz: props.multiAz ?? defaults.databaseStandby,
      storageType: StorageType.GP3,
      allocatedStorage: allocated.toGibibytes(),
      maxAllocatedStorage:
        props.maxAllocatedStorage?.toGibibytes() ?? Math.max(MAX_ALLOCATED_GIB, 2 * allocated.toGibibytes()),
      backupRetention: props.backupRetention ?? Duration.days(defaults.databaseBackupDays),
      preferredBackupWindow: props.preferredBackupWindow,
      preferredMaintenanceWindow: props.preferredMaintenanceWindow,
      enablePerformanceInsights: props.enablePerformanceInsights ?? defaults.performanceInsights,
      cloudwatchLogsExports: props.cloudwatchLogsExports,
      deletionProtection: props.deletionProtection ?? defaults.deletionProtection,
      removalPolicy: RemovalPolicy.SNAPSHOT,
    };
  }

  private instanceType(options: BackendStoreBindOptions): InstanceType {
    return this.props.instanceType ?? new InstanceType(profileDefaults(options.profile).databaseInstance);
  }

  private caCertificate(): CaCertificate {
    return this.props.caCertificate ?? CaCertificate.RDS_CA_RSA2048_G1;
  }
}

/** The L2's default is 100 GiB. RDS rejects less storage than the snapshot has, and that may have grown. */
function keepStorageOfSnapshot(instance: DatabaseInstanceFromSnapshot): void {
  (instance.node.defaultChild as CfnDBInstance).allocatedStorage = undefined;
}

function defineSubnetGroup(scope: Construct, { vpc }: BackendStoreBindOptions): SubnetGroup {
  return new SubnetGroup(scope, 'Subnets', {
    description: 'The private subnets of the MLflow database',
    vpc,
    vpcSubnets: databaseSubnets(vpc),
  });
}
