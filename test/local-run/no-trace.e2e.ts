import { ChildProcess, spawn } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { REPOSITORY } from '../../local/tools/paths';

jest.setTimeout(300_000);

let directory: string;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'no-trace-'));
  // The database's own user passes through.
  fs.chmodSync(directory, 0o711);
});

afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

function start(): { child: ChildProcess; output: () => string; exited: Promise<number | null> } {
  const argv = ['--import', 'tsx', path.join('local', 'main.ts')];
  const child = spawn(process.execPath, argv, { cwd: REPOSITORY, env: { ...process.env, TMPDIR: directory } });
  let output = '';
  child.stdout!.on('data', (data) => (output += data));
  child.stderr!.on('data', (data) => (output += data));
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return { child, output: () => output, exited };
}

/** Every process that was started with this run's directory for temporary files, or works below it. */
function survivors(): string[] {
  return fs.readdirSync('/proc').filter((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      const told = ['environ', 'cmdline'].map((file) => fs.readFileSync(`/proc/${entry}/${file}`, 'utf8'));
      return told.some((text) => text.includes(directory));
    } catch {
      return false;
    }
  });
}

test.each([
  ['SIGTERM while the database starts', 'deploying the template', 'SIGTERM'],
  ['SIGINT while the client works', 'checking sign-in and host names', 'SIGINT'],
  ['SIGINT while it serves', 'Ctrl-C ends it', 'SIGINT'],
] as const)('leaves nothing behind after %s', async (_, moment, signal) => {
  const { child, output, exited } = start();
  while (!output().includes(moment) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(survivors()).not.toEqual([]);
  child.kill(signal);
  await exited;

  expect(output()).toMatch(/\n(PASS|stopped)\n$/);
  expect(survivors()).toEqual([]);
  // tsx keeps what it has compiled.
  expect(fs.readdirSync(directory).filter((name) => !name.startsWith('tsx-'))).toEqual([]);
});
