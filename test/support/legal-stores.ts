import { Duration, Size, Stack } from 'aws-cdk-lib';
import { InstanceType, IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CaCertificate, PostgresEngineVersion, SubnetGroup } from 'aws-cdk-lib/aws-rds';
import { Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import { maybe, PATH_PART } from './legal-server';
import { ArtifactAccess, ArtifactStore, BackendStore, IArtifactStore, RdsPostgresBackendStore } from '../../src';

/** What the other parts allow the stores to be. */
export interface StoreFacts {
  readonly vpc?: IVpc;
  /** Whether something leads from the VPC to AWS Secrets Manager. */
  readonly mayRotate: boolean;
}

const days = (min: number, max: number) => maybe(fc.integer({ min, max }).map((value) => Duration.days(value)));

/** Any legal artifact store. */
export const ARTIFACT_STORE: fc.Arbitrary<(stack: Stack) => IArtifactStore> = fc
  .record({
    bucket: maybe(fc.constantFrom(BucketEncryption.S3_MANAGED, BucketEncryption.KMS)),
    bucketOwner: maybe(fc.constant('222222222222')),
    prefix: maybe(PATH_PART),
    access: maybe(fc.constantFrom(...Object.values(ArtifactAccess))),
    hasKey: fc.boolean(),
    versioned: maybe(fc.boolean()),
    noncurrentVersionExpiration: days(1, 400),
    intelligentTiering: maybe(fc.boolean()),
    hasLogs: fc.boolean(),
    hasRules: fc.boolean(),
  })
  .map(({ bucket: encryption, bucketOwner, prefix, access, hasKey, hasLogs, hasRules, ...own }) => (stack) => {
    const encryptionKey = hasKey ? new Key(stack, 'ArtifactKey') : undefined;
    const common = { prefix, access, encryptionKey };
    if (encryption) {
      const bucket = new Bucket(stack, 'GivenBucket', { encryption, enforceSSL: true });
      return ArtifactStore.fromBucket(bucket, { ...common, bucketOwner });
    }
    const { versioned } = own;
    return ArtifactStore.s3({
      ...common,
      ...own,
      noncurrentVersionExpiration: versioned === false ? undefined : own.noncurrentVersionExpiration,
      serverAccessLogsBucket: hasLogs
        ? new Bucket(stack, 'ArtifactLogs', { objectOwnership: ObjectOwnership.OBJECT_WRITER })
        : undefined,
      lifecycleRules: hasRules ? [{ id: 'Old', prefix: 'old/', expiration: Duration.days(30) }] : undefined,
    });
  });

/** Any legal backend store. */
export const BACKEND_STORE: fc.Arbitrary<(stack: Stack, facts: StoreFacts) => RdsPostgresBackendStore> = fc
  .record({
    engineVersion: maybe(fc.constantFrom(PostgresEngineVersion.VER_16, PostgresEngineVersion.VER_18)),
    instance: maybe(fc.constantFrom('t4g.small', 'm7g.large', 'r7g.xlarge', 'x2g.large')),
    gibibytes: maybe(fc.integer({ min: 20, max: 50_000 })),
    hasKey: fc.boolean(),
    allowMajorVersionUpgrade: maybe(fc.boolean()),
    snapshotIdentifier: maybe(fc.constant('last-friday')),
    multiAz: maybe(fc.boolean()),
    backupRetention: days(1, 35),
    preferredBackupWindow: maybe(fc.constant('02:00-03:00')),
    preferredMaintenanceWindow: maybe(fc.constant('sun:03:30-sun:04:30')),
    enablePerformanceInsights: maybe(fc.boolean()),
    cloudwatchLogsExports: maybe(fc.constantFrom<string[]>(['postgresql'], ['upgrade', 'postgresql'])),
    parameters: maybe(fc.constant({ log_min_duration_statement: '1000' })),
    deletionProtection: maybe(fc.boolean()),
    caCertificate: maybe(fc.constantFrom(CaCertificate.RDS_CA_RSA4096_G1, CaCertificate.RDS_CA_ECC384_G1)),
    rotationHours: maybe(fc.integer({ min: 4, max: 24_000 })),
    hasSubnetGroup: fc.boolean(),
    hasGroups: fc.boolean(),
  })
  .map(({ instance, gibibytes, hasKey, rotationHours, hasSubnetGroup, hasGroups, ...props }) => (stack, facts) => {
    const { vpc, mayRotate } = facts;
    return BackendStore.rdsPostgres({
      ...props,
      instanceType: instance ? new InstanceType(instance) : undefined,
      allocatedStorage: gibibytes === undefined ? undefined : Size.gibibytes(gibibytes),
      maxAllocatedStorage: gibibytes === undefined ? undefined : Size.gibibytes(Math.ceil(gibibytes * 1.2)),
      storageEncryptionKey: hasKey && !props.snapshotIdentifier ? new Key(stack, 'DatabaseKey') : undefined,
      credentialsRotation:
        mayRotate && rotationHours !== undefined ? { automaticallyAfter: Duration.hours(rotationHours) } : undefined,
      subnetGroup: hasSubnetGroup ? SubnetGroup.fromSubnetGroupName(stack, 'SubnetGroup', 'given') : undefined,
      securityGroups: hasGroups && vpc ? [new SecurityGroup(stack, 'DatabaseGroup', { vpc })] : undefined,
    });
  });
