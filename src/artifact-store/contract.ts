import { IKey } from 'aws-cdk-lib/aws-kms';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ArtifactAccess } from './artifact-access';
import { Profile } from '../server';
import { ArtifactStoreCapabilities } from './capabilities';

export * from './capabilities';

/**
 * What an artifact store is bound with.
 */
export interface ArtifactStoreBindOptions {
  /**
   * The profile that gives the defaults.
   */
  readonly profile: Profile;
}

/**
 * How the server reaches the bound artifact store.
 */
export interface ArtifactStoreConfig {
  /**
   * The URI under which all artifacts are stored, such as `s3://bucket/prefix`.
   */
  readonly artifactsUri: string;

  /**
   * The bucket that holds the artifacts. The server is granted access to it.
   *
   * @default - the store is not a bucket; its credentials are in the environment
   */
  readonly bucket?: IBucket;

  /**
   * The prefix of all keys in the bucket, without slashes at its ends.
   *
   * @default - the whole bucket
   */
  readonly prefix?: string;

  /**
   * The key that artifacts are encrypted with, where it is not the bucket's own. The server is granted its use.
   *
   * @default - the bucket's own
   */
  readonly encryptionKey?: IKey;

  /**
   * Which way artifacts take between clients and the store.
   *
   * @default ArtifactAccess.PROXIED
   */
  readonly access?: ArtifactAccess;

  /**
   * More environment variables that the server needs to reach the store.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };
}

/**
 * Where artifacts and models are kept.
 *
 * Choose one with `ArtifactStore`, or implement this interface for a store of your own.
 */
export interface IArtifactStore {
  /**
   * What the store offers. Read before anything is defined.
   *
   * @default - nothing beyond what every store offers
   */
  readonly capabilities?: ArtifactStoreCapabilities;

  /**
   * Define the store. Called once, by the construct.
   *
   * @param scope The scope that belongs to the store alone.
   * @param options What the store is bound with.
   */
  bind(scope: Construct, options: ArtifactStoreBindOptions): ArtifactStoreConfig;
}
