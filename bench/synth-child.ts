/**
 * Synthesises one app in a process of its own, and prints what that took as JSON: `synth-child.ts library|hand STACKS DIRECTORY`.
 */
import { createRequire } from 'module';
import { App, Stack } from 'aws-cdk-lib';
import { defineByHand } from './by-hand';

process.env.CDK_VALIDATION = 'false';

const [variant, stacks, outdir] = process.argv.slice(2);

function definer(): (stack: Stack) => void {
  if (variant === 'hand') return defineByHand;
  // The built library, as a user has it.
  const { MlflowTrackingServer } = createRequire(__filename)('../lib');
  return (stack) => new MlflowTrackingServer(stack, 'Mlflow');
}

const define = definer();
// What the first stack alone takes, such as loading modules, is no stack's own.
define(new Stack(new App(), 'Warm'));
const before = process.cpuUsage();
const app = new App({ outdir });
for (let index = 0; index < Number(stacks); index++) define(new Stack(app, `Stack${index}`));
const assembly = app.synth();
const { user, system } = process.cpuUsage(before);
const types: Record<string, number> = {};
for (const { Type } of Object.values<{ Type: string }>(assembly.stacks[0].template.Resources)) {
  types[Type] = (types[Type] ?? 0) + 1;
}
console.log(JSON.stringify({ milliseconds: (user + system) / 1000, types }));
