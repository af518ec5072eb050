import { Duration } from 'aws-cdk-lib';

/**
 * When traces are moved from the database to the artifact store, where they can still be read.
 *
 * @see https://mlflow.org/docs/latest/genai/tracing/
 */
export interface TraceArchivalOptions {
  /**
   * How long traces are kept in the database, in minutes. Experiments and workspaces can set a shorter retention in MLflow.
   */
  readonly retention: Duration;

  /**
   * The time between two passes, from 1 second to 24 hours. MLflow checks once a minute whether a pass is due.
   *
   * @default Duration.minutes(5)
   */
  readonly interval?: Duration;

  /**
   * The maximum number of traces that one pass moves.
   *
   * @default - all traces whose retention has ended
   */
  readonly maxTracesPerPass?: number;

  /**
   * The IDs of the experiments that can set a longer retention than `retention` in MLflow.
   *
   * @default - no experiments
   */
  readonly longRetentionExperiments?: string[];
}
