import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { CACHE } from './paths';

export interface Browser {
  readonly executablePath: string;
  readonly args: string[];
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

/** The package unpacks itself into the directory for temporary files: into one of ours, kept for the next time. */
async function packaged(): Promise<Browser> {
  const directory = path.join(CACHE, 'chromium');
  fs.mkdirSync(directory, { recursive: true });
  const before = process.env.TMPDIR;
  process.env.TMPDIR = directory;
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    return { executablePath: await chromium.executablePath(), args: [...chromium.args] };
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

/** The browser's sandbox does not work for root. */
function sandboxing(): string[] {
  return os.userInfo().uid === 0 ? ['--no-sandbox'] : [];
}
