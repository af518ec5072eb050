import { Duration } from 'aws-cdk-lib';
import { directives } from '../../../local/workload/ec2-user-data';
import { containerUnit, engineSettings, variableNames } from '../../../src/compute/ec2/systemd-container';
import { serverUnit } from '../../../src/compute/ec2/systemd-unit';
import { defineServer } from '../../../src/core/define-server';
import { SERVER_INPUTS } from '../../support/server-inputs';

const definition = defineServer(SERVER_INPUTS);
const unit = containerUnit(definition, 512);
const DOCKER = '/usr/bin/docker --config=/etc/mlflow/docker --host=unix:///run/docker.sock';
const RUN = [
  DOCKER,
  'run --rm --name=mlflow --pull=never --init --network=host',
  '--read-only --cap-drop=ALL --security-opt=no-new-privileges --user=1000:1000',
  '--memory=512m --memory-swap=512m --pids-limit=512 --env-file=/etc/mlflow/variables --stop-timeout=120 --log-driver=none',
  '--mount=type=volume,source=mlflow,target=/tmp',
  '--mount=type=bind,source=/opt/mlflow/bootstrap.py,target=/cdk-mlflow/bootstrap.py,readonly',
  '--entrypoint=python example.com/mlflow:1 /cdk-mlflow/bootstrap.py',
].join(' ');

test.each([
  ['Wants', ['network-online.target docker.service']],
  ['After', ['network-online.target docker.service']],
  ['StartLimitIntervalSec', ['0']],
  ['Type', ['exec']],
  // Root, to whom the daemon listens, but without capabilities.
  ['User', []],
  ['CapabilityBoundingSet', ['']],
  ['NoNewPrivileges', ['true']],
  ['ProtectSystem', ['strict']],
  ['ProtectHome', ['true']],
  ['PrivateTmp', ['true']],
  ['EnvironmentFile', ['/etc/mlflow/server.env', '-/run/mlflow/secrets.env']],
  ['RuntimeDirectoryMode', ['0700']],
  [
    'ExecStartPre',
    [
      '/opt/mlflow/venv/bin/python /opt/mlflow/instance.py secrets',
      `${DOCKER} rm --force mlflow`,
      `${DOCKER} volume rm --force mlflow`,
      `${RUN} migrate`,
    ],
  ],
  ['ExecStart', [`${RUN} serve`]],
  ['ExecStopPost', [`-${DOCKER} rm --force mlflow`, `-${DOCKER} volume rm --force mlflow`]],
  ['Restart', ['always']],
  ['RestartSec', ['1']],
  ['KillMode', ['mixed']],
  ['TimeoutStartSec', ['infinity']],
  ['TimeoutStopSec', ['120']],
  ['MemoryMax', ['192M']],
  ['WantedBy', ['multi-user.target']],
])('%s', (name, values) => {
  expect(directives(unit, name)).toEqual(values);
});

test('what is run, with how much memory and for how long it may stop, is the definition’s', () => {
  const other = containerUnit(
    {
      ...definition,
      imageUri: 'example.com/other@sha256:0',
      migrateArguments: ['migrate', '--slowly'],
      serveArguments: ['serve', '--message', '100% of $HOME'],
      stopTimeout: Duration.seconds(30),
      scratchPath: '/scratch',
      userId: 1234,
    },
    4096,
  );
  const [serve] = directives(other, 'ExecStart');
  expect(directives(other, 'ExecStartPre')[3]).toMatch(
    / --entrypoint=python example\.com\/other@sha256:0 \/cdk-mlflow\/bootstrap\.py migrate --slowly$/,
  );
  expect(serve).toMatch(/bootstrap\.py serve --message "100%% of \$\$HOME"$/);
  for (const option of [
    '--user=1234:1234',
    '--memory=4096m',
    '--memory-swap=4096m',
    '--stop-timeout=30',
    '--mount=type=volume,source=mlflow,target=/scratch',
  ]) {
    expect(serve.split(' ')).toContain(option);
  }
  expect(directives(other, 'TimeoutStopSec')).toEqual(['30']);
});

test('variables are handed on by name: no value is on a command line, in the unit or in the file', () => {
  expect(unit).not.toMatch(/^Environment=|--env[= ]/m);
  const names = variableNames(definition);
  expect(names).toMatch(/^(\w+\n)+$/);
  expect(names.trim().split('\n')).toEqual([...Object.keys(definition.environment), 'SHARED']);
});

test('no two containers of a server can be there at the same time', () => {
  const names = unit.match(/--name=\S+/g);
  expect(names).toEqual(['--name=mlflow', '--name=mlflow']);
  expect(unit).not.toMatch(/--detach|--restart/);
});

test('the client is as confined as the server in a virtual environment', () => {
  const sandbox = (text: string) =>
    text
      .split('\n')
      .filter((line) => /^(Protect|Restrict[A-Z]|SystemCall|Private|NoNew|Capab|Ambient|UMask)/.test(line));
  expect(sandbox(unit)).toEqual(expect.arrayContaining(sandbox(serverUnit(definition, 704))));
});

test('Docker has no network of its own', () => {
  expect(JSON.parse(engineSettings())).toEqual({
    bridge: 'none',
    iptables: false,
    ip6tables: false,
    'ip-forward': false,
    'userland-proxy': false,
  });
});
