import { DeployedResource, DeployedStack } from '../../local/emulator/deployed-stack';
import { ec2Instance } from '../../local/workload/ec2-instance';
import { filesOf, parseEnvironmentFile } from '../../local/workload/ec2-user-data';

const UNIT = `[Service]
EnvironmentFile=/etc/mlflow/server.env
EnvironmentFile=-/run/mlflow/secrets.env
RuntimeDirectory=mlflow
StateDirectory=mlflow
ExecStartPre=/opt/mlflow/venv/bin/python /opt/mlflow/instance.py secrets
ExecStart=/opt/mlflow/venv/bin/python /opt/mlflow/bootstrap.py serve
TimeoutStopSec=120
BindPaths=/var/cache/mlflow:/tmp`;

const file = (path: string, content: string) => `cat > ${path} <<'END'\n${content}\nEND\n`;

function userData(unit = UNIT, health = 'http://127.0.0.1:5000/health'): string {
  return [
    '#!/bin/bash\n',
    file('/etc/mlflow/instance.json', JSON.stringify({ health })),
    file('/etc/mlflow/server.env', 'A="1"'),
    file('/etc/systemd/system/mlflow.service', unit),
  ].join('');
}

function stackWith(text: string, openPort = 5000): DeployedStack {
  const resource = (type: string, logicalId: string, properties: object, attributes = {}): DeployedResource => ({
    type: `AWS::${type}`,
    logicalId,
    physicalId: logicalId,
    properties,
    attributes,
  });
  const LaunchTemplateData = {
    ImageId: 'ami-1',
    InstanceType: 't3.micro',
    IamInstanceProfile: { Arn: 'arn:profile' },
    UserData: Buffer.from(text).toString('base64'),
  };
  return new DeployedStack('S', [
    resource('AutoScaling::AutoScalingGroup', 'Group', { LaunchTemplate: { LaunchTemplateId: 'Template' } }),
    resource('EC2::LaunchTemplate', 'Template', { LaunchTemplateData }),
    resource('IAM::InstanceProfile', 'Profile', { Roles: ['Role'] }, { Arn: 'arn:profile' }),
    resource('IAM::Role', 'Role', {}, { Arn: 'arn:role' }),
    resource('EC2::SecurityGroup', 'Open', {
      SecurityGroupIngress: [{ Description: 'MLflow clients', FromPort: openPort }],
    }),
  ]);
}

test('the unit’s own commands, variables and directories are run, with the instance’s role', () => {
  const { processes, healthCheck, service } = ec2Instance(stackWith(userData()));
  expect(service).toBe('ec2.amazonaws.com');
  expect(processes.map(({ argv }) => argv.slice(1).join(' '))).toEqual([
    '/opt/mlflow/boot.py files',
    '/opt/mlflow/instance.py secrets',
    '/opt/mlflow/bootstrap.py serve',
  ]);
  for (const process of processes) {
    expect(process).toMatchObject({
      environment: { A: '1' },
      environmentFile: '/run/mlflow/secrets.env',
      directories: { RUNTIME_DIRECTORY: '/run/mlflow', STATE_DIRECTORY: '/var/lib/mlflow' },
      roleArn: 'arn:role',
      secretsRoleArn: 'arn:role',
      secrets: [],
      scratchPaths: ['/tmp'],
      stopTimeoutSeconds: 120,
    });
  }
  expect(healthCheck).toEqual({ path: '/health', healthyStatus: '200', port: 5000 });
});

describe('a unit that runs containers', () => {
  const docker = '/usr/bin/docker --config=/c';
  const run = `${docker} run --rm --read-only --user=1000:1000 --env-file=/etc/mlflow/variables --mount=type=volume,target=/scratch --mount=type=bind,source=/opt/mlflow/bootstrap.py,target=/x/program.py,readonly --entrypoint=python "example.com/mlflow:1" /x/program.py`;
  const unit = UNIT.replace(
    /ExecStart=.*/,
    `ExecStartPre=${docker} rm --force mlflow\nExecStartPre=${run} migrate\nExecStart=${run} serve --app-name "basic auth"`,
  ).replace(/\nBindPaths.*/, '');

  test('is run as what the containers start, with the variables that they are given', () => {
    const { processes, deviations } = ec2Instance(stackWith(userData(unit)));
    expect(
      processes.map(({ name, argv, variablesFile, scratchPaths }) => [name, argv, variablesFile, scratchPaths]),
    ).toEqual([
      ['files', expect.any(Array), undefined, []],
      ['step-1', expect.any(Array), undefined, []],
      ['step-3', ['python', '/opt/mlflow/bootstrap.py', 'migrate'], '/etc/mlflow/variables', ['/scratch']],
      [
        'server',
        ['python', '/opt/mlflow/bootstrap.py', 'serve', '--app-name', 'basic auth'],
        '/etc/mlflow/variables',
        ['/scratch'],
      ],
    ]);
    expect(deviations).toContain(
      'the containers: processes of this machine, without image example.com/mlflow:1, --read-only, --user=1000:1000',
    );
  });

  test.each([
    ['a value on the command line', unit.replace(/--read-only/g, '--env=SECRET=x'), 'SECRET is on a command line'],
    ['no variables', unit.replace(/--env-file=\S+/g, ''), 'a container without variables'],
    ['no entry point', unit.replace(/--entrypoint=python/g, ''), 'a container without image or entry point'],
  ])('%s is a failure', (_name, other, message) => {
    expect(() => ec2Instance(stackWith(userData(other)))).toThrow(message);
  });
});

test.each([
  ['no server', userData(UNIT.replace(/ExecStart=.*\n/, '')), 'mlflow.service has no ExecStart, or more than one'],
  ['no secrets', userData(UNIT.replace(/EnvironmentFile=-.*\n/, '')), 'reads no file that its own first step writes'],
  ['no unit', '#!/bin/bash\n', 'the user data writes no /etc/systemd/system/mlflow.service'],
  ['another port', userData(UNIT, 'http://127.0.0.1:5001/health'), 'port 5000 is open, the server has 5001'],
  ['a file without an end', "cat > /x <<'END'\nx\n", 'the user data does not end the file /x'],
])('%s is a failure', (_name, text, message) => {
  expect(() => ec2Instance(stackWith(text))).toThrow(message);
});

test('what is no variable is not passed over', () => {
  expect(() => parseEnvironmentFile('A="1"\nnot a variable\n')).toThrow('not a line of variables: not a variable');
  expect(filesOf(file('/a b', 'x'))).toEqual({});
});
