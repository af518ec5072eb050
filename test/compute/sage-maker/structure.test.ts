import { readFileSync } from 'fs';
import { filesUnder } from '../../support/files';

const OWN = /^src\/compute\/(sage-maker\/.*|compute|index)\.ts$/;

test('nothing but its own files and the factory knows managed MLflow', () => {
  const others = filesUnder('src', '.ts').filter((file) => !OWN.test(file));
  expect(others.length).toBeGreaterThan(20);
  expect(others.filter((file) => /sage-?maker/i.test(readFileSync(file, 'utf8')))).toEqual([]);
});

test('the factory does', () => {
  expect(readFileSync('src/compute/compute.ts', 'utf8')).toMatch(/SageMaker/);
});
