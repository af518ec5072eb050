import { median, slope } from '../../bench/statistics';

test.each([
  [[3], 3],
  [[9, 1, 5], 5],
  [[10, 9, 1, 2], 5.5],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('the median leaves the values as they were, and nothing has none', () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
  expect(() => median([])).toThrow('there is no median of nothing');
});

test('the slope is that of the line, and of the best line where there is none', () => {
  const line: [number, number][] = [1, 50, 100].map((x) => [x, 7 + 3 * x]);
  expect(slope(line)).toBeCloseTo(3);
  expect(
    slope([
      [0, 0],
      [1, 3],
      [2, 0],
      [3, 3],
    ]),
  ).toBeCloseTo(0.6);
});

test('one value of x has no slope', () => {
  expect(() => slope([[1, 2]])).toThrow('a slope needs two different values of x');
});
