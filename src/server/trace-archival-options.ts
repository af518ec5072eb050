import { Duration } from 'aws-cdk-lib';

/**
 * When traces move from the database to the artifact store, where they stay readable.
 *
 * @see https://mlflow.org/docs/latest/genai/tracing/
 */
export interface TraceArchivalOptions {
  /**
   * For how long traces stay in the database, in whole minutes. An experiment or a workspace may ask for a shorter time in
   * MLflow.
   */
  readonly retention: Duration;

  /**
   * The time between two passes, from 1 second to 24 hours, in whole seconds. MLflow looks once a minute whether it is due.
   *
   * @default Duration.minutes(5)
   */
  readonly interval?: Duration;

  /**
   * The largest number of traces that one pass moves.
   *
   * @default - all that are due
   */
  readonly maxTracesPerPass?: number;

  /**
   * The ids of the experiments that may ask in MLflow for a longer time than `retention`.
   *
   * @default - none
   */
  readonly longRetentionExperiments?: string[];
}
