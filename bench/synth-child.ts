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
const properties = Object.values<any>(assembly.stacks[0].template.Resources).flatMap((each) =>
  pathsOf(each, each.Type),
);
console.log(JSON.stringify({ milliseconds: (user + system) / 1000, properties: properties.sort() }));

/** Every property of a resource, by its path; what a reference leads to is not looked at. */
function pathsOf(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, child]) =>
    /^(Ref|Fn::|DependsOn)/.test(key) ? [path] : pathsOf(child, `${path}.${key}`),
  );
}
