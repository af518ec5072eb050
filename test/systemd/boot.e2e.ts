import { readFileSync } from 'fs';
import { join } from 'path';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { bootInstance, Instance, ODD_VALUE } from './instance';
import { ensureImage } from './machine';
import { get } from '../../local/tools/http';
import { pause } from '../../local/tools/wait-until';
import { succeed } from '../image/podman';

const PACKAGE_STEP = 'dnf install --assumeyes --quiet python3.11';
const SECRETS = [
  'PGPASSWORD',
  'MLFLOW_AUTH_ADMIN_PASSWORD',
  'MLFLOW_FLASK_SERVER_SECRET_KEY',
  'MLFLOW_CRYPTO_KEK_PASSPHRASE',
];

jest.setTimeout(900_000);

let instance: Instance;

beforeAll(async () => {
  await ensureImage();
  instance = await bootInstance();
});

afterAll(async () => {
  await instance?.close();
});

const health = async () => (await get(`http://127.0.0.1:${instance.port}/health`)).status;

/** Seconds until the server answers again. */
async function untilHealthy(limit: number): Promise<number> {
  const start = Date.now();
  const seconds = () => (Date.now() - start) / 1000;
  while (seconds() < limit) {
    if ((await health().catch(() => 0)) === 200) return seconds();
    await pause(250);
  }
  throw new Error(
    `not healthy within ${limit} s:\n${await instance.machine.run('journalctl', '-u', 'mlflow', '-n', '30')}`,
  );
}

/** The values of the secrets, from where only root looks. */
async function secretValues(): Promise<string[]> {
  const text = await instance.machine.run('cat', '/run/mlflow/secrets.env');
  return SECRETS.map((name) => new RegExp(`^${name}="(.*)"$`, 'm').exec(text)![1].replace(/\\(.)/g, '$1'));
}

test('the user data, but for the packages of the operating system, ends well', async () => {
  const { machine, userData } = instance;
  expect(userData.split(PACKAGE_STEP)).toHaveLength(2);
  await machine.write('/var/lib/cloud/user-data.sh', userData.replace(PACKAGE_STEP, 'true'));
  const { code, output } = await machine.try([
    ...['systemd-run', '--unit=cloud-final', '--wait', '--quiet', '--property=Type=exec'],
    ...['bash', '/var/lib/cloud/user-data.sh'],
  ]);
  const bootLog = await machine.run('journalctl', '--unit=cloud-final', '--output=cat');
  expect(`${code}${output}\n${bootLog}`).toMatch(/^0\n/);
  expect(bootLog).toContain(`the server answers http://127.0.0.1:${instance.port}/health`);
});

test('the unit is healthy and nothing has failed', async () => {
  expect(await health()).toBe(200);
  expect(await instance.machine.run('systemctl', '--failed', '--plain', '--no-legend')).toBe('');
  const show = await instance.machine.run(
    'systemctl',
    'show',
    'mlflow',
    '-p',
    'User',
    '-p',
    'MemoryMax',
    '-p',
    'NRestarts',
  );
  expect(show.split('\n').sort()).toEqual(['MemoryMax=738197504', 'NRestarts=0', 'User=mlflow']);
});

test('the variables are what the template says, letter by letter', async () => {
  const pid = await instance.machine.run('systemctl', 'show', 'mlflow', '-p', 'MainPID', '--value');
  const environ = await instance.machine.run('cat', `/proc/${pid}/environ`);
  expect(environ.split('\0')).toContain(`TEAM_ODD=${ODD_VALUE}`);
});

test('no secret is readable by another user, in the journal or in the process list', async () => {
  const { machine } = instance;
  const values = await secretValues();
  expect(values.every((value) => value.length >= 12)).toBe(true);
  expect(await machine.run('stat', '--format=%a %U', '/run/mlflow/secrets.env')).toBe('600 mlflow');
  for (const user of ['nobody', 'daemon']) {
    expect((await machine.try(['cat', '/run/mlflow/secrets.env'], user)).code).not.toBe(0);
    const pid = await machine.run('systemctl', 'show', 'mlflow', '-p', 'MainPID', '--value');
    expect((await machine.try(['cat', `/proc/${pid}/environ`], user)).code).not.toBe(0);
  }
  const places = {
    journal: await machine.run('journalctl', '--output=json', '--all', '--no-pager'),
    processes: await machine.run('ps', '-eo', 'args', '-ww'),
    unit: await machine.run('systemctl', 'show', 'mlflow'),
    readable: (
      await machine.try(['grep', '-rsa', '', '/etc/mlflow', '/opt/mlflow/boot.py', '/etc/systemd/system'], 'nobody')
    ).output,
    userData: instance.userData,
  };
  for (const [place, text] of Object.entries(places)) {
    expect(`${place}: ${values.filter((value) => text.includes(value)).length}`).toBe(`${place}: 0`);
  }
});

