import { writeFileSync } from 'fs';
import { bootInstance, Instance } from './instance';
import { ensureImage, MachineKind } from './machine';
import { PublishedImage } from './published-image';
import { get } from '../../local/tools/http';
import { pause } from '../../local/tools/wait-until';
import { WorkDirectory } from '../../local/tools/work-directory';
import { succeed } from '../image/podman';

const PACKAGE_STEP = 'dnf install --assumeyes --quiet python3.11 docker';

jest.setTimeout(1_800_000);

let image: PublishedImage;
let instance: Instance;

beforeAll(async () => {
  await ensureImage(MachineKind.DOCKER);
  image = await PublishedImage.build();
  instance = await bootInstance(image);
});

afterAll(async () => {
  await instance?.close();
  await image?.close();
});

const run = (...argv: string[]) => instance.machine.run(...argv);
const health = async () => (await get(`http://127.0.0.1:${instance.port}/health`)).status;
const clientOf = () => run('systemctl', 'show', 'mlflow', '-p', 'MainPID', '--value');
const containers = async () =>
  (await run('docker', 'ps', '--all', '--format', '{{.Names}}')).split('\n').filter(Boolean);
const initOf = () => run('docker', 'inspect', '--format', '{{.State.Pid}}', 'mlflow');

async function untilHealthy(limit: number): Promise<number> {
  const start = Date.now();
  const seconds = () => (Date.now() - start) / 1000;
  while (seconds() < limit) {
    if ((await health().catch(() => 0)) === 200) return seconds();
    await pause(250);
  }
  throw new Error(`not healthy within ${limit} s:\n${await run('journalctl', '-u', 'mlflow', '-n', '40')}`);
}

/** Seconds from what makes the server go away until it answers again. */
async function recovery(action: () => Promise<unknown>, limit: number): Promise<number> {
  await action();
  while ((await health().catch(() => 0)) === 200) await pause(50);
  return untilHealthy(limit);
}

/** The values of the secrets, from where only root looks. */
async function secretsByName(): Promise<Record<string, string>> {
  const text = await run('cat', '/run/mlflow/secrets.env');
  const lines = [...text.matchAll(/^(\w+)="(.*)"$/gm)];
  return Object.fromEntries(lines.map(([, name, value]) => [name, value.replace(/\\(.)/g, '$1')]));
}

test('the user data, but for the packages of the operating system, ends well', async () => {
  const { machine, userData } = instance;
  expect(userData.split(PACKAGE_STEP)).toHaveLength(2);
  await machine.write('/var/lib/cloud/user-data.sh', userData.replace(PACKAGE_STEP, 'true'));
  const { code, output } = await machine.try([
    ...['systemd-run', '--unit=cloud-final', '--wait', '--quiet', '--property=Type=exec'],
    ...['bash', '/var/lib/cloud/user-data.sh'],
  ]);
  const bootLog = await run('journalctl', '--unit=cloud-final', '--output=cat');
  expect(`${code}${output}\n${bootLog}`).toMatch(/^0\n/);
  expect(bootLog).toContain(`cdk-mlflow: pulled ${image.registry.image}\n`);
  expect(bootLog).toContain(`the server answers http://127.0.0.1:${instance.port}/health`);
  expect(bootLog).not.toContain(image.registry.password);
});

test('the server runs in one container, and nothing has failed', async () => {
  expect(await health()).toBe(200);
  expect(await run('systemctl', '--failed', '--plain', '--no-legend')).toBe('');
  expect(await containers()).toEqual(['mlflow']);
  expect(await run('pgrep', '-c', '-f', 'bootstrap.py migrate').catch(() => '0')).toBe('0');
});

test('it is confined', async () => {
  const host = JSON.parse(await run('docker', 'inspect', '--format', '{{json .HostConfig}}', 'mlflow'));
  expect(host).toMatchObject({
    NetworkMode: 'host',
    ReadonlyRootfs: true,
    Privileged: false,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    Memory: 512 * 2 ** 20,
    MemorySwap: 512 * 2 ** 20,
    PidsLimit: 512,
    AutoRemove: true,
    RestartPolicy: { Name: expect.stringMatching(/^(no)?$/) },
    LogConfig: { Type: 'none' },
  });
  const status = await run('cat', `/proc/${await initOf()}/status`);
  expect(status).toMatch(/^Uid:\t1000\t1000\t1000\t1000$/m);
  expect(status).toMatch(/^CapEff:\t0+$/m);
  expect(status).toMatch(/^NoNewPrivs:\t1$/m);
  const group = /^\d+:memory:(.*)$/m.exec(await run('cat', `/proc/${await initOf()}/cgroup`))?.[1];
  if (group) expect(await run('cat', `/sys/fs/cgroup/memory${group}/memory.limit_in_bytes`)).toBe(`${512 * 2 ** 20}`);
  const write = await instance.machine.try(['docker', 'exec', 'mlflow', 'touch', '/x']);
  expect(write.output).toContain('Read-only file system');
});

test('the artifact store is reached with the rights of the instance’s role', async () => {
  const { MLFLOW_AUTH_ADMIN_USERNAME: user, MLFLOW_AUTH_ADMIN_PASSWORD: password } = await secretsByName();
  const headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  const url = `http://127.0.0.1:${instance.port}/api/2.0/mlflow-artifacts/artifacts/proof.txt`;
  expect((await fetch(url, { method: 'PUT', headers, body: 'from a container' })).status).toBe(200);
  const read = await fetch(url, { headers });
  expect([read.status, await read.text()]).toEqual([200, 'from a container']);
});

