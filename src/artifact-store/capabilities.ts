import { ArtifactAccess } from './artifact-access';
import { IDeploymentValidation } from '../server';

/**
 * The capabilities of an artifact store, as data. The construct validates the props against it before it defines anything.
 */
export interface ArtifactStoreCapabilities {
  /**
   * The name in error messages, such as `the Acme store`.
   *
   * @default the artifact store
   */
  readonly displayName?: string;

  /**
   * Whether artifacts are stored in an Amazon S3 bucket, which `bind` returns. A managed compute can require it.
   *
   * @default false
   */
  readonly isBucket?: boolean;

  /**
   * The access that the user has chosen. A managed compute can support only one.
   *
   * @default - not chosen
   */
  readonly access?: ArtifactAccess;

  /**
   * Whether the server reaches the store over the internet. The server then cannot run in a VPC with isolated subnets
   * only.
   *
   * @default false
   */
  readonly needsInternet?: boolean;

  /**
   * Validates the store against the rest of the deployment.
   *
   * @default - no further rules
   */
  readonly validation?: IDeploymentValidation;
}
