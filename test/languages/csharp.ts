import { readdirSync } from 'fs';
import { join } from 'path';
import { pack } from './build';
import { Steps } from './steps';
import { DIST } from './workspace';

const REASON = 'this suite has no .NET SDK: neither the package nor the app is compiled';

export async function csharp(steps: Steps): Promise<void> {
  await steps.step('code generated', async () => {
    await pack(steps, 'dotnet', '--code-only');
    const files = readdirSync(join(DIST, 'dotnet'), { recursive: true, encoding: 'utf8' });
    const sources = files.filter((file) => file.endsWith('.cs'));
    if (!sources.some((file) => file.endsWith('MlflowTrackingServer.cs'))) throw new Error('there is no code');
    return `${sources.length} files, not compiled`;
  });
  for (const step of ['built', 'installed', 'synthesised', 'template equal']) steps.notRun(step, REASON);
}
