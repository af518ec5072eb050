/**
 * Settings of the MLflow server itself, the same under every compute.
 */
export interface ServerOptions {
  /**
   * The number of worker processes of each server.
   *
   * Each worker takes about 185 MB of memory and up to 41 database connections.
   *
   * @default - one for each vCPU, as far as the memory allows
   */
  readonly workers?: number;

  /**
   * A path under which the server lives, such as `/mlflow`, for an endpoint that is shared with other applications.
   *
   * @default - the server lives at the root
   */
  readonly staticPrefix?: string;

  /**
   * More environment variables for the server. Not for secrets: they would be readable in the template.
   *
   * Variables that the library sets itself cannot be set here.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };

  /**
   * More arguments for `mlflow server`.
   *
   * @default - none
   */
  readonly extraArguments?: string[];
}
