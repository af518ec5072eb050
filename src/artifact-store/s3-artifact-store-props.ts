import { Duration } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IBucket, LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { S3ArtifactStoreOptions } from './s3-artifact-store-options';

/**
 * Properties of an artifact store in a new Amazon S3 bucket.
 */
export interface S3ArtifactStoreProps extends S3ArtifactStoreOptions {
  /**
   * The AWS KMS key that artifacts are encrypted with.
   *
   * @default - keys that Amazon S3 manages
   */
  readonly encryptionKey?: IKey;

  /**
   * Whether the bucket keeps overwritten and deleted objects as noncurrent versions.
   *
   * @default - false in the development profile, true in the production profile
   */
  readonly versioned?: boolean;

  /**
   * How long to keep noncurrent versions, in days. Requires a versioned bucket.
   *
   * @default Duration.days(90)
   */
  readonly noncurrentVersionExpiration?: Duration;

  /**
   * Whether Amazon S3 automatically moves artifacts that are not read to cheaper storage (S3 Intelligent-Tiering), without an
   * effect on performance.
   *
   * @default false
   */
  readonly intelligentTiering?: boolean;

  /**
   * Additional lifecycle rules, such as one that moves a prefix to an archive.
   *
   * @default - incomplete multipart uploads are deleted after a week, noncurrent versions after `noncurrentVersionExpiration`
   */
  readonly lifecycleRules?: LifecycleRule[];

  /**
   * The bucket for server access logs, which have the prefix `mlflow-artifacts/`.
   *
   * @default - no access logs in the development profile; in the production profile, a new bucket that is retained when the stack is
   * deleted, and keeps the logs for one year
   */
  readonly serverAccessLogsBucket?: IBucket;
}
