import { rmSync } from 'fs';
import { join } from 'path';
import { nodeChild } from './node-child';
import { median, slope } from './statistics';
import { Row } from './table';
import { WorkDirectory } from '../local/tools/work-directory';

const REPETITIONS = 3;
const STACKS = [1, 50, 100];

interface Synthesis {
  readonly milliseconds: number;
  /** Of the first stack, sorted. */
  readonly properties: string[];
}

type Point = readonly [stacks: number, milliseconds: number];

/** What each further stack takes, against the same resources written by hand, and whether the last ones take more. */
export function measureSynthesis(): Row[] {
  const work = new WorkDirectory();
  const [library, hand] = interleaved(work);
  work.remove();
  const [ours, other] = [slope(library), slope(hand)];
  const [firstHalf, secondHalf] = [slope(library.slice(0, 2)), slope(library.slice(1))];
  const shown = (value: number) => `${value.toFixed(1)} ms`;
  return [
    { what: 'synthesis of a stack', ours: shown(ours), other: shown(other), ratio: ours / other, atMost: 1.15 },
    {
      what: 'stacks 51 to 100 against 2 to 50',
      ours: shown(secondHalf),
      other: shown(firstHalf),
      ratio: secondHalf / firstHalf,
      atMost: 1.15,
    },
  ];
}

/** The median for each number of stacks, of the library and by hand. */
function interleaved(work: WorkDirectory): [Point[], Point[]] {
  const times = { library: new Map<number, number[]>(), hand: new Map<number, number[]>() };
  for (let turn = 0; turn < REPETITIONS; turn++) {
    for (const stacks of STACKS) {
      const [ours, other] = [synthesise('library', stacks, work), synthesise('hand', stacks, work)];
      requireSame(ours.properties, other.properties);
      times.library.set(stacks, [...(times.library.get(stacks) ?? []), ours.milliseconds]);
      times.hand.set(stacks, [...(times.hand.get(stacks) ?? []), other.milliseconds]);
    }
  }
  const medians = (map: Map<number, number[]>) => [...map].map(([stacks, values]): Point => [stacks, median(values)]);
  return [medians(times.library), medians(times.hand)];
}

function synthesise(variant: 'library' | 'hand', stacks: number, work: WorkDirectory): Synthesis {
  const output = work.file('cdk.out');
  const child = join(__dirname, 'synth-child.ts');
  const result = nodeChild<Synthesis>(['--import', 'tsx', child, variant, `${stacks}`, output]);
  rmSync(output, { recursive: true });
  return result;
}

/** Otherwise the two would not be comparable. */
function requireSame(ours: readonly string[], other: readonly string[]): void {
  const different = ours.findIndex((property, index) => property !== other[index]);
  if (different >= 0 || ours.length !== other.length) {
    throw new Error(`by hand there are other properties: ${other[different]}, not ${ours[different]}`);
  }
}
