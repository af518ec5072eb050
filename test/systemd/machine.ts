import * as fs from 'fs';
import * as path from 'path';
import { LocalRunFailure } from '../../local/failure';
import { CACHE } from '../../local/tools/paths';
import { Ended, execute, succeed } from '../image/podman';

const HOME = path.join(CACHE, 'systemd');

/** What a machine is booted from: with what an instance has before its packages are installed, and with Docker as well. */
export enum MachineKind {
  PLAIN = 'systemd',
  DOCKER = 'docker',
}

const imageOf = (kind: MachineKind) => `localhost/debian-with-${kind}:12`;

/** Of this machine; nothing else is changed on it. */
const PACKAGES = ['podman', 'runc', 'buildah', 'netavark', 'aardvark-dns', 'debootstrap', 'shellcheck'];

/** What an instance has before its packages are installed, and Python: Amazon Linux's own packages are out of reach. */
const INSTANCE_PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'python3',
  'python3-venv',
  'python3.11-venv',
  'ca-certificates',
  'iproute2',
  'procps',
  'passwd',
];

// The machine's own settings are left alone: they raise limits and use a run time that this kind of machine refuses.
const CONTAINERS = `[containers]
default_ulimits = ["nofile=20000:20000", "nproc=20000:20000"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`;
const STORAGE = `[storage]
driver = "overlay"
graphroot = "${HOME}/storage"
runroot = "${HOME}/running"
`;

const environment = () => ({
  ...process.env,
  CONTAINERS_CONF: path.join(HOME, 'containers.conf'),
  CONTAINERS_STORAGE_CONF: path.join(HOME, 'storage.conf'),
});

/** Installs what is missing and builds the image once. Where that cannot be done it fails; it never skips. */
export async function ensureImage(kind = MachineKind.PLAIN): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new LocalRunFailure('this test boots a machine with systemd: it needs Linux, as root');
  }
  const missing: string[] = [];
  for (const name of PACKAGES) {
    const { code } = await execute(['dpkg-query', '--show', '--showformat=${db:Status-Status}', name]);
    if (code !== 0) missing.push(name);
  }
  if (missing.length > 0) {
    await succeed(['apt-get', 'update', '--quiet=2']);
    const install = ['apt-get', 'install', '--quiet=2', '--yes', '--no-install-recommends', ...missing];
    await succeed(install, { ...process.env, DEBIAN_FRONTEND: 'noninteractive' });
  }
  fs.mkdirSync(HOME, { recursive: true });
  fs.writeFileSync(path.join(HOME, 'containers.conf'), CONTAINERS);
  fs.writeFileSync(path.join(HOME, 'storage.conf'), STORAGE);
  if ((await execute(['podman', 'image', 'exists', imageOf(kind)], environment())).code === 0) return;
  const root = path.join(HOME, 'root');
  fs.rmSync(root, { recursive: true, force: true });
  const packages = [...INSTANCE_PACKAGES, ...(kind === MachineKind.DOCKER ? ['docker.io'] : [])];
  await succeed(['debootstrap', '--variant=minbase', `--include=${packages.join(',')}`, 'bookworm', root]);
  // As on Amazon Linux, it waits to be started. With its own settings it would change this machine's network.
  for (const unit of ['multi-user.target.wants/docker.service', 'sockets.target.wants/docker.socket']) {
    fs.rmSync(path.join(root, 'etc', 'systemd', 'system', unit), { force: true });
  }
  await succeed(['tar', '--create', '--directory', root, '--file', `${root}.tar`, '.']);
  await succeed(['podman', 'import', '--quiet', `${root}.tar`, imageOf(kind)], environment());
  fs.rmSync(root, { recursive: true, force: true });
  fs.rmSync(`${root}.tar`);
}

/** A machine with systemd as its first process, in a container that shares this machine's network. */
export class Machine {
  /** @param memory What the machine has, such as `1024m`. */
  public static async boot(memory: string, kind = MachineKind.PLAIN): Promise<Machine> {
    const machine = new Machine(`cdk-mlflow-systemd-${process.pid}`, kind);
    const run = ['run', '--detach', '--systemd=always', '--network=host', `--name=${machine.name}`];
    // systemd itself makes namespaces and filters system calls, as it does on an instance.
    const rights = ['--security-opt=seccomp=unconfined', '--security-opt=unmask=ALL'];
    if (kind === MachineKind.PLAIN) rights.push('--cap-add=SYS_ADMIN');
    // Docker makes containers and their control groups, on a disk that is none of a container's layers.
    if (kind === MachineKind.DOCKER) {
      rights.push('--cap-add=ALL', '--cgroupns=private', '--device-cgroup-rule=a *:* rwm', '--volume=/var/lib/docker');
    }
    await machine.podman([
      ...run,
      ...rights,
      `--memory=${memory}`,
      `--memory-swap=${memory}`,
      imageOf(kind),
      '/lib/systemd/systemd',
    ]);
    await machine.untilBooted();
    return machine;
  }

  private constructor(
    private readonly name: string,
    private readonly kind: MachineKind,
  ) {}

  /** Runs a command and says how it ended. */
  public async try(argv: readonly string[], user = 'root'): Promise<Ended> {
    return execute(['podman', 'exec', `--user=${user}`, this.name, ...argv], environment());
  }

  public async run(...argv: string[]): Promise<string> {
    return succeed(['podman', 'exec', this.name, ...argv], environment());
  }

  public async write(file: string, content: string): Promise<void> {
    const source = path.join(HOME, 'copied');
    fs.writeFileSync(source, content);
    await this.run('mkdir', '-p', path.dirname(file));
    await this.podman(['cp', source, `${this.name}:${file}`]);
  }

  /** As a person would: the first process stops everything, and the machine comes up again. */
  public async reboot(): Promise<void> {
    await this.try(['systemctl', 'reboot']);
    for (let attempt = 0; attempt < 120; attempt++) {
      const { output } = await execute(['podman', 'inspect', '--format={{.State.Running}}', this.name], environment());
      if (output === 'false') break;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    await this.podman(['start', this.name]);
    await this.untilBooted();
  }

  public async remove(): Promise<void> {
    await execute(['podman', 'rm', '--force', '--time=1', '--volumes', this.name], environment());
  }

  private async untilBooted(): Promise<void> {
    for (let attempt = 0; attempt < 60; attempt++) {
      const { output } = await this.try(['systemctl', 'is-system-running']);
      if (/^(running|degraded)/.test(output)) return this.openControlGroups();
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    throw new LocalRunFailure('the machine did not boot');
  }

  /** Docker makes control groups of its own; in a container they are read-only, on a machine they are not. */
  private async openControlGroups(): Promise<void> {
    if (this.kind !== MachineKind.DOCKER) return;
    const readOnly = "awk '$3 ~ /^cgroup/ && $4 ~ /^ro,/ {print $2}' /proc/mounts";
    await this.run('sh', '-c', `for each in $(${readOnly}); do mount -o remount,bind,rw "$each"; done`);
  }

  private podman(args: readonly string[]): Promise<string> {
    return succeed(['podman', ...args], environment());
  }
}
