import { ArtifactAccess } from './artifact-access';

/**
 * Options for an artifact store in Amazon S3, in a new or an existing bucket.
 */
export interface S3ArtifactStoreOptions {
  /**
   * The prefix of all keys, without leading or trailing slashes.
   *
   * @default - the bucket root
   */
  readonly prefix?: string;

  /**
   * How artifacts get from clients to the bucket.
   *
   * @default ArtifactAccess.PROXIED
   */
  readonly access?: ArtifactAccess;
}
