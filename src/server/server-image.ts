import { Construct } from 'constructs';
import { MlflowVersion } from './mlflow-version';

/**
 * What an image is resolved with.
 */
export interface ServerImageBindOptions {
  /**
   * The release of MLflow that the image should carry.
   */
  readonly version: MlflowVersion;
}

/**
 * A resolved container image.
 */
export interface ServerImageConfig {
  /**
   * The image's full name with its tag or digest.
   */
  readonly imageUri: string;
}

/**
 * The container image that the server runs in.
 *
 * An image must have `python` on its `PATH`, with MLflow, its `auth` extra, `psycopg2` and `boto3` installed.
 */
export abstract class ServerImage {
  /**
   * The MLflow project's own image with all extras, `ghcr.io/mlflow/mlflow:v<version>-full`.
   */
  public static official(): ServerImage {
    return new OfficialImage();
  }

  /**
   * An image in any registry that the compute can pull from without credentials.
   *
   * @param imageUri The image's full name with a tag or digest, such as `public.ecr.aws/team/mlflow:3.17.2`.
   */
  public static fromRegistry(imageUri: string): ServerImage {
    return new RegistryImage(imageUri);
  }

  /**
   * Resolve the image. Called once, by the construct.
   */
  public abstract bind(scope: Construct, options: ServerImageBindOptions): ServerImageConfig;
}

class OfficialImage extends ServerImage {
  public bind(_scope: Construct, options: ServerImageBindOptions): ServerImageConfig {
    return { imageUri: `ghcr.io/mlflow/mlflow:v${options.version.version}-full` };
  }
}

class RegistryImage extends ServerImage {
  public constructor(private readonly imageUri: string) {
    super();
  }

  public bind(_scope: Construct, _options: ServerImageBindOptions): ServerImageConfig {
    return { imageUri: this.imageUri };
  }
}
