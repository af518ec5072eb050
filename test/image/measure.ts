import * as fs from 'fs';
import * as path from 'path';
import { BASE, HARDENED, STOCK, UNCOMPILED } from './build';
import { startServer, stopServer } from './containers';
import { podman } from './podman';
import { print, require, step } from './tell';
import { ServerDefinition } from '../../src/server';

const STARTS = 3;

/** Less than half of what the stock image holds. */
export async function compareSizes(): Promise<void> {
  const program = fs.readFileSync(path.join(__dirname, 'contents.py'), 'utf8');
  const measure = async (image: string) => {
    const options = ['--rm', '--network=none', '--user=0', `--entrypoint=${JSON.stringify(['python', '-c', program])}`];
    const sizes: Record<string, number> = JSON.parse(await podman(['run', ...options, image]));
    const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
    print(
      `           ${image}: ${mb(sizes.all)} in ${sizes.files} files, of it packages ${mb(sizes.packages)}, compiled ${mb(sizes.compiled)}`,
    );
    return sizes;
  };
  await measure(BASE);
  const hardened = await measure(HARDENED);
  const stock = await measure(STOCK);
  const share = hardened.all / stock.all;
  print(
    `           the hardened image holds ${share.toFixed(2)} of the stock one, its packages ${(hardened.packages / stock.packages).toFixed(2)}`,
  );
  require(share < 0.5, `the hardened image holds ${share.toFixed(2)} of the stock one, not less than half`);
}

/** Compiled modules must save time, or they would be dead weight. */
export async function compareStarts(server: ServerDefinition, authority: string): Promise<void> {
  const taken: Record<string, { seconds: number; cpu: number }[]> = { [HARDENED]: [], [UNCOMPILED]: [] };
  await step(`${STARTS} starts with and without compiled modules, in turn`, async () => {
    for (let start = 0; start < STARTS; start += 1) {
      for (const image of [HARDENED, UNCOMPILED]) {
        const running = await startServer(image, server, authority);
        taken[image].push({ seconds: running.secondsToHealth, cpu: running.cpuSecondsToHealth });
        await stopServer(running);
      }
    }
  });
  const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  const of = (image: string, what: 'seconds' | 'cpu') => median(taken[image].map((each) => each[what]));
  for (const [name, image] of Object.entries({ 'with compiled modules': HARDENED, without: UNCOMPILED })) {
    print(
      `           ${name}: ${of(image, 'seconds').toFixed(1)} s to health (median), ${of(image, 'cpu').toFixed(1)} s of CPU`,
    );
  }
  require(of(HARDENED, 'cpu') < of(UNCOMPILED, 'cpu'), 'compiled modules save no time');
}
