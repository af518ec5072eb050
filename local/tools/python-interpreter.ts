import { spawnSync } from 'child_process';
import { LocalRunFailure } from '../failure';

const CANDIDATES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const OLDEST_MINOR = 10;
const QUESTION = 'import sys; print(sys.version_info[0], sys.version_info[1], sys.executable)';

/** The first Python on the machine that is new enough: its full path. */
export function findPython(): string {
  const seen: string[] = [];
  for (const candidate of CANDIDATES) {
    const answer = spawnSync(candidate, ['-c', QUESTION], { encoding: 'utf8' });
    if (answer.status !== 0) continue;
    const [major, minor, ...executable] = answer.stdout.trim().split(' ');
    if (Number(major) === 3 && Number(minor) >= OLDEST_MINOR) return executable.join(' ');
    seen.push(`${candidate} is ${major}.${minor}`);
  }
  const found = seen.length ? `found only ${seen.join(', ')}` : 'found none';
  throw new LocalRunFailure(`Python 3.${OLDEST_MINOR} or newer is needed; ${found}`);
}
