import { createHash } from 'crypto';
import { filesOf, parseEnvironmentFile } from '../../../local/workload/ec2-user-data';
import { userData, UserDataInputs } from '../../../src/compute/ec2/user-data';
import { defineServer } from '../../../src/core/define-server';
import { namedSecret, SERVER_INPUTS } from '../../support/server-inputs';

const secret = { ...namedSecret('shared'), secretArn: 'arn:secret' } as any;

const INPUTS: UserDataInputs = {
  server: defineServer({
    ...SERVER_INPUTS,
    image: undefined,
    secrets: { KEY: { secret }, PGPASSWORD: { secret, field: 'password' } },
    options: { environment: { TEAM: `it's "$5"` } },
  }),
  memoryMiB: 704,
  installPackages: 'install python',
  python: 'python3.11',
  bootProgram: 'print("boot")\n',
  bootRequirements: 'boto3==1\n',
  files: { '/b': 'B', '/a': 'A' },
  filesResource: 'Template',
  signalResource: 'Group',
  stackId: 'arn:stack',
  region: 'eu-central-1',
  logGroupName: 'logs',
  bootSeconds: 1080,
};

const script = userData(INPUTS);
const files = filesOf(script);
const lines = script.split('\n');
const at = (line: string) => lines.indexOf(line);

test('its files are on the instance before anything is run', () => {
  expect(Object.keys(files)).toEqual([
    '/opt/mlflow/boot.py',
    '/opt/mlflow/boot.txt',
    '/etc/mlflow/instance.json',
    '/etc/mlflow/server.env',
    '/etc/systemd/system/mlflow.service',
  ]);
  expect(files['/opt/mlflow/boot.py']).toBe('print("boot")\n');
  expect(files['/opt/mlflow/boot.txt']).toBe('boto3==1\n');
});

test('the settings say where things are, and hold no secret', () => {
  const digest = createHash('sha256').update('/a\0A\0/b\0B\0').digest('hex');
  expect(JSON.parse(files['/etc/mlflow/instance.json'])).toEqual({
    region: 'eu-central-1',
    stack: 'arn:stack',
    files: { resource: 'Template', sha256: digest },
    signal: 'Group',
    health: 'http://127.0.0.1:5000/health',
    logGroup: 'logs',
    secrets: { KEY: ['arn:secret', null], PGPASSWORD: ['arn:secret', 'password'] },
  });
});

test('another file is another user data, and so another instance', () => {
  expect(userData({ ...INPUTS, files: { ...INPUTS.files, '/a': 'A2' } })).not.toBe(script);
  expect(userData({ ...INPUTS, files: { '/a': 'A', '/b': 'B' } })).toBe(script);
});

test('the variables are the definition’s', () => {
  expect(parseEnvironmentFile(files['/etc/mlflow/server.env'])).toEqual({
    ...INPUTS.server.environment,
    TEAM: `it's "$5"`,
  });
});

test('the operating system’s packages are a step of their own', () => {
  expect(script).toContain('install_packages() {\n  install python\n}\n');
  expect(lines.filter((line) => line.includes('install python'))).toHaveLength(1);
});

test('steps follow each other in the right order', () => {
  const pip =
    '/opt/mlflow/venv/bin/python -m pip install --quiet --no-cache-dir --only-binary=:all: --require-hashes --requirement';
  const order = [
    'set -euo pipefail',
    'trap finish EXIT',
    'install_packages',
    'python3.11 -m venv /opt/mlflow/venv',
    `${pip} /opt/mlflow/boot.txt`,
    '/opt/mlflow/venv/bin/python /opt/mlflow/boot.py files',
    'systemctl enable --now mlflow-logs.service',
    `${pip} /opt/mlflow/requirements.txt`,
    'systemctl start --no-block mlflow.service',
    '/opt/mlflow/venv/bin/python /opt/mlflow/boot.py health "$((1080 - SECONDS))"',
  ].map(at);
  expect(order).not.toContain(-1);
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

test('an address is taken over before the server is started, and only where there is one', () => {
  const step = '/opt/mlflow/venv/bin/python /opt/mlflow/instance.py address';
  expect(lines).not.toContain(step);
  const addressed = userData({ ...INPUTS, allocationId: 'eipalloc-1' });
  expect(JSON.parse(filesOf(addressed)['/etc/mlflow/instance.json']).address).toBe('eipalloc-1');
  const withAddress = addressed.split('\n');
  expect(withAddress.indexOf(step)).toBeGreaterThan(0);
  expect(withAddress.indexOf(step)).toBeLessThan(withAddress.indexOf('systemctl enable mlflow.service'));
});

test('nothing in it looks like a substitution of CloudFormation', () => {
  expect(script).not.toContain('${');
  expect(inContainer).not.toContain('${');
});

const withImage = (image: Partial<UserDataInputs['server']>) =>
  userData({ ...INPUTS, server: { ...INPUTS.server, imageUri: 'example.com/mlflow:1', ...image } });
const inContainer = withImage({});

describe('in a container', () => {
  const own = filesOf(inContainer);
  const steps = inContainer.split('\n');

  test('the files are the same, but for the unit and what says which image it is', () => {
    expect(Object.keys(own)).toEqual(Object.keys(files));
    const changed = Object.keys(own).filter((path) => own[path] !== files[path]);
    expect(changed).toEqual(['/etc/mlflow/instance.json', '/etc/systemd/system/mlflow.service']);
    expect(JSON.parse(own['/etc/mlflow/instance.json'])).toEqual({
      ...JSON.parse(files['/etc/mlflow/instance.json']),
      image: { name: 'example.com/mlflow:1' },
    });
  });

  test('Docker is started anew with its settings, and the image is pulled, before the server is started', () => {
    const order = [
      'install_packages',
      '/opt/mlflow/venv/bin/python /opt/mlflow/boot.py files',
      'systemctl enable --now mlflow-logs.service',
      'systemctl enable docker.service',
      'systemctl restart docker.service',
      '/opt/mlflow/venv/bin/python /opt/mlflow/image.py',
      'systemctl start --no-block mlflow.service',
    ].map((line) => steps.indexOf(line));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  test('MLflow is installed nowhere else, and there is no user on the instance', () => {
    expect(inContainer).not.toContain('/opt/mlflow/requirements.txt');
    expect(inContainer).not.toContain('useradd');
    expect(script).toContain('useradd');
    expect(steps.filter((line) => line.includes(' pip install '))).toHaveLength(1);
  });

  test.each<[string, Partial<UserDataInputs['server']>, object]>([
    ['a repository in ECR', { imageRepository: {} as any, imageTagOrDigest: '1' }, { ecr: true }],
    ['a secret', { imageCredentials: secret }, { credentials: 'arn:secret' }],
  ])('the registry is asked with %s', (_name, image, expected) => {
    const settings = JSON.parse(filesOf(withImage(image))['/etc/mlflow/instance.json']);
    expect(settings.image).toEqual({ name: 'example.com/mlflow:1', ...expected });
  });
});
