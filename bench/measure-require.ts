import { join } from 'path';
import { nodeChild } from './node-child';
import { median } from './statistics';
import { Row } from './table';

const REPETITIONS = 15;
const CHILD = join(__dirname, 'require-child.cjs');

/** Loading the built library against loading what it uses of aws-cdk-lib. Both load their classes when they are first used. */
export function measureRequire(): Row[] {
  return [
    row('require', [], 1.15),
    // The library's classes still load some of aws-cdk-lib's when they are used.
    row('require, and use every name', ['touch'], 1.15),
  ];
}

function row(what: string, options: string[], atMost: number): Row {
  const [library, parts]: number[][] = [[], []];
  for (let turn = 0; turn < REPETITIONS; turn++) {
    library.push(nodeChild<number>([CHILD, 'library', ...options]));
    parts.push(nodeChild<number>([CHILD, 'parts', ...options]));
  }
  const [ours, other] = [median(library), median(parts)];
  const shown = (value: number) => `${value.toFixed(0)} ms`;
  return { what, ours: shown(ours), other: shown(other), ratio: ours / other, atMost };
}
