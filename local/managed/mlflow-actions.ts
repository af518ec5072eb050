/**
 * The action that each request of MLflow's REST API needs, by method and path below `/api/2.0/mlflow/`. AWS publishes
 * the actions, not the requests that they stand for: that is read from their names. A request that is not here has no
 * action, and the local data plane does not know it.
 */
const ACTIONS: Record<string, string> = {
  'POST experiments/create': 'CreateExperiment',
  'POST experiments/delete': 'DeleteExperiment',
  'GET experiments/get': 'GetExperiment',
  'GET experiments/get-by-name': 'GetExperimentByName',
  'POST experiments/restore': 'RestoreExperiment',
  'GET experiments/search': 'SearchExperiments',
  'POST experiments/search': 'SearchExperiments',
  'POST experiments/set-experiment-tag': 'SetExperimentTag',
  'POST experiments/update': 'UpdateExperiment',
  'POST runs/create': 'CreateRun',
  'POST runs/delete': 'DeleteRun',
  'POST runs/delete-tag': 'DeleteTag',
  'GET runs/get': 'GetRun',
  'POST runs/log-batch': 'LogBatch',
  'POST runs/log-inputs': 'LogInputs',
  'POST runs/log-metric': 'LogMetric',
  'POST runs/log-model': 'LogModel',
  'POST runs/log-parameter': 'LogParam',
  'POST runs/outputs': 'LogOutputs',
  'POST runs/restore': 'RestoreRun',
  'POST runs/search': 'SearchRuns',
  'POST runs/set-tag': 'SetTag',
  'POST runs/update': 'UpdateRun',
  'GET metrics/get-history': 'GetMetricHistory',
  'GET artifacts/list': 'ListArtifacts',
  // No action is named after it; this is the one of the request that it takes the place of.
  'POST logged-models': 'LogModel',
  'POST logged-models/search': 'SearchLoggedModels',
  'GET logged-models/*': 'GetLoggedModel',
  'PATCH logged-models/*': 'FinalizeLoggedModel',
  'DELETE logged-models/*': 'DeleteLoggedModel',
  'GET logged-models/*/artifacts/directories': 'ListLoggedModelArtifacts',
  'POST logged-models/*/params': 'LogLoggedModelParams',
  'PATCH logged-models/*/tags': 'SetLoggedModelTags',
  'DELETE logged-models/*/tags/*': 'DeleteLoggedModelTag',
  'POST registered-models/create': 'CreateRegisteredModel',
  'DELETE registered-models/delete': 'DeleteRegisteredModel',
  'GET registered-models/get': 'GetRegisteredModel',
  'GET registered-models/get-latest-versions': 'GetLatestModelVersions',
  'POST registered-models/get-latest-versions': 'GetLatestModelVersions',
  'POST registered-models/rename': 'RenameRegisteredModel',
  'GET registered-models/search': 'SearchRegisteredModels',
  'POST registered-models/set-tag': 'SetRegisteredModelTag',
  'DELETE registered-models/delete-tag': 'DeleteRegisteredModelTag',
  'PATCH registered-models/update': 'UpdateRegisteredModel',
  'POST registered-models/alias': 'SetRegisteredModelAlias',
  'GET registered-models/alias': 'GetModelVersionByAlias',
  'DELETE registered-models/alias': 'DeleteRegisteredModelAlias',
  'POST model-versions/create': 'CreateModelVersion',
  'DELETE model-versions/delete': 'DeleteModelVersion',
  'GET model-versions/get': 'GetModelVersion',
  'GET model-versions/get-download-uri': 'GetDownloadURIForModelVersionArtifacts',
  'GET model-versions/search': 'SearchModelVersions',
  'POST model-versions/set-tag': 'SetModelVersionTag',
  'DELETE model-versions/delete-tag': 'DeleteModelVersionTag',
  'POST model-versions/transition-stage': 'TransitionModelVersionStage',
  'PATCH model-versions/update': 'UpdateModelVersion',
  'POST traces': 'StartTrace',
  'GET traces': 'SearchTraces',
  'PATCH traces/*': 'EndTrace',
  'GET traces/*/info': 'GetTraceInfo',
  'PATCH traces/*/tags': 'SetTraceTag',
  'DELETE traces/*/tags': 'DeleteTraceTag',
  'POST traces/delete-traces': 'DeleteTraces',
};

const ROUTES = Object.entries(ACTIONS).map(([route, action]) => {
  const [method, path] = route.split(' ');
  return { method, path: new RegExp(`^/api/2\\.0/mlflow/${path.replaceAll('*', '[^/]+')}$`), action };
});

export const MLFLOW_ACTIONS: readonly string[] = [...new Set(Object.values(ACTIONS))].map(qualified);

export function actionOf(method: string, path: string): string | undefined {
  const route = ROUTES.find((candidate) => candidate.method === method && candidate.path.test(path));
  return route && qualified(route.action);
}

function qualified(action: string): string {
  return `sagemaker-mlflow:${action}`;
}
