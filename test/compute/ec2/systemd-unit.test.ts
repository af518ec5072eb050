import { Duration } from 'aws-cdk-lib';
import { directives } from '../../../local/workload/ec2-user-data';
import { journalLimits, logsUnit, serverUnit } from '../../../src/compute/ec2/systemd-unit';
import { defineServer } from '../../../src/core/define-server';
import { SERVER_INPUTS } from '../../support/server-inputs';

const definition = defineServer(SERVER_INPUTS);
const unit = serverUnit(definition, 704);

test.each([
  ['User', ['mlflow']],
  ['EnvironmentFile', ['/etc/mlflow/server.env', '-/run/mlflow/secrets.env']],
  [
    'ExecStartPre',
    [
      '/opt/mlflow/venv/bin/python /opt/mlflow/instance.py secrets',
      '/opt/mlflow/venv/bin/python /opt/mlflow/bootstrap.py migrate',
    ],
  ],
  ['ExecStart', ['/opt/mlflow/venv/bin/python /opt/mlflow/bootstrap.py serve']],
  ['ExecStopPost', ['-/usr/bin/find /tmp -mindepth 1 -delete']],
  ['RuntimeDirectoryMode', ['0700']],
  ['Restart', ['always']],
  ['StartLimitIntervalSec', ['0']],
  ['KillMode', ['mixed']],
  ['TimeoutStopSec', ['120']],
  ['TimeoutStartSec', ['infinity']],
  ['MemoryMax', ['704M']],
  ['BindPaths', ['/var/cache/mlflow:/tmp']],
  ['NoNewPrivileges', ['true']],
  ['CapabilityBoundingSet', ['']],
  ['ProtectSystem', ['strict']],
  ['WantedBy', ['multi-user.target']],
])('%s', (name, values) => {
  expect(directives(unit, name)).toEqual(values);
});

test('what is run, and for how long it may stop, is the definition’s', () => {
  const other = serverUnit(
    {
      ...definition,
      migrateArguments: ['migrate', '--slowly'],
      serveArguments: ['serve', '--message', '100% of $HOME'],
      stopTimeout: Duration.seconds(30),
      scratchPath: '/scratch',
    },
    4096,
  );
  expect(directives(other, 'ExecStartPre')[1]).toMatch(/bootstrap\.py migrate --slowly$/);
  expect(directives(other, 'ExecStart')[0]).toMatch(/bootstrap\.py serve --message "100%% of \$\$HOME"$/);
  expect(directives(other, 'TimeoutStopSec')).toEqual(['30']);
  expect(directives(other, 'BindPaths')).toEqual(['/var/cache/mlflow:/scratch']);
  expect(directives(other, 'ExecStopPost')).toEqual(['-/usr/bin/find /scratch -mindepth 1 -delete']);
  expect(directives(other, 'MemoryMax')).toEqual(['4096M']);
});

test('the journal is read by a user of its own, with as few rights', () => {
  const logs = logsUnit();
  expect(directives(logs, 'DynamicUser')).toEqual(['true']);
  expect(directives(logs, 'SupplementaryGroups')).toEqual(['systemd-journal']);
  expect(directives(logs, 'ExecStart')).toEqual(['/opt/mlflow/venv/bin/python /opt/mlflow/instance.py logs']);
  expect(directives(logs, 'MemoryMax')).toEqual(['128M']);
  const sandbox = (text: string) =>
    text.split('\n').filter((line) => /^(Protect|Restrict|SystemCall|Private)/.test(line));
  expect(sandbox(logs)).toEqual(expect.arrayContaining(sandbox(unit)));
});

test('no unit names a secret or a variable', () => {
  for (const text of [unit, logsUnit()]) expect(text).not.toMatch(/PASSWORD|SECRET|^Environment=/m);
});

test('the journal takes a part of the disk only', () => {
  expect(journalLimits()).toBe('[Journal]\nSystemMaxUse=256M\nRuntimeMaxUse=32M\n');
});
