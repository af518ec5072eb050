import { Duration, Size } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { newStack } from './new-app';
import { ArtifactStore, BackendStore, RdsPostgresBackendStoreProps, S3ArtifactStoreProps } from '../../src';

const GIVEN = Bucket.fromBucketName(newStack(), 'Given', 'given');

const S3: [S3ArtifactStoreProps, string][] = [
  [{ prefix: '' }, "'prefix' must not be empty, nor begin or end with a slash; got ''"],
  [{ prefix: '/a' }, "'prefix' must not be empty, nor begin or end with a slash; got '/a'"],
  [{ prefix: 'a/' }, "'prefix' must not be empty, nor begin or end with a slash; got 'a/'"],
  [{ bucketOwner: '1234' }, "'bucketOwner' must be the twelve digits of an account; got '1234'"],
  [
    { bucket: GIVEN, versioned: true },
    "'versioned' cannot be set with a given 'bucket', which is not changed; set it on that bucket, and remove 'versioned'",
  ],
  [
    { bucket: GIVEN, olderVersionsRetention: Duration.days(1) },
    "'olderVersionsRetention' cannot be set with a given 'bucket', which is not changed; set it on that bucket, and remove 'olderVersionsRetention'",
  ],
  [
    { bucket: GIVEN, intelligentTiering: true },
    "'intelligentTiering' cannot be set with a given 'bucket', which is not changed; set it on that bucket, and remove 'intelligentTiering'",
  ],
  [
    { bucket: GIVEN, lifecycleRules: [] },
    "'lifecycleRules' cannot be set with a given 'bucket', which is not changed; set it on that bucket, and remove 'lifecycleRules'",
  ],
  [
    { bucket: GIVEN, accessLogsBucket: GIVEN },
    "'accessLogsBucket' cannot be set with a given 'bucket', which is not changed; set it on that bucket, and remove 'accessLogsBucket'",
  ],
  [
    { versioned: false, olderVersionsRetention: Duration.days(1) },
    "'olderVersionsRetention' has no effect with 'versioned' false; remove one of them",
  ],
  [
    { olderVersionsRetention: Duration.hours(36) },
    "'olderVersionsRetention' must be a whole number of days, at least 1; got 1.5 days",
  ],
];

const RDS_POSTGRES: [RdsPostgresBackendStoreProps, string][] = [
  [
    { instanceType: new InstanceType('db.t4g.small') },
    "'instanceType' must be a type without 'db.', which is put before it; got 'db.t4g.small', use 't4g.small'",
  ],
  ...['t4g', 't4g.', '.small', 'T4g.small', 't4g.small ', 't4g.small.x'].map(
    (type): [RdsPostgresBackendStoreProps, string] => [
      { instanceType: new InstanceType(type) },
      `'instanceType' must be a type such as 't4g.small'; got '${type}'`,
    ],
  ),
  ...[
    ['t4g.smal', 't4g.small'],
    ['m7g.xlage', 'm7g.xlarge'],
    ['t4g.tiny', 't4g.small'],
  ].map(([type, meant]): [RdsPostgresBackendStoreProps, string] => [
    { instanceType: new InstanceType(type) },
    `'instanceType' must be a type with a size that RDS has; got '${type}', use '${meant}'`,
  ]),
  [{ allocatedStorage: Size.gibibytes(19) }, "'allocatedStorage' must be from 20 to 65536 whole GiB; got 19 GiB"],
  [
    { allocatedStorage: Size.mebibytes(20500) },
    "'allocatedStorage' must be from 20 to 65536 whole GiB; got 20.01953125 GiB",
  ],
  [
    { maxAllocatedStorage: Size.gibibytes(65537) },
    "'maxAllocatedStorage' must be from 20 to 65536 whole GiB; got 65537 GiB",
  ],
  [
    { maxAllocatedStorage: Size.gibibytes(21) },
    "'maxAllocatedStorage' must be at least a tenth more than the storage to begin with, 22 GiB; got 21 GiB",
  ],
  [
    { allocatedStorage: Size.gibibytes(100), maxAllocatedStorage: Size.gibibytes(100) },
    "'maxAllocatedStorage' must be at least a tenth more than the storage to begin with, 110 GiB; got 100 GiB",
  ],
  [{ backupRetention: Duration.days(0) }, "'backupRetention' must be from 1 to 35 whole days; got 0 days"],
  [{ backupRetention: Duration.days(36) }, "'backupRetention' must be from 1 to 35 whole days; got 36 days"],
  [{ backupRetention: Duration.hours(36) }, "'backupRetention' must be from 1 to 35 whole days; got 1.5 days"],
  [{ backupWindow: '2:00-3:00' }, "'backupWindow' must be a time span in UTC such as '02:00-03:00'; got '2:00-3:00'"],
  [
    { maintenanceWindow: 'Sunday 3:30' },
    "'maintenanceWindow' must be a time span in UTC such as 'sun:03:30-sun:04:30'; got 'Sunday 3:30'",
  ],
  [
    { credentialsRotation: { automaticallyAfter: Duration.hours(3) } },
    "'credentialsRotation.automaticallyAfter' must be from 4 hours to 1000 days; got 3 hours",
  ],
  [
    { credentialsRotation: { automaticallyAfter: Duration.days(1001) } },
    "'credentialsRotation.automaticallyAfter' must be from 4 hours to 1000 days; got 24024 hours",
  ],
  [{ logExports: ['audit'] }, "'logExports' must be of postgresql, upgrade; got 'audit'"],
  [
    { parameters: { 'rds.force_ssl': '0' } },
    "'parameters' cannot have rds.force_ssl, which the library sets; remove it",
  ],
  [
    { encryptionKey: {} as never, snapshotIdentifier: 'last-friday' },
    "'encryptionKey' cannot be set with 'snapshotIdentifier', whose own key is kept; copy the snapshot with the new key, and remove 'encryptionKey'",
  ],
];

/** What no store accepts. */
export const STORE_ERRORS: [() => unknown, string][] = [
  ...S3.map(([props, message]): [() => unknown, string] => [() => ArtifactStore.s3(props), message]),
  ...RDS_POSTGRES.map(([props, message]): [() => unknown, string] => [() => BackendStore.rdsPostgres(props), message]),
];
