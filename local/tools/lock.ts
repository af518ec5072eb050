import * as fs from 'fs';
import * as path from 'path';
import { pause } from './wait-until';

/** Runs the work while no other process on this machine runs work under the same lock. */
export async function withLock<T>(lockDirectory: string, work: () => Promise<T>): Promise<T> {
  fs.mkdirSync(path.dirname(lockDirectory), { recursive: true });
  while (!tryLock(lockDirectory)) await pause(200);
  try {
    return await work();
  } finally {
    fs.rmSync(lockDirectory, { recursive: true, force: true });
  }
}

/** The lock is a directory that appears at once with its owner's process id inside. */
function tryLock(lockDirectory: string): boolean {
  const mine = fs.mkdtempSync(`${lockDirectory}.`);
  fs.writeFileSync(path.join(mine, 'pid'), `${process.pid}`);
  try {
    // Renaming to a directory that is not empty fails.
    fs.renameSync(mine, lockDirectory);
    return true;
  } catch {
    fs.rmSync(mine, { recursive: true, force: true });
    if (ownerIsGone(lockDirectory)) fs.rmSync(lockDirectory, { recursive: true, force: true });
    return false;
  }
}

function ownerIsGone(lockDirectory: string): boolean {
  try {
    const pid = Number(fs.readFileSync(path.join(lockDirectory, 'pid'), 'utf8'));
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
