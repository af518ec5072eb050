import { execFileSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';

const SCRIPT = resolve(__dirname, '..', '..', 'scripts', 'lazy-index.cjs');

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lazy-index-'));
  const write = (file: string, text: string) => writeFileSync(join(directory, file), text);
  // As the compiler writes it.
  write('index.js', '__exportStar(require("./first-room"), exports);\n__exportStar(require("./second"), exports);\n');
  write('first-room.js', 'global.loaded.push("first"); exports.A = 1; exports.B = class B {};\n');
  write('second.js', 'global.loaded.push("second"); exports.C = { c: true };\n');
  node('global.loaded = [];', SCRIPT, join(directory, 'index.js'));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** Runs a script after the text, in a process of its own. */
function node(text: string, script: string, argument: string): void {
  execFileSync(process.execPath, [
    '-e',
    `${text} process.argv.splice(1, 0, ''); require(${JSON.stringify(script)})`,
    argument,
  ]);
}

function ask(text: string): unknown {
  const answer = execFileSync(process.execPath, ['-e', `global.loaded = []; ${text}`], {
    cwd: directory,
    encoding: 'utf8',
  });
  return JSON.parse(answer);
}

test('loads a part when it is first used, and no other', () => {
  expect(
    ask(
      "const all = require('./index'); const before = [...loaded]; const { A, B } = all;" +
        'console.log(JSON.stringify([before, Object.keys(all), A, B === all.B, B.name, loaded]))',
    ),
  ).toEqual([[], ['A', 'B', 'C'], 1, true, 'B', ['first']]);
});

test('names what it has to ES modules', () => {
  writeFileSync(join(directory, 'user.mjs'), "import { C } from './index.js'; console.log(JSON.stringify(C));");
  writeFileSync(join(directory, 'prelude.cjs'), 'global.loaded = [];');
  const answer = execFileSync(process.execPath, ['--require', './prelude.cjs', 'user.mjs'], {
    cwd: directory,
    encoding: 'utf8',
  });
  expect(JSON.parse(answer)).toEqual({ c: true });
});

test('changes nothing the second time', () => {
  const first = readFileSync(join(directory, 'index.js'), 'utf8');
  node('global.loaded = [];', SCRIPT, join(directory, 'index.js'));
  expect(readFileSync(join(directory, 'index.js'), 'utf8')).toBe(first);
});
