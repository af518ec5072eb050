import { IKey } from 'aws-cdk-lib/aws-kms';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ArtifactAccess } from './artifact-access';
import { Profile } from '../server';
import { ArtifactStoreCapabilities } from './capabilities';

export * from './capabilities';

/**
 * Options for binding an artifact store.
 */
export interface ArtifactStoreBindOptions {
  /**
   * The profile of the deployment.
   */
  readonly profile: Profile;
}

/**
 * A bound artifact store.
 */
export interface ArtifactStoreConfig {
  /**
   * The URI under which all artifacts are stored, such as `s3://bucket/prefix`.
   */
  readonly artifactsUri: string;

  /**
   * The bucket that contains the artifacts. The server is granted permissions on it.
   *
   * @default - the store is not a bucket; `environment` contains what the server needs to access it
   */
  readonly bucket?: IBucket;

  /**
   * The prefix of all keys in the bucket, without leading or trailing slashes.
   *
   * @default - the bucket root
   */
  readonly prefix?: string;

  /**
   * The AWS KMS key that artifacts are encrypted with. The server is granted permissions to use it.
   *
   * @default - the key of the bucket
   */
  readonly encryptionKey?: IKey;

  /**
   * How artifacts get from clients to the store.
   *
   * @default ArtifactAccess.PROXIED
   */
  readonly access?: ArtifactAccess;

  /**
   * Environment variables that the server needs to access the store.
   *
   * @default - no environment variables
   */
  readonly environment?: { readonly [name: string]: string };
}

/**
 * Where artifacts and models are stored: create one with `ArtifactStore`, or implement this interface for your own.
 */
export interface IArtifactStore {
  /**
   * The capabilities of the store. They are read before anything is defined.
   *
   * @default - no capabilities
   */
  readonly capabilities?: ArtifactStoreCapabilities;

  /**
   * Binds the store. Called once by the construct.
   *
   * @param scope The scope of the store.
   * @param options Options for binding.
   */
  bind(scope: Construct, options: ArtifactStoreBindOptions): ArtifactStoreConfig;
}
