import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ExistingBucketArtifactStore } from './existing-bucket-artifact-store';
import { ExistingBucketArtifactStoreProps } from './existing-bucket-artifact-store-props';
import { S3ArtifactStore } from './s3-artifact-store';
import { S3ArtifactStoreProps } from './s3-artifact-store-props';

/**
 * Where artifacts and models are stored.
 */
export class ArtifactStore {
  /**
   * Returns an artifact store in a new Amazon S3 bucket.
   */
  public static s3(props: S3ArtifactStoreProps = {}): S3ArtifactStore {
    return new S3ArtifactStore(props);
  }

  /**
   * Returns an artifact store in an existing Amazon S3 bucket, whose settings are not changed.
   *
   * @param bucket The bucket. Its policy must deny requests without TLS.
   */
  public static fromBucket(bucket: IBucket, props: ExistingBucketArtifactStoreProps = {}): ExistingBucketArtifactStore {
    return new ExistingBucketArtifactStore(bucket, props);
  }

  private constructor() {}
}
