import { readFileSync } from 'fs';
import {
  bootRequirements,
  mlflowReleaseOf,
  requireRequirements,
  testedRequirements,
} from '../../../src/compute/ec2/requirements';
import { Problems } from '../../../src/private/problems';
import { MlflowVersion } from '../../../src/server';

const PLATFORMS = [
  ['3.11', 'x86_64'],
  ['3.11', 'aarch64'],
  ['3.12', 'x86_64'],
  ['3.12', 'aarch64'],
] as const;

function problemsOf(requirements: string): string {
  const problems = new Problems();
  requireRequirements(problems, requirements);
  try {
    problems.throwIfAny('it');
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
}

describe.each(PLATFORMS)('the packages for Python %s on %s', (python, processor) => {
  const text = testedRequirements(python, processor);

  test('are well-formed, each with its hash', () => {
    expect(problemsOf(text)).toBe('none');
  });

  test('have the release that the library deploys', () => {
    expect(mlflowReleaseOf(text)).toBe(MlflowVersion.V3_17_2.version);
  });

  test('are those that the local run and the tests start', () => {
    const tested = readFileSync('local/python/requirements-mlflow.txt', 'utf8');
    const pins = text
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(
      pins.filter(
        (pin) => !new RegExp(`^${pin.replace(/[.+]/g, '\\$&').replace('==', '(\\[.*\\])?==')}( |$)`, 'm').test(tested),
      ),
    ).toEqual([]);
  });

  test('need a few for the boot', () => {
    const names = bootRequirements(text)
      .trim()
      .split('\n')
      .map((line) => line.split('==')[0]);
    expect(names).toEqual(['boto3', 'botocore', 'jmespath', 'python-dateutil', 's3transfer', 'six', 'urllib3']);
  });
});

test('comments, extras, markers and lines that go on are understood', () => {
  const hash = `--hash=sha256:${'a'.repeat(64)}`;
  const text = `# by uv\nMLflow[auth]==3.16.0 \\\n    ${hash} \\\n    ${hash}\n\nsix==1.17.0 ; python_version < "4" ${hash} # why\r\nPython_Dateutil==2 ${hash}\n`;
  expect(mlflowReleaseOf(text)).toBe('3.16.0');
  expect(bootRequirements(text)).toBe(`six==1.17.0 ; python_version < "4" ${hash}\nPython_Dateutil==2 ${hash}\n`);
  expect(problemsOf(text)).toMatch(
    /^'requirements' must have every package that the server needs; add psycopg2-binary, /,
  );
});
