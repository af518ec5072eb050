/**
 * Makes `assets/ec2/requirements-*.txt` anew: what an EC2 instance installs, with the hash of the one wheel that fits.
 *
 *     npx tsx scripts/update-ec2-requirements.ts
 *
 * The versions are those of `local/python/requirements-mlflow.txt`, which the server is tested with.
 */
import { spawnSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Processes } from '../local/tools/processes';
import { ensurePythonEnvironment } from '../local/tools/python-environments';
import { findPython } from '../local/tools/python-interpreter';

const ROOT = join(__dirname, '..');
const TESTED = join(ROOT, 'local', 'python', 'requirements-mlflow');

/** Amazon Linux 2023 has glibc 2.34, Ubuntu 24.04 a newer one. */
const GLIBC = [34, 28, 27, 26, 24, 17, 12, 5];
const PYTHONS = ['3.11', '3.12'];
const PROCESSORS = ['x86_64', 'aarch64'];

interface Report {
  readonly install: {
    readonly metadata: { readonly name: string; readonly version: string };
    readonly download_info: { readonly archive_info: { readonly hashes: { readonly sha256: string } } };
  }[];
}

async function main(): Promise<void> {
  const uv = join((await ensurePythonEnvironment('uv', new Processes())).bin, 'uv');
  const directory = mkdtempSync(join(tmpdir(), 'requirements-'));
  try {
    for (const python of PYTHONS) for (const processor of PROCESSORS) make(uv, directory, python, processor);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function make(uv: string, directory: string, python: string, processor: string): void {
  const all = join(directory, 'all.txt');
  const constraints = join(directory, 'constraints.txt');
  writeFileSync(constraints, pins(readFileSync(`${TESTED}.txt`, 'utf8')));
  run(uv, [
    ...['--system-certs', 'pip', 'compile', '--quiet', '--generate-hashes', '--no-annotate', '--no-header'],
    ...['--only-binary', ':all:', '--python-version', python, '--python-platform', `${processor}-manylinux_2_34`],
    ...['--constraint', constraints, '--output-file', all, `${TESTED}.in`],
  ]);
  const report = join(directory, 'report.json');
  const tag = `cp${python.replace('.', '')}`;
  run(findPython(), [
    ...['-m', 'pip', 'install', '--quiet', '--dry-run', '--no-deps', '--ignore-installed', '--ignore-requires-python'],
    ...['--only-binary=:all:', `--python-version=${python}`, '--implementation=cp'],
    ...[`--abi=${tag}`, '--abi=abi3', '--abi=none'],
    ...GLIBC.map((minor) => `--platform=manylinux_2_${minor}_${processor}`),
    ...['manylinux2014', 'manylinux2010', 'manylinux1'].map((name) => `--platform=${name}_${processor}`),
    ...[`--target=${join(directory, 'none')}`, `--report=${report}`, `--requirement=${all}`],
  ]);
  const { install }: Report = JSON.parse(readFileSync(report, 'utf8'));
  const lines = install.map(({ metadata: { name, version }, download_info }) => {
    return `${name.toLowerCase().replace(/[_.]/g, '-')}==${version} --hash=sha256:${download_info.archive_info.hashes.sha256}\n`;
  });
  const file = `requirements-${python}-${processor}.txt`;
  writeFileSync(join(ROOT, 'assets', 'ec2', file), lines.sort().join(''));
  console.log(`${file}: ${lines.length} packages`);
}

/** The pinned versions with their markers, without hashes. */
function pins(requirements: string): string {
  return `${(requirements.match(/^[\w.-]+==.*$/gm) ?? []).map((line) => line.replace(/ *\\$/, '')).join('\n')}\n`;
}

function run(program: string, argv: string[]): void {
  const { status } = spawnSync(program, argv, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${program} ${argv[0]} failed with status ${status}`);
}

void main();