test('no secret is readable by another user, in the journal or in the process list', async () => {
  const { machine } = instance;
  const secrets = { ...(await secretsByName()), registry: image.registry.password };
  const values = Object.entries(secrets).filter(([name]) => !/USER/.test(name));
  expect(values.length).toBeGreaterThanOrEqual(6);
  expect(values.every(([, value]) => value.length >= 12)).toBe(true);
  expect(await run('stat', '--format=%a %U', '/run/mlflow/secrets.env')).toBe('600 root');
  for (const user of ['nobody', 'daemon']) {
    for (const file of [
      '/run/mlflow/secrets.env',
      `/proc/${await clientOf()}/environ`,
      `/proc/${await initOf()}/environ`,
    ]) {
      expect((await machine.try(['cat', file], user)).code).not.toBe(0);
    }
    expect((await machine.try(['docker', 'inspect', 'mlflow'], user)).code).not.toBe(0);
    expect((await machine.try(['find', '/var/lib/docker'], user)).code).not.toBe(0);
  }
  const places = {
    journal: await run('journalctl', '--output=json', '--all', '--no-pager'),
    processes: await run('ps', '-eo', 'args', '-ww'),
    unit: await run('systemctl', 'show', 'mlflow'),
    readable: (await machine.try(['grep', '-rsa', '', '/etc/mlflow', '/etc/docker', '/etc/systemd/system'], 'nobody'))
      .output,
    // What Docker has been told to sign in is gone; what it keeps is of the running container.
    configuration: (await machine.try(['sh', '-c', 'cat /root/.docker/* /etc/mlflow/docker/* 2>&1'])).output,
    userData: instance.userData,
  };
  for (const [place, text] of Object.entries(places)) {
    const found = values.filter(([, value]) => text.includes(value)).map(([name]) => name);
    expect([place, found]).toEqual([place, []]);
  }
});

test('the sandbox of the client is tight and the unit is well-formed', async () => {
  const text = await run('systemd-analyze', 'security', '--no-pager', 'mlflow.service');
  const [, level] = /Overall exposure level for \S+: ([\d.]+)/.exec(text)!;
  console.log(`exposure of the client: ${level}`);
  expect(Number(level)).toBeLessThanOrEqual(3);
  const verified = await instance.machine.try(['systemd-analyze', 'verify', '/etc/systemd/system/mlflow.service']);
  expect(`${verified.code} ${verified.output}`).toBe('0 ');
});

test('shellcheck finds nothing in the user data', async () => {
  const work = new WorkDirectory();
  const file = work.file('user-data.sh');
  writeFileSync(file, instance.userData);
  expect(await succeed(['shellcheck', '--shell=bash', file])).toBe('');
  work.remove();
});

test('Docker has made no network', async () => {
  expect(await run('ip', '-brief', 'link')).not.toContain('docker0');
  expect(await run('docker', 'network', 'ls', '--format', '{{.Name}}')).toBe('host\nnone');
});

test('Docker leaves the server the memory that it is given', async () => {
  const rows = (await run('ps', '-eo', 'comm,rss')).split('\n').map((row) => row.trim().split(/\s+/));
  const engine = rows.filter(([name]) => /^(dockerd|containerd|docker)/.test(name));
  const mebibytes = engine.reduce((sum, [, kibibytes]) => sum + Number(kibibytes) / 1024, 0);
  console.log(`Docker: ${mebibytes.toFixed(0)} MiB (${engine.map(([name, rss]) => `${name} ${rss} KiB`).join(', ')})`);
  expect(engine.length).toBeGreaterThanOrEqual(3);
  expect(mebibytes).toBeLessThan(192);
});

test.each<[string, number, () => Promise<unknown>]>([
  ['the server is killed', 30, async () => run('kill', '-9', await initOf())],
  ['a process of the server is killed', 30, async () => run('pkill', '-9', '-f', 'uvicorn')],
  ['the client is killed, which leaves the server behind', 30, async () => run('kill', '-9', await clientOf())],
  // By now the unit waits for some seconds before it starts once more.
  ['Docker is started anew', 60, async () => run('systemctl', 'restart', 'docker.service')],
])('%s: healthy again in less than %d s, in one container', async (name, limit, action) => {
  const before = await initOf();
  const seconds = await recovery(action, 90);
  console.log(`${name}: ${seconds.toFixed(1)} s`);
  expect(seconds).toBeLessThan(limit);
  expect(await containers()).toEqual(['mlflow']);
  expect(await initOf()).not.toBe(before);
  expect(await run('docker', 'volume', 'ls', '--quiet')).toBe('mlflow');
});

test('it stops in good order, and leaves nothing behind', async () => {
  const start = Date.now();
  await run('systemctl', 'stop', 'mlflow');
  console.log(`stopped in ${((Date.now() - start) / 1000).toFixed(1)} s`);
  expect(await containers()).toEqual([]);
  expect(await run('docker', 'volume', 'ls', '--quiet')).toBe('');
  expect(await run('systemctl', 'show', 'mlflow', '-p', 'Result', '--value')).toMatch(/^(success|exit-code)$/);
  await run('systemctl', 'start', 'mlflow');
  await untilHealthy(90);
});

test('a reboot brings the server back, from the image that is on the disk', async () => {
  image.registry.stop();
  await instance.machine.reboot();
  const seconds = await untilHealthy(180);
  console.log(`reboot: ${seconds.toFixed(1)} s after the machine was up`);
  expect(await containers()).toEqual(['mlflow']);
});
