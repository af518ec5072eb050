import { S3ArtifactStore } from './s3-artifact-store';
import { S3ArtifactStoreProps } from './s3-artifact-store-props';

/**
 * Where artifacts and models are kept.
 */
export class ArtifactStore {
  /**
   * An Amazon S3 bucket.
   */
  public static s3(props: S3ArtifactStoreProps = {}): S3ArtifactStore {
    return new S3ArtifactStore(props);
  }

  private constructor() {}
}
