import * as fs from 'fs';
import * as path from 'path';
import { WorkDirectory } from '../tools/work-directory';

/** The directory itself where every user may pass to it, otherwise a copy (a repository below /root, for example). */
export function usableByDatabaseUser(bin: string, work: WorkDirectory): string {
  if (isPassable(fs.realpathSync(bin))) return bin;
  const copy = work.file('postgres');
  fs.cpSync(path.dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
  fs.chmodSync(copy, 0o755);
  return path.join(copy, path.basename(bin));
}

function isPassable(directory: string): boolean {
  // The lowest bit of the mode lets others pass.
  if (fs.statSync(directory).mode % 2 === 0) return false;
  const parent = path.dirname(directory);
  return parent === directory || isPassable(parent);
}
