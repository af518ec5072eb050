import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { cleanEnvironment } from './clean-environment';
import { CACHE } from './paths';

export interface Browser {
  readonly executablePath: string;
  readonly args: string[];
  readonly env?: Record<string, string>;
}

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_CHROME = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** A Chromium found on the machine, otherwise the one that the npm package carries (Linux on x64). */
export async function findBrowser(): Promise<Browser> {
  const found = onThisMachine();
  return found ? { executablePath: found, args: sandboxing() } : packaged();
}

function onThisMachine(): string | undefined {
  const directories = (process.env.PATH ?? '').split(path.delimiter);
  const candidates = PROGRAMS.flatMap((program) => directories.map((directory) => path.join(directory, program)));
  return [...candidates, MAC_CHROME].find((candidate) => fs.existsSync(candidate));
}

/**
 * The package unpacks itself into the directory for temporary files: into one of ours, kept for the next time.
 * It also carries the shared libraries that a machine without a desktop lacks.
 */
async function packaged(): Promise<Browser> {
  const directory = path.join(CACHE, 'chromium');
  fs.mkdirSync(directory, { recursive: true });
  const before = process.env.TMPDIR;
  process.env.TMPDIR = directory;
  try {
    const { default: chromium, inflate } = await import('@sparticuz/chromium');
    const files = path.join(path.dirname(require.resolve('@sparticuz/chromium')), '..', 'bin');
    const executablePath = await chromium.executablePath();
    const libraries = await inflate(path.join(files, 'al2023.tar.br'));
    const env = { ...cleanEnvironment(), LD_LIBRARY_PATH: path.join(libraries, 'lib') };
    return { executablePath, args: [...chromium.args], env };
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

/** The browser's sandbox does not work for root. */
function sandboxing(): string[] {
  return os.userInfo().uid === 0 ? ['--no-sandbox'] : [];
}
