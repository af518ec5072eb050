import { FrameOptions } from './frame-options';
import { ServerSecret } from './server-definition';
import { TraceArchivalOptions } from './trace-archival-options';

/**
 * Settings of the MLflow server itself, the same under every compute.
 */
export interface ServerOptions {
  /**
   * The number of worker processes of each server.
   *
   * Each worker takes about 185 MB of memory and up to 41 database connections; the jobs of `jobs` take 1350 MB more.
   *
   * @default - one for each vCPU, as far as the memory allows
   */
  readonly workers?: number;

  /**
   * A path under which the server lives, such as `/mlflow`, for an endpoint that is shared with other applications.
   *
   * It cannot begin with `/static`, `/health` or `/favicon.ico`, where MLflow asks for no credentials, nor be in `/api`,
   * `/ajax-api`, `/gateway`, `/graphql`, `/metrics` or `/v1`, which are MLflow's own.
   *
   * @default - the server lives at the root
   */
  readonly staticPrefix?: string;

  /**
   * More environment variables for the server. Not for secrets: they would be readable in the template.
   *
   * Variables that the library sets, or a part such as the artifact store, cannot be set here.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };

  /**
   * More arguments for `mlflow server`. What the library sets cannot be set here.
   *
   * @default - none
   */
  readonly extraArguments?: string[];

  /**
   * Web pages of other origins, such as `https://portal.example.com`, that may call the server's API from a browser with
   * the credentials of their user. The endpoint's own origin always may.
   *
   * @default - none
   */
  readonly corsAllowedOrigins?: string[];

  /**
   * Which web pages may show the UI in a frame.
   *
   * @default FrameOptions.SAMEORIGIN
   */
  readonly frameOptions?: FrameOptions;

  /**
   * Whether the server executes jobs, such as scheduled scorers and the evaluation of traces. They take about 1350 MB of
   * memory and eight more processes in each server.
   *
   * The queue of one server is lost when it stops; several servers need a queue that they share, in `jobQueueUrl`.
   *
   * @default false
   */
  readonly jobs?: boolean;

  /**
   * The secret with the URL of a Redis database, such as `rediss://user:password@host:6379/0`, that holds the queue of
   * the jobs. The image must have the Python package `redis`. That the servers reach the database is up to you.
   *
   * MLflow then runs its periodic jobs on every server.
   *
   * @default - a queue in the memory of the one server
   */
  readonly jobQueueUrl?: ServerSecret;

  /**
   * Move traces to the artifact store once they are of some age. It is one of the server's `jobs`.
   *
   * @default - traces stay in the database
   */
  readonly traceArchival?: TraceArchivalOptions;

  /**
   * Whether the path `/metrics` has measurements of the requests in the format of Prometheus. The image must have the
   * Python package `prometheus-flask-exporter`.
   *
   * With basic authentication only administrators may read them. The path ignores `staticPrefix`, and where there are
   * several servers each answers for itself alone.
   *
   * @default false
   */
  readonly prometheusMetrics?: boolean;

  /**
   * Whether the server has the AI gateway, which calls language models with credentials that it keeps.
   *
   * @default - as MLflow has it: on
   */
  readonly aiGateway?: boolean;

  /**
   * Whether experiments, models and prompts can be kept apart in workspaces.
   *
   * @default - as MLflow has it: off
   */
  readonly workspaces?: boolean;

  /**
   * Where registered models may come from, besides the artifacts of the server's own runs and models: URIs of
   * directories, such as `s3://team-models/released/`. The `source` of a new model version must begin with one of them.
   *
   * The server reads what a source names with its own permissions, and shows it to everybody who may read the model: a
   * URI in the artifact store opens all artifacts below it to everyone who may register models. Where the server cannot
   * read a URI, models can still be registered from there, but only clients with permissions of their own can load them.
   *
   * In a value that is known only at deployment, such as the name of a bucket, all characters but dots must be letters,
   * digits, hyphens or underscores.
   *
   * @default - none; with `ArtifactAccess.DIRECT`, the artifact store itself, because clients name artifacts by their
   * addresses in it
   */
  readonly allowedModelVersionSources?: string[];

  /**
   * Whether clients may choose the artifact location of an experiment, and of a workspace.
   *
   * The server reads and writes there with its own permissions, so that everyone who may create experiments can read and
   * overwrite the artifacts of others, and files of the server. Allow it only where all users trust each other.
   *
   * @default false
   */
  readonly customArtifactLocations?: boolean;
}
