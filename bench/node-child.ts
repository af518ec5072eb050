import { spawnSync } from 'child_process';
import { REPOSITORY } from '../local/tools/paths';

/** Runs node with these arguments in a fresh process and reads the JSON that it prints. */
export function nodeChild<T>(args: readonly string[]): T {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: REPOSITORY, encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args[0]} failed:\n${stderr}`);
  return JSON.parse(stdout) as T;
}
