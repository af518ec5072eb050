import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { MlflowTrackingServer } from '../src';
import { AXIS_NAMES, Cell, CELLS, nameOf, problemsOf } from './support/compatibility';
import { newStack } from './support/new-app';
import { elementsIn, messageOf } from './support/templates';
import { resolveProps } from '../src/core/resolve-props';

/** The props of a cell, each made anew. */
const propsOf = (cell: Cell, stack: Stack) =>
  Object.fromEntries(AXIS_NAMES.map((axis) => [axis, cell[axis].make?.(stack)]));

const define = (cell: Cell, stack: Stack) => new MlflowTrackingServer(stack, 'Mlflow', propsOf(cell, stack));

const illegal = CELLS.filter((cell) => problemsOf(cell).length > 0);
const legal = CELLS.filter((cell) => problemsOf(cell).length === 0);

test('there are enough of both', () => {
  expect(illegal.length).toBeGreaterThan(400);
  expect(legal.length).toBeGreaterThan(500);
});

test('the illegal ones are refused before anything is defined, with every problem', () => {
  const wrong = illegal.flatMap((cell) => {
    const stack = newStack();
    const props = propsOf(cell, stack);
    const before = elementsIn(stack).length;
    const problems = problemsOf(cell);
    const expected =
      problems.length === 1
        ? problems[0]
        : `MlflowTrackingServer has ${problems.length} problems:\n- ${problems.join('\n- ')}`;
    const got = messageOf(() => new MlflowTrackingServer(stack, 'Mlflow', props));
    return got === expected && elementsIn(stack).length === before ? [] : [{ cell: nameOf(cell), got, expected }];
  });
  expect(wrong).toEqual([]);
});

test('the legal ones are not refused', () => {
  const refused = legal.flatMap((cell) => {
    try {
      resolveProps(propsOf(cell, newStack()), 'eu-central-1');
      return [];
    } catch (error) {
      return [`${nameOf(cell)}: ${error}`];
    }
  });
  expect(refused).toEqual([]);
});

/** The pairs of values of two axes that a cell has. */
function pairsOf(cell: Cell): string[] {
  return AXIS_NAMES.flatMap((axis, index) =>
    AXIS_NAMES.slice(index + 1).map((other) => `${axis} ${cell[axis].name} / ${other} ${cell[other].name}`),
  );
}

/** A few cells that have between them each pair that any of the cells has. */
function withEachPair(cells: Cell[]): Cell[] {
  const open = new Set(cells.flatMap(pairsOf));
  const chosen: Cell[] = [];
  while (open.size > 0) {
    const gain = (cell: Cell) => pairsOf(cell).filter((pair) => open.has(pair)).length;
    const best = cells.reduce((one, other) => (gain(other) > gain(one) ? other : one));
    chosen.push(best);
    pairsOf(best).forEach((pair) => open.delete(pair));
  }
  return chosen;
}

const chosen = withEachPair(legal);

test('those that are synthesised have each legal pair of values', () => {
  expect(new Set(chosen.flatMap(pairsOf))).toEqual(new Set(legal.flatMap(pairsOf)));
  expect(chosen.length).toBeLessThan(80);
});

test.each(chosen.map((cell) => [nameOf(cell), cell] as const))('%s synthesises', (_name, cell) => {
  const stack = newStack();
  define(cell, stack);
  const types = Object.values(Template.fromStack(stack).toJSON().Resources).map(({ Type }: any) => Type);
  expect(types).toContain(cell.compute.resource);
  const databases = types.filter((type) => type === 'AWS::RDS::DBInstance');
  const isOurs = !cell.compute.isManaged && cell.backendStore.name !== 'a backend store of the user’s';
  expect(databases).toHaveLength(isOurs ? 1 : 0);
  expect(types.filter((type) => type === 'AWS::S3::Bucket')).toHaveLength(cell.artifactStore.elsewhere ? 0 : 1);
});
