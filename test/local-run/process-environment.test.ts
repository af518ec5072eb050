import { localEnvironment, REPLACEMENTS } from '../../local/workload/process-environment';

const place = { host: '127.0.0.1', port: 45678, scratch: '/work/scratch', scratchPaths: ['/tmp'] };

test('keeps what the template says', () => {
  expect(localEnvironment({ PGSSLMODE: 'verify-full' }, place, {})).toEqual({
    variables: { PGSSLMODE: 'verify-full' },
    deviations: [],
  });
});

test('replaces what the table names, and says why', () => {
  const template = { MLFLOW_HOST: '0.0.0.0', MLFLOW_PORT: '5000', HOME: '/tmp', TMPDIR: '/tmp' };
  expect(localEnvironment(template, place, {})).toEqual({
    variables: { MLFLOW_HOST: '127.0.0.1', MLFLOW_PORT: '45678', HOME: '/work/scratch', TMPDIR: '/work/scratch' },
    deviations: [
      'MLFLOW_HOST: 127.0.0.1 for 0.0.0.0 (listens on this machine alone)',
      'MLFLOW_PORT: 45678 for 5000 (takes a free port)',
      'HOME: /work/scratch for /tmp (the scratch volume is a directory of this run)',
      'TMPDIR: /work/scratch for /tmp (the scratch volume is a directory of this run)',
    ],
  });
});

test('leaves a home outside of the scratch volume alone', () => {
  expect(localEnvironment({ HOME: '/home/mlflow' }, place, {}).variables).toEqual({ HOME: '/home/mlflow' });
});

test('the table has no other entry', () => {
  expect(Object.keys(REPLACEMENTS)).toEqual(['MLFLOW_HOST', 'MLFLOW_PORT', 'HOME', 'TMPDIR']);
});

const addition = { AWS_REGION: { value: 'us-east-1', reason: 'ECS sets it' } };

test('adds what this machine needs, and says so', () => {
  expect(localEnvironment({}, place, addition)).toEqual({
    variables: { AWS_REGION: 'us-east-1' },
    deviations: ['AWS_REGION added (ECS sets it)'],
  });
});

test('an addition that the template has too is none', () => {
  expect(localEnvironment({ AWS_REGION: 'us-east-1' }, place, addition).deviations).toEqual([]);
});

test('an addition that the template contradicts is an error', () => {
  expect(() => localEnvironment({ AWS_REGION: 'eu-west-1' }, place, addition)).toThrow(
    'the template sets AWS_REGION, which the local run needs for itself (ECS sets it)',
  );
});
