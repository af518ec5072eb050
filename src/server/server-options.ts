import { FrameOptions } from './frame-options';
import { ServerSecret } from './server-definition';
import { TraceArchivalOptions } from './trace-archival-options';

/**
 * Options of the MLflow server itself, which are the same for every compute.
 */
export interface ServerOptions {
  /**
   * The number of worker processes of each server.
   *
   * Each worker uses about 185 MB of memory and up to 41 database connections. With `jobs`, the server uses another
   * 1350 MB.
   *
   * @default - one for each vCPU, reduced to fit the memory
   */
  readonly workers?: number;

  /**
   * The path prefix of the server, such as `/mlflow`, for an endpoint that is shared with other applications.
   *
   * It cannot start with `/static`, `/health` or `/favicon.ico`, for which MLflow requires no credentials, or with `/api`,
   * `/ajax-api`, `/gateway`, `/graphql`, `/metrics` or `/v1`, which are paths of MLflow.
   *
   * @default - the server is served at the root path
   */
  readonly staticPrefix?: string;

  /**
   * Additional environment variables of the server. Do not use them for secrets, which would be readable in the template.
   *
   * You cannot set variables that the construct or one of its parts sets, such as the artifact store.
   *
   * @default - no additional variables
   */
  readonly environment?: { readonly [name: string]: string };

  /**
   * Additional arguments of `mlflow server`. You cannot set arguments that the construct sets.
   *
   * @default - no additional arguments
   */
  readonly extraArguments?: string[];

  /**
   * The origins, such as `https://portal.example.com`, whose web pages can call the API from a browser with the
   * credentials of the user, in addition to the origin of the endpoint.
   *
   * @default - only the origin of the endpoint
   */
  readonly corsAllowedOrigins?: string[];

  /**
   * The web pages that can show the UI in a frame.
   *
   * @default FrameOptions.SAMEORIGIN
   */
  readonly frameOptions?: FrameOptions;

  /**
   * Whether the server runs jobs, such as scheduled scorers and the evaluation of traces. They use about 1350 MB of memory
   * and eight processes on each server.
   *
   * The queue of a single server is lost when it stops. Several servers require a shared queue in `jobQueueUrl`.
   *
   * @default false
   */
  readonly jobs?: boolean;

  /**
   * The secret with the URL of a Redis database for the job queue, such as `rediss://user:password@host:6379/0`. The image
   * must contain the Python package `redis`, and you must allow the servers to connect to the database.
   *
   * MLflow then runs its periodic jobs on every server.
   *
   * @default - a queue in the memory of a single server
   */
  readonly jobQueueUrl?: ServerSecret;

  /**
   * When traces are moved to the artifact store. Requires `jobs`.
   *
   * @default - traces are kept in the database
   */
  readonly traceArchival?: TraceArchivalOptions;

  /**
   * Whether the path `/metrics` returns metrics of the requests in the Prometheus format. The image must contain the Python
   * package `prometheus-flask-exporter`.
   *
   * With basic auth, only administrators can read them. The path does not include `staticPrefix`, and each server returns
   * only its own metrics.
   *
   * @default false
   */
  readonly prometheusMetrics?: boolean;

  /**
   * Whether the server has the AI gateway, which calls language models with credentials that it stores.
   *
   * @default - MLflow's default (enabled)
   */
  readonly aiGateway?: boolean;

  /**
   * Whether experiments, models and prompts can be separated into workspaces.
   *
   * @default - MLflow's default (disabled)
   */
  readonly workspaces?: boolean;

  /**
   * The URIs of directories, such as `s3://team-models/released/`, from which models can be registered in addition to the
   * artifacts of the server's own runs and models. The `source` of a new model version must start with one of them.
   *
   * The server reads a source with its own permissions, and all users that can read the model can read it. Therefore, a URI
   * in the artifact store gives all users that can register models access to all artifacts below it. If the server cannot
   * read a URI, models can still be registered from it, but only clients with their own permissions can load them.
   *
   * A value that is known only at deployment, such as a bucket name, must consist of letters, digits, hyphens, underscores
   * and dots.
   *
   * @default - no other sources; with `ArtifactAccess.DIRECT`, the artifact store, because clients use its URIs
   */
  readonly allowedModelVersionSources?: string[];

  /**
   * Whether clients can choose the artifact location of an experiment or a workspace.
   *
   * The server reads and writes there with its own permissions. Any user that can create experiments can then read and
   * overwrite the artifacts of others and files of the server. Enable this only if all users trust each other.
   *
   * @default false
   */
  readonly customArtifactLocations?: boolean;
}
