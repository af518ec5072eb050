import { createHash } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { cleanEnvironment } from './clean-environment';
import { withLock } from './lock';
import { CACHE, LOCAL } from './paths';
import { Processes } from './processes';
import { findPython } from './python-interpreter';

const VENVS = path.join(CACHE, 'venvs');

/** A virtual environment that holds exactly what its requirements file pins. */
export interface PythonEnvironment {
  readonly bin: string;
  readonly python: string;
}

/** Installs the environment unless it is there already; `local/python/requirements-NAME.txt` says what is in it. */
export async function ensurePythonEnvironment(name: string, processes: Processes): Promise<PythonEnvironment> {
  if (!isCurrent(name)) {
    const uv = name === 'uv' ? undefined : await ensurePythonEnvironment('uv', processes);
    await withLock(path.join(CACHE, 'locks', name), async () => {
      if (isCurrent(name)) return;
      await (uv ? installWithUv(name, uv, processes) : installWithPip(name, processes));
      fs.writeFileSync(stampOf(name), fingerprint(name));
    });
  }
  return environmentOf(name);
}

async function installWithUv(name: string, uv: PythonEnvironment, processes: Processes): Promise<void> {
  const venv = path.join(VENVS, name);
  const program = path.join(uv.bin, 'uv');
  const usable = fs.existsSync(environmentOf(name).python);
  if (!usable) await run(name, [program, 'venv', '--quiet', '--clear', '--python', findPython(), venv], processes);
  const install = [program, '--system-certs', 'pip', 'install', '--quiet', '--require-hashes', '--compile-bytecode'];
  await run(name, [...install, '--python', venv, '--requirements', requirementsOf(name)], processes);
}

async function installWithPip(name: string, processes: Processes): Promise<void> {
  await run(name, [findPython(), '-m', 'venv', '--clear', path.join(VENVS, name)], processes);
  const pip = [environmentOf(name).python, '-m', 'pip', '--disable-pip-version-check', 'install', '--quiet'];
  await run(name, [...pip, '--require-hashes', '--requirement', requirementsOf(name)], processes);
}

async function run(name: string, argv: string[], processes: Processes): Promise<void> {
  fs.mkdirSync(VENVS, { recursive: true });
  const logFile = path.join(VENVS, `${name}.log`);
  fs.rmSync(logFile, { force: true });
  const environment = { ...cleanEnvironment(), UV_PYTHON_DOWNLOADS: 'never', UV_LINK_MODE: 'copy' };
  await processes.run({ name: `installing ${name}`, argv, environment, directory: VENVS, logFile });
}

function environmentOf(name: string): PythonEnvironment {
  const bin = path.join(VENVS, name, 'bin');
  return { bin, python: path.join(bin, 'python') };
}

const requirementsOf = (name: string) => path.join(LOCAL, 'python', `requirements-${name}.txt`);
const stampOf = (name: string) => path.join(VENVS, name, '.requirements-sha256');
const fingerprint = (name: string) =>
  createHash('sha256')
    .update(fs.readFileSync(requirementsOf(name)))
    .digest('hex');

function isCurrent(name: string): boolean {
  const stamped = fs.existsSync(stampOf(name)) && fs.existsSync(environmentOf(name).python);
  return stamped && fs.readFileSync(stampOf(name), 'utf8') === fingerprint(name);
}
