import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { junit, table } from './report';
import { isInstalled, Step, Steps } from './steps';

const STEPS: Step[] = [
  { group: 'Python', name: 'built', outcome: 'ok', seconds: 1.6 },
  { group: 'Python', name: 'installed', outcome: 'ok', seconds: 2 },
  { group: 'Python', name: 'synthesised', outcome: 'failed', seconds: 3, detail: 'a <b> & "c" \x1b[0m' },
  { group: 'C#', name: 'built', outcome: 'not run', seconds: 0, detail: 'there is no SDK' },
  { group: 'package', name: 'publint', outcome: 'ok', seconds: 1 },
];

test('the table has a line for each language and each check, and says why something was not run', () => {
  expect(table(STEPS).split('\n')).toEqual([
    'language  built    installed  synthesised  template equal  seconds',
    'Python    ok       ok         failed       -               7',
    'C#        not run  -          -            -               0',
    '',
    'check             outcome  seconds',
    'package: publint  ok       1',
    '',
    'C#, built: not run: there is no SDK',
  ]);
});

test('the report counts what was run', () => {
  expect(junit(STEPS).split('\n')).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuite name="languages" tests="4" failures="1" errors="0" skipped="0">',
    '  <testcase classname="Python" name="built" time="1.6"></testcase>',
    '  <testcase classname="Python" name="installed" time="2"></testcase>',
    '  <testcase classname="Python" name="synthesised" time="3"><failure>a &lt;b&gt; &amp; &quot;c&quot; [0m</failure></testcase>',
    '  <testcase classname="package" name="publint" time="1"></testcase>',
    '</testsuite>',
    '',
  ]);
});

describe('steps', () => {
  const directory = mkdtempSync(join(tmpdir(), 'cdk-mlflow-steps-'));
  const log = join(directory, 'log');
  beforeAll(() => jest.spyOn(console, 'log').mockImplementation());
  afterAll(() => rmSync(directory, { recursive: true }));

  test('after a failure, those that follow fail as not reached', async () => {
    const steps = new Steps('Go', log);
    let reached = false;
    await steps.step('built', () => 'in a new way');
    await steps.step('installed', async () => {
      await steps.run(process.execPath, ['-e', 'console.error("no such module"); process.exit(3)'], { cwd: directory });
    });
    await steps.step('synthesised', () => {
      reached = true;
    });
    expect(reached).toBe(false);
    expect(steps.done.map(({ name, outcome, detail }) => [name, outcome, detail])).toEqual([
      ['built', 'ok', 'in a new way'],
      ['installed', 'failed', `${process.execPath} -e: 3\nno such module`],
      ['synthesised', 'failed', 'not reached: installed failed'],
    ]);
    expect(readFileSync(log, 'utf8')).toContain('no such module');
  });

  test('a program that is not there is a failure, not a crash', async () => {
    const steps = new Steps('Go', log);
    await steps.step('built', async () => {
      await steps.run('no-such-program', ['x'], { cwd: directory });
    });
    expect(steps.done[0]).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('ENOENT') });
    expect([isInstalled('no-such-program'), isInstalled(process.execPath, '--version')]).toEqual([false, true]);
  });
});
