import * as fs from 'fs';
import * as path from 'path';
import { WorkDirectory } from '../tools/work-directory';

const OTHERS_MAY_PASS = 0o001;

/** The directory itself where every user may pass to it, otherwise a copy (a repository below /root, for example). */
export function usableByDatabaseUser(bin: string, work: WorkDirectory): string {
  if (isPassable(fs.realpathSync(bin))) return bin;
  const copy = work.file('postgres');
  fs.cpSync(path.dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
  fs.chmodSync(copy, 0o755);
  return path.join(copy, path.basename(bin));
}

function isPassable(directory: string): boolean {
  if (!(fs.statSync(directory).mode & OTHERS_MAY_PASS)) return false;
  const parent = path.dirname(directory);
  return parent === directory || isPassable(parent);
}
