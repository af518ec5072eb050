import { execFileSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Token } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { parseEnvironmentFile, splitCommand } from '../../../local/workload/ec2-user-data';
import { environmentFile, execLine } from '../../../src/compute/ec2/systemd-quote';

const directory = mkdtempSync(join(tmpdir(), 'systemd-quote-'));

afterAll(() => rmSync(directory, { recursive: true }));

const VALUE = fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.replace(/[\0\r]/g, ''));
const VARIABLES = fc.dictionary(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}_X$/), VALUE, { minKeys: 1, maxKeys: 5 });

describe('variables', () => {
  test('are read back by a shell as they were', () => {
    const property = fc.property(VARIABLES, (variables) => {
      const file = join(directory, 'file.env');
      writeFileSync(file, environmentFile(variables));
      const names = Object.keys(variables);
      const script = `. ${file}; printf '%s\\0' ${names.map((name) => `"$${name}"`).join(' ')}`;
      const values = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
      expect(values).toEqual(Object.values(variables));
    });
    fc.assert(property, { numRuns: 60 });
  });

  test('are read back by the local run as they were', () => {
    fc.assert(
      fc.property(
        VARIABLES,
        (variables) => void expect(parseEnvironmentFile(environmentFile(variables))).toEqual(variables),
      ),
    );
  });

  test.each([
    [{}, ''],
    [{ A: '' }, 'A=""\n'],
    [{ A: '1', B: 'b c' }, 'A="1"\nB="b c"\n'],
    [{ A: '"\\`$' }, 'A="\\"\\\\\\`\\$"\n'],
    [{ A: "it's\nnew" }, 'A="it\'s\nnew"\n'],
  ])('%j', (variables, text) => {
    expect(environmentFile(variables as Record<string, string>)).toBe(text);
  });

  test('a value that is known only at deployment stands in single quotes, what is around it is escaped', () => {
    const token = Token.asString({ Ref: 'Bucket' });
    expect(environmentFile({ A: token, B: `s3://"${token}"/$x` })).toBe(
      `A='${token}'\nB="s3://\\""'${token}'"\\"/\\$x"\n`,
    );
  });
});

describe('command lines', () => {
  test('are split again into what they were', () => {
    const argument = fc.string({ maxLength: 30 });
    const property = fc.property(fc.array(argument, { minLength: 1, maxLength: 5 }), (argv) => {
      expect(splitCommand(execLine(argv))).toEqual(argv);
    });
    fc.assert(property);
  });

  test.each([
    [['/bin/x', 'serve', '--app-name=basic-auth'], '/bin/x serve --app-name=basic-auth'],
    [['a b', ''], '"a b" ""'],
    [['50%', '$HOME', '$'], '50%% $$HOME $$'],
    [['a"b\\c'], '"a\\"b\\\\c"'],
    [['a\nb\tc'], '"a\\nb\\tc"'],
    [[';'], '";"'],
  ])('%j is %s', (argv, line) => {
    expect(execLine(argv)).toBe(line);
  });
});
