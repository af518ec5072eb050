import { readAssembly } from './assembly';

// Construct Hub shows what the assembly says of itself.
test('the library says what it is, how stable, and for which languages', () => {
  const { docs, keywords, license, targets } = readAssembly();
  expect(docs).toEqual({ stability: 'experimental' });
  expect(keywords).toEqual(expect.arrayContaining(['cdk', 'mlflow', 'mlops']));
  expect(license).toBe('Apache-2.0');
  expect(Object.keys(targets!).sort()).toEqual(['dotnet', 'go', 'java', 'js', 'python']);
});

test('each type is as stable as the library', () => {
  const { types } = readAssembly();
  const others = Object.values(types).filter(({ docs }) => docs?.stability !== 'experimental');
  expect(others.map(({ name }) => name)).toEqual([]);
});
