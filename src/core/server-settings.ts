import { ServerOptions } from '../server';

/** The only directory that the server may write to. */
export const SCRATCH_PATH = '/tmp';

/** What the user's options are called where MLflow reads them. What is not set stays as MLflow has it. */
export function optionEnvironment(options: ServerOptions): Record<string, string> {
  const { staticPrefix, frameOptions, jobs = false, prometheusMetrics, aiGateway, workspaces } = options;
  const variables: Record<string, string | boolean | undefined> = {
    MLFLOW_STATIC_PREFIX: staticPrefix,
    MLFLOW_SERVER_X_FRAME_OPTIONS: frameOptions,
    // MLflow's own default is on: eight more processes, and a queue in the memory of one server.
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: jobs,
    // Where the workers meet to add up what they count; MLflow makes the directory.
    MLFLOW_EXPOSE_PROMETHEUS: prometheusMetrics ? `${SCRATCH_PATH}/prometheus` : undefined,
    MLFLOW_ENABLE_AI_GATEWAY: aiGateway,
    MLFLOW_ENABLE_WORKSPACES: workspaces,
  };
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`]])),
  );
}
