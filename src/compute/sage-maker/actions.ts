// From AWS's service authorization reference; a test compares the lists with it.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_sagemaker-mlflow.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html

/** Every data plane action of a tracking server with access level Read or List, except the one for the UI. */
export const TRACKING_SERVER_READ_ACTIONS = prefixed('sagemaker-mlflow', [
  'GetDownloadURIForModelVersionArtifacts',
  'GetExperiment',
  'GetExperimentByName',
  'GetLatestModelVersions',
  'GetLoggedModel',
  'GetMetricHistory',
  'GetModelVersion',
  'GetModelVersionByAlias',
  'GetRegisteredModel',
  'GetRun',
  'GetTraceInfo',
  'ListArtifacts',
  'ListLoggedModelArtifacts',
  'SearchExperiments',
  'SearchLoggedModels',
  'SearchModelVersions',
  'SearchRegisteredModels',
  'SearchRuns',
  'SearchTraces',
]);

/** Every data plane action of a tracking server with access level Write. */
export const TRACKING_SERVER_WRITE_ACTIONS = prefixed('sagemaker-mlflow', [
  'CreateExperiment',
  'CreateModelVersion',
  'CreateRegisteredModel',
  'CreateRun',
  'DeleteExperiment',
  'DeleteLoggedModel',
  'DeleteLoggedModelTag',
  'DeleteModelVersion',
  'DeleteModelVersionTag',
  'DeleteRegisteredModel',
  'DeleteRegisteredModelAlias',
  'DeleteRegisteredModelTag',
  'DeleteRun',
  'DeleteTag',
  'DeleteTraceTag',
  'DeleteTraces',
  'EndTrace',
  'FinalizeLoggedModel',
  'LogBatch',
  'LogInputs',
  'LogLoggedModelParams',
  'LogMetric',
  'LogModel',
  'LogOutputs',
  'LogParam',
  'RenameRegisteredModel',
  'RestoreExperiment',
  'RestoreRun',
  'SetExperimentTag',
  'SetLoggedModelTags',
  'SetModelVersionTag',
  'SetRegisteredModelAlias',
  'SetRegisteredModelTag',
  'SetTag',
  'SetTraceTag',
  'StartTrace',
  'TransitionModelVersionStage',
  'UpdateExperiment',
  'UpdateModelVersion',
  'UpdateRegisteredModel',
  'UpdateRun',
]);

/** The only data plane action of an App. It has no separate read and write permissions. */
export const APP_ACTIONS = ['sagemaker:CallMlflowAppApi'];

/** The actions of the service itself when it registers models in the SageMaker Model Registry. */
export const MODEL_REGISTRY_ACTIONS = prefixed('sagemaker', [
  'AddTags',
  'CreateModelPackage',
  'CreateModelPackageGroup',
  'DescribeModelPackageGroup',
  'UpdateModelPackage',
]);

function prefixed(service: string, actions: string[]): string[] {
  return actions.map((action) => `${service}:${action}`);
}
