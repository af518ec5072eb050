import { actionOf, MLFLOW_ACTIONS } from '../../local/managed/mlflow-actions';
import { ACTIONS } from '../support/service-authorization';

test('requests stand for every action of the data plane, but the one for the UI', () => {
  const reference = Object.keys(ACTIONS).filter((action) => action.startsWith('sagemaker-mlflow:'));
  expect([...MLFLOW_ACTIONS, 'sagemaker-mlflow:AccessUI'].sort()).toEqual(reference.sort());
});

test.each([
  ['POST', '/api/2.0/mlflow/runs/create', 'sagemaker-mlflow:CreateRun'],
  ['GET', '/api/2.0/mlflow/logged-models/m-1', 'sagemaker-mlflow:GetLoggedModel'],
  ['DELETE', '/api/2.0/mlflow/logged-models/m-1/tags/a', 'sagemaker-mlflow:DeleteLoggedModelTag'],
  ['POST', '/api/2.0/mlflow/logged-models/search', 'sagemaker-mlflow:SearchLoggedModels'],
  ['DELETE', '/api/2.0/mlflow/registered-models/alias', 'sagemaker-mlflow:DeleteRegisteredModelAlias'],
])('%s %s needs %s', (method, path, action) => {
  expect(actionOf(method, path)).toBe(action);
});

test.each([
  ['GET', '/api/2.0/mlflow/runs/create'],
  ['POST', '/api/2.0/mlflow/runs/create/'],
  ['POST', '/x/api/2.0/mlflow/runs/create'],
  ['GET', '/api/2.0/mlflow/logged-models/a/b'],
  ['GET', '/api/3.0/mlflow/server-info'],
  ['GET', '/'],
])('nothing stands for %s %s', (method, path) => {
  expect(actionOf(method, path)).toBeUndefined();
});
