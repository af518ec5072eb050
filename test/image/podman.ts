import { execFile } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { LocalRunFailure } from '../../local/failure';
import { CACHE } from '../../local/tools/paths';

export const HOME = path.join(CACHE, 'image');

const PACKAGES = ['podman', 'runc', 'buildah', 'netavark', 'aardvark-dns', 'debootstrap'];

/** Files of its own: the machine's containers and settings are left alone. */
const CONTAINERS = `[containers]
default_ulimits = ["nofile=20000:20000", "nproc=20000:20000"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
`;
const STORAGE = `[storage]
driver = "overlay"
graphroot = "${HOME}/storage"
runroot = "${HOME}/running"
`;

export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs a command to its end. */
export function execute(argv: readonly string[], environment: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: environment, maxBuffer: 64 * 1024 * 1024 };
    execFile(argv[0], argv.slice(1), options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
      resolve({ code, output: code === 0 ? stdout.trim() : `${stdout}${stderr}${code < 0 ? error : ''}`.trim() });
    });
  });
}

/** The same; anything but exit code 0 is a failure that shows the end of the output. */
export async function succeed(argv: readonly string[], environment?: NodeJS.ProcessEnv): Promise<string> {
  const { code, output } = await execute(argv, environment);
  if (code !== 0) {
    const end = output.split('\n').slice(-25).join('\n');
    throw new LocalRunFailure(`${argv.slice(0, 3).join(' ')} ... exited ${code}:\n${end}`);
  }
  return output;
}

/** With podman's own settings. */
export const podmanEnvironment = (given: Record<string, string>) => ({
  CONTAINERS_CONF: path.join(HOME, 'containers.conf'),
  CONTAINERS_STORAGE_CONF: path.join(HOME, 'storage.conf'),
  ...given,
});

/** The variables are podman's own: `--env NAME` hands one on without showing its value to other users. */
export const podman = (args: readonly string[], variables: Record<string, string> = {}) =>
  succeed(['podman', ...args], { ...process.env, ...podmanEnvironment(variables) });

export const tryPodman = (args: readonly string[], variables: Record<string, string> = {}) =>
  execute(['podman', ...args], { ...process.env, ...podmanEnvironment(variables) });

/** Installs what is missing. This cannot be done without being root on Debian: then it fails, it never skips. */
export async function ensurePodman(): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new LocalRunFailure('this test builds and runs containers: it needs Linux, as root');
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
}

/** What the containers that are still there said last. */
export async function lastLinesOfContainers(): Promise<string[]> {
  const { code, output } = await tryPodman(['ps', '--all', '--quiet']);
  const logs = await Promise.all(
    (code === 0 ? output.split('\n') : []).map((id) =>
      execute(['sh', '-c', 'podman logs "$1" 2>&1', 'logs', id], { ...process.env, ...podmanEnvironment({}) }),
    ),
  );
  return logs.flatMap((log) => log.output.split('\n').slice(-20));
}

export async function removeContainers(): Promise<void> {
  await tryPodman(['rm', '--all', '--force', '--volumes']);
  await tryPodman(['volume', 'prune', '--force']);
}

/** What a run leaves in a storage of its own is the base image. */
export async function removeImages(keep: string): Promise<void> {
  const images = await tryPodman(['images', '--format', '{{.ID}} {{.Repository}}:{{.Tag}}']);
  const others = images.output.split('\n').filter((line) => line && !line.endsWith(` ${keep}`));
  for (const line of others) await tryPodman(['rmi', '--force', line.split(' ')[0]]);
  await tryPodman(['image', 'prune', '--force']);
}
