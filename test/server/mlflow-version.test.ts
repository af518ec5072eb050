import { MlflowVersion } from '../../src';
import { serverContainer, templateWith } from '../support/templates';

test('the tested version', () => {
  expect(MlflowVersion.V3_17_2.version).toBe('3.17.2');
});

test.each(['3.17.0', '3.17.1', '3.100.0', '4.0.0', '10.2.3'])('%s is accepted', (version) => {
  expect(MlflowVersion.of(version).version).toBe(version);
});

test('the version chooses the image', () => {
  const template = templateWith({ version: MlflowVersion.of('3.17.1') });
  expect(serverContainer(template).Image).toBe('ghcr.io/mlflow/mlflow:v3.17.1-full');
});
