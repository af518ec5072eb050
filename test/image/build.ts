import * as fs from 'fs';
import * as path from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { execute, HOME, podman, succeed, tryPodman } from './podman';
import { REPOSITORY } from '../../local/tools/paths';
import { MlflowVersion, ServerImage } from '../../src';

export const HARDENED = 'localhost/hardened:test';
export const UNCOMPILED = 'localhost/uncompiled:test';
export const STOCK = 'localhost/stock:test';

const ASSETS = path.join(REPOSITORY, 'assets');
const HERE = path.join(REPOSITORY, 'test', 'image');

/** The default of the Dockerfile's own argument. */
export const BASE = /^ARG BASE_IMAGE=(\S+)$/m.exec(
  fs.readFileSync(path.join(ASSETS, 'image', 'Dockerfile'), 'utf8'),
)![1];

/** Says where the base comes from: its registry, or, where that is out of reach, Debian with the same Python. */
export async function ensureBase(): Promise<string> {
  const noteFile = path.join(HOME, 'base.txt');
  if ((await tryPodman(['image', 'exists', BASE])).code === 0) return fs.readFileSync(noteFile, 'utf8');
  const pulled = await tryPodman(['pull', '--quiet', '--retry=0', BASE]);
  const note = pulled.code === 0 ? `${BASE} from its registry` : await makeBase();
  fs.writeFileSync(noteFile, note);
  return note;
}

async function makeBase(): Promise<string> {
  const root = path.join(HOME, 'base');
  fs.rmSync(root, { recursive: true, force: true });
  const python = ['python3.11', 'python3.11-venv', 'python3-pip', 'ca-certificates'];
  await succeed(['debootstrap', '--variant=minbase', `--include=${python.join(',')}`, 'bookworm', root]);
  fs.symlinkSync('python3.11', path.join(root, 'usr', 'bin', 'python'));
  for (const directory of ['var/cache/apt', 'var/lib/apt/lists', 'var/log']) {
    fs.rmSync(path.join(root, directory), { recursive: true, force: true });
  }
  await succeed(['tar', '--create', '--directory', root, '--file', `${root}.tar`, '.']);
  await podman(['import', '--quiet', `${root}.tar`, BASE]);
  fs.rmSync(root, { recursive: true, force: true });
  fs.rmSync(`${root}.tar`);
  return `Debian 12 with its Python 3.11, in place of ${BASE}, whose registry is out of reach`;
}

/** From what the deployment tool would be given: the files, the Dockerfile and the arguments of the asset. */
export async function buildHardened(): Promise<void> {
  const stack = new Stack(new App(), 'Image');
  ServerImage.hardened().bind(stack, { version: MlflowVersion.V3_17_2 });
  const { directory } = (stack.node.root as App).synth();
  const manifest = JSON.parse(fs.readFileSync(path.join(directory, 'Image.assets.json'), 'utf8'));
  const [{ source }] = Object.values<any>(manifest.dockerImages);
  const context = path.join(directory, source.directory);
  await build(HARDENED, path.join(context, source.dockerFile), context, source.dockerBuildArgs);
  fs.rmSync(directory, { recursive: true, force: true });
}

/** The same without any compiled module: what it would be without the Dockerfile's two steps. */
export async function buildUncompiled(): Promise<void> {
  const file = path.join(HOME, 'uncompiled.Dockerfile');
  fs.writeFileSync(file, `FROM ${HARDENED}\nUSER 0\nRUN find / -xdev -name '*.pyc' -delete\nUSER 1000:1000\n`);
  await build(UNCOMPILED, file, HOME);
}

export async function buildStock(): Promise<void> {
  await build(STOCK, path.join(HERE, 'stock.Dockerfile'), HERE);
}

async function build(tag: string, file: string, context: string, given: Record<string, string> = {}): Promise<void> {
  const [pip, authorities] = await packageIndex();
  await podman([
    'build',
    '--pull=never',
    '--network=host',
    ...Object.entries({ BASE_IMAGE: BASE, ...given }).map(([name, value]) => `--build-arg=${name}=${value}`),
    '--secret',
    `id=pip,src=${pip}`,
    '--secret',
    `id=ca,src=${authorities}`,
    '--tag',
    tag,
    '--file',
    file,
    context,
  ]);
}

/** The machine's own way to a package index, for the two secrets of the build. */
async function packageIndex(): Promise<[string, string]> {
  const file = path.join(HOME, 'pip.conf');
  const { code, output } = await execute(['python3', '-m', 'pip', 'config', 'get', 'global.index-url']);
  const index = process.env.PIP_INDEX_URL ?? (code === 0 ? output : undefined);
  const lines = ['[global]', 'cert = /run/secrets/ca', ...(index ? [`index-url = ${index}`] : [])];
  fs.writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return [file, process.env.SSL_CERT_FILE ?? '/etc/ssl/certs/ca-certificates.crt'];
}
