import { IKey } from 'aws-cdk-lib/aws-kms';
import { S3ArtifactStoreOptions } from './s3-artifact-store-options';

/**
 * Properties of an artifact store in an existing Amazon S3 bucket.
 */
export interface ExistingBucketArtifactStoreProps extends S3ArtifactStoreOptions {
  /**
   * The ID of the account that owns the bucket. The server rejects a bucket of the same name in another account.
   *
   * @default - the owner is not verified
   */
  readonly bucketOwner?: string;

  /**
   * The AWS KMS key that the server encrypts artifacts with.
   *
   * @default - the default encryption of the bucket
   */
  readonly encryptionKey?: IKey;
}
