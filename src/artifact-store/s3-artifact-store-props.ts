import { Duration } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IBucket, LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { ArtifactAccess } from './artifact-access';

/**
 * Settings of an artifact store in Amazon S3.
 */
export interface S3ArtifactStoreProps {
  /**
   * A bucket that exists already. It must refuse requests without TLS by itself.
   *
   * @default - a private, encrypted bucket that refuses requests without TLS and stays when the stack is deleted
   */
  readonly bucket?: IBucket;

  /**
   * The account that a given bucket must belong to, as its number. The server refuses a bucket of that name elsewhere.
   *
   * @default - the stack's account for a bucket of the library, not checked for a given one
   */
  readonly bucketOwner?: string;

  /**
   * The prefix of all keys, without slashes at its ends.
   *
   * @default - the whole bucket
   */
  readonly prefix?: string;

  /**
   * Which way artifacts take between clients and the bucket.
   *
   * @default ArtifactAccess.PROXIED
   */
  readonly access?: ArtifactAccess;

  /**
   * The key that artifacts are encrypted with.
   *
   * @default - keys of Amazon S3; for a given bucket, the bucket's own setting
   */
  readonly encryptionKey?: IKey;

  /**
   * Whether the bucket keeps what is overwritten or deleted, as older versions. Only for a bucket of the library.
   *
   * @default - false in the development profile, true in the production profile
   */
  readonly versioned?: boolean;

  /**
   * For how long older versions are kept, in whole days. Only for a versioned bucket of the library.
   *
   * @default Duration.days(90)
   */
  readonly olderVersionsRetention?: Duration;

  /**
   * Whether S3 moves artifacts that are not read to cheaper storage by itself (Intelligent-Tiering), at the same speed. Only
   * for a bucket of the library.
   *
   * @default false
   */
  readonly intelligentTiering?: boolean;

  /**
   * More lifecycle rules, such as one that moves a prefix to an archive. Only for a bucket of the library.
   *
   * @default - none but the deletion of uploads that were not completed within a week, and of older versions
   */
  readonly lifecycleRules?: LifecycleRule[];

  /**
   * The bucket that S3 writes access logs to, under the prefix `mlflow-artifacts/`. Only for a bucket of the library.
   *
   * @default - none in the development profile; in the production profile a bucket of its own, which stays when the stack
   * is deleted and keeps logs for a year
   */
  readonly accessLogsBucket?: IBucket;
}
