import { Duration, Size } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { newStack } from './new-app';
import {
  ArtifactStore,
  BackendStore,
  ExistingBucketArtifactStoreProps,
  RdsPostgresBackendStoreProps,
  S3ArtifactStoreOptions,
  S3ArtifactStoreProps,
} from '../../src';

const GIVEN = Bucket.fromBucketName(newStack(), 'Given', 'given');

const PREFIXES = ['', '/a', 'a/'].map((prefix): [S3ArtifactStoreOptions, string] => [
  { prefix },
  `'prefix' must not be empty, and must not start or end with a slash; got '${prefix}'`,
]);

const S3: [S3ArtifactStoreProps, string][] = [
  ...PREFIXES,
  [
    { versioned: false, noncurrentVersionExpiration: Duration.days(1) },
    "'noncurrentVersionExpiration' has no effect with 'versioned' false; remove one of them",
  ],
  [
    { noncurrentVersionExpiration: Duration.hours(36) },
    "'noncurrentVersionExpiration' must be a whole number of days, at least 1; got 1.5 days",
  ],
];

const FROM_BUCKET: [ExistingBucketArtifactStoreProps, string][] = [
  ...PREFIXES,
  [{ bucketOwner: '1234' }, "'bucketOwner' must be an account ID of 12 digits; got '1234'"],
  [
    { bucketOwner: '1234', prefix: '' },
    'ArtifactStore.fromBucket() has 2 problems:\n' +
      "- 'prefix' must not be empty, and must not start or end with a slash; got ''\n" +
      "- 'bucketOwner' must be an account ID of 12 digits; got '1234'",
  ],
];

const RDS_POSTGRES: [RdsPostgresBackendStoreProps, string][] = [
  [
    { instanceType: new InstanceType('db.t4g.small') },
    "'instanceType' must not start with 'db.', which is added automatically; got 'db.t4g.small', use 't4g.small'",
  ],
  ...['t4g', 't4g.', '.small', 'T4g.small', 't4g.small ', 't4g.small.x'].map(
    (type): [RdsPostgresBackendStoreProps, string] => [
      { instanceType: new InstanceType(type) },
      `'instanceType' must be an instance type such as 't4g.small'; got '${type}'`,
    ],
  ),
  ...[
    ['t4g.smal', 't4g.small'],
    ['m7g.xlage', 'm7g.xlarge'],
    ['t4g.tiny', 't4g.small'],
  ].map(([type, meant]): [RdsPostgresBackendStoreProps, string] => [
    { instanceType: new InstanceType(type) },
    `'instanceType' must be an instance type with a size that Amazon RDS offers; got '${type}', use '${meant}'`,
  ]),
  [
    { allocatedStorage: Size.gibibytes(19) },
    "'allocatedStorage' must be a whole number of GiB from 20 to 65536; got 19 GiB",
  ],
  [
    { allocatedStorage: Size.mebibytes(20500) },
    "'allocatedStorage' must be a whole number of GiB from 20 to 65536; got 20.01953125 GiB",
  ],
  [
    { maxAllocatedStorage: Size.gibibytes(65537) },
    "'maxAllocatedStorage' must be a whole number of GiB from 20 to 65536; got 65537 GiB",
  ],
  [
    { maxAllocatedStorage: Size.gibibytes(21) },
    "'maxAllocatedStorage' must be at least 22 GiB, 10 % more than the initial storage; got 21 GiB",
  ],
  [
    { allocatedStorage: Size.gibibytes(100), maxAllocatedStorage: Size.gibibytes(100) },
    "'maxAllocatedStorage' must be at least 110 GiB, 10 % more than the initial storage; got 100 GiB",
  ],
  [{ backupRetention: Duration.days(0) }, "'backupRetention' must be a whole number of days from 1 to 35; got 0 days"],
  [
    { backupRetention: Duration.days(36) },
    "'backupRetention' must be a whole number of days from 1 to 35; got 36 days",
  ],
  [
    { backupRetention: Duration.hours(36) },
    "'backupRetention' must be a whole number of days from 1 to 35; got 1.5 days",
  ],
  [
    { preferredBackupWindow: '2:00-3:00' },
    "'preferredBackupWindow' must be a time range in UTC such as '02:00-03:00'; got '2:00-3:00'",
  ],
  [
    { preferredMaintenanceWindow: 'Sunday 3:30' },
    "'preferredMaintenanceWindow' must be a time range in UTC such as 'sun:03:30-sun:04:30'; got 'Sunday 3:30'",
  ],
  [
    { credentialsRotation: { automaticallyAfter: Duration.hours(3) } },
    "'credentialsRotation.automaticallyAfter' must be from 4 hours to 1000 days; got 3 hours",
  ],
  [
    { credentialsRotation: { automaticallyAfter: Duration.days(1001) } },
    "'credentialsRotation.automaticallyAfter' must be from 4 hours to 1000 days; got 24024 hours",
  ],
  [{ cloudwatchLogsExports: ['audit'] }, "'cloudwatchLogsExports' must contain only postgresql, upgrade; got 'audit'"],
  [
    { parameters: { 'rds.force_ssl': '0' } },
    "'parameters' cannot contain rds.force_ssl, which the library sets; remove it",
  ],
  [
    { storageEncryptionKey: {} as never, snapshotIdentifier: 'last-friday' },
    "'storageEncryptionKey' cannot be set with 'snapshotIdentifier', because the database keeps the key of the snapshot; copy the snapshot with the new key, and remove 'storageEncryptionKey'",
  ],
];

/** What no store accepts. */
export const STORE_ERRORS: [() => unknown, string][] = [
  ...S3.map(([props, message]): [() => unknown, string] => [() => ArtifactStore.s3(props), message]),
  ...FROM_BUCKET.map(([props, message]): [() => unknown, string] => [
    () => ArtifactStore.fromBucket(GIVEN, props),
    message,
  ]),
  ...RDS_POSTGRES.map(([props, message]): [() => unknown, string] => [() => BackendStore.rdsPostgres(props), message]),
];
