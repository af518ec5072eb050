import { execFileSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import * as fc from 'fast-check';
import { shellQuote, writeFile } from '../../../src/compute/ec2/shell-quote';

const SHELLS = ['sh', 'bash'];
const directory = mkdtempSync(join(tmpdir(), 'shell-quote-'));

afterAll(() => rmSync(directory, { recursive: true }));

/** Everything that an argument of a process can be. */
const TEXT = fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.replace(/\0/g, ''));

describe.each(SHELLS)('in a real %s', (shell) => {
  test('a quoted word is the text again, whatever is in it', () => {
    const property = fc.property(fc.array(TEXT, { minLength: 1, maxLength: 8 }), (texts) => {
      const script = `printf '%s\\0' ${texts.map(shellQuote).join(' ')}`;
      expect(execFileSync(shell, ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)).toEqual(texts);
    });
    fc.assert(property, { numRuns: 60 });
  });

  test('a written file is the content again, with a line break at its end', () => {
    const path = join(directory, "a 'path' $HOME");
    const line = fc.oneof(TEXT, fc.constantFrom('END', 'END_', 'END__', '$HOME', '`id`', '\\', ''));
    const property = fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
      const content = lines.join('\n').replace(/\r/g, '');
      execFileSync(shell, ['-c', writeFile(path, content)]);
      expect(readFileSync(path, 'utf8')).toBe(content === '' || content.endsWith('\n') ? content : `${content}\n`);
    });
    fc.assert(property, { numRuns: 60 });
  });
});

test.each([
  ['mlflow', 'mlflow'],
  ['/opt/mlflow/venv/bin/python', '/opt/mlflow/venv/bin/python'],
  ['', "''"],
  ['a b', "'a b'"],
  ["it's", "'it'\\''s'"],
  ['$HOME', "'$HOME'"],
])('%j is %s', (text, quoted) => {
  expect(shellQuote(text)).toBe(quoted);
});

test('the end of a file is a line that the file does not have', () => {
  expect(writeFile('/f', 'a\nEND\nEND_')).toBe("cat > /f <<'END__'\na\nEND\nEND_\nEND__");
});
