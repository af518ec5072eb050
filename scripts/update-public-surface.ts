/**
 * Writes the reviewed list of the public API anew, from the sources as they are:
 *
 *     npm run surface
 *
 * The difference is what changes for users in five languages: review it line by line.
 */
import { spawnSync } from 'child_process';
import { writeFileSync } from 'fs';
import { readAssembly } from '../test/api/assembly';
import { publicSurface, SURFACE_FILE } from '../test/api/public-surface';

const { status } = spawnSync('jsii', [], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
const lines = publicSurface(readAssembly());
writeFileSync(SURFACE_FILE, `${lines.join('\n')}\n`);
console.log(`${SURFACE_FILE}: ${lines.length} lines`);