test('the sandbox is tight and the unit is well-formed', async () => {
  const { machine } = instance;
  for (const unit of ['mlflow.service', 'mlflow-logs.service']) {
    const text = await machine.run('systemd-analyze', 'security', '--no-pager', unit);
    const [, level] = /Overall exposure level for \S+: ([\d.]+)/.exec(text)!;
    expect(Number(level)).toBeLessThanOrEqual(3);
    const verified = await machine.try(['systemd-analyze', 'verify', `/etc/systemd/system/${unit}`]);
    expect(`${verified.code} ${verified.output}`).toBe('0 ');
  }
});

test('shellcheck finds nothing in the user data', async () => {
  await instance.machine.write('/srv/user-data.sh', instance.userData);
  const file = join(__dirname, '..', '..', '.cache', 'systemd', 'copied');
  expect(readFileSync(file, 'utf8')).toBe(instance.userData);
  expect(await succeed(['shellcheck', '--shell=bash', file])).toBe('');
});

/** Asks the emulator as the account's owner; there is no client of CloudWatch Logs among the development dependencies. */
const READ_LOGS = `
import boto3, json, sys
request, endpoint, authority = sys.argv[1:]
owner = dict(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")
logs = boto3.client("logs", endpoint_url=endpoint, verify=authority, **owner)
print(json.dumps([event["message"] for event in logs.get_log_events(**json.loads(request))["events"]]))
`;

test('the journal is in CloudWatch Logs', async () => {
  const { emulator, stack, python } = instance;
  const logGroupName = stack.only('AWS::Logs::LogGroup').physicalId;
  const request = JSON.stringify({ logGroupName, logStreamName: 'i-0123456789abcdef0', startFromHead: true });
  await pause(4000);
  const output = await succeed([python, '-c', READ_LOGS, request, emulator.endpoint, emulator.authority]);
  const messages: string[] = JSON.parse(output);
  expect(messages).toContain('cdk-mlflow: starting mlflow server');
  expect(messages.some((message) => message.startsWith('cdk-mlflow: the server answers'))).toBe(true);
});

test('kill -9: healthy again in less than 30 s', async () => {
  const pid = await instance.machine.run('systemctl', 'show', 'mlflow', '-p', 'MainPID', '--value');
  await instance.machine.run('kill', '-9', pid);
  while ((await health().catch(() => 0)) === 200) await pause(50);
  const seconds = await untilHealthy(60);
  console.log(`kill -9: ${seconds.toFixed(1)} s`);
  expect(seconds).toBeLessThan(30);
  expect(await instance.machine.run('systemctl', 'show', 'mlflow', '-p', 'NRestarts', '--value')).toBe('1');
});

test('a server process that is killed inside brings the unit back too', async () => {
  const [main, ...rest] = (await instance.machine.run('pgrep', '-u', 'mlflow')).split('\n');
  expect(rest.length).toBeGreaterThan(0);
  expect(main).toBe(await instance.machine.run('systemctl', 'show', 'mlflow', '-p', 'MainPID', '--value'));
  await instance.machine.run('kill', '-9', rest[0]);
  while ((await health().catch(() => 0)) === 200) await pause(50);
  await untilHealthy(60);
});

test('a rotated secret is taken up by a restart', async () => {
  const before = await secretValues();
  const { emulator } = instance;
  const settings = JSON.parse(await instance.machine.run('cat', '/etc/mlflow/instance.json'));
  const [secret] = settings.secrets.MLFLOW_FLASK_SERVER_SECRET_KEY;
  const rotated = 'r'.repeat(64);
  await new SecretsManagerClient(emulator.client()).send(
    new PutSecretValueCommand({ SecretId: secret, SecretString: rotated }),
  );
  await instance.machine.run('systemctl', 'restart', 'mlflow');
  await untilHealthy(60);
  const after = await secretValues();
  expect([before[2] === rotated, after[2]]).toEqual([false, rotated]);
});

test('a reboot brings the server back', async () => {
  await instance.machine.reboot();
  const seconds = await untilHealthy(120);
  console.log(`reboot: ${seconds.toFixed(1)} s after the machine was up`);
});
