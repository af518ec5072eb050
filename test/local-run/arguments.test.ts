import { parseArguments, USAGE } from '../../local/arguments';

test('runs the quickstart and serves by default', () => {
  expect(parseArguments([])).toEqual({ check: false, example: 'quickstart', help: false });
});

test('takes every option', () => {
  expect(parseArguments(['--check', '--example', 'ec2', '--screenshot', 'a.png'])).toMatchObject({
    check: true,
    example: 'ec2',
    screenshot: 'a.png',
  });
});

test('a template takes the place of an example', () => {
  expect(parseArguments(['--template', 'ec2'])).toMatchObject({ template: 'ec2' });
});

test('an app of one’s own takes the place of an example', () => {
  expect(parseArguments(['--app', 'test/app.ts'])).toMatchObject({ app: 'test/app.ts' });
});

test.each([
  [['--app', 'a', '--template', 'b'], "'--app' and '--template' name two things to run, expected one"],
  [['--example', 'a', '--app', 'b'], "'--example' and '--app' name two things to run, expected one"],
  [['--example', 'a', '--template', 'b'], "'--example' and '--template' name two things to run, expected one"],
  [['--chekc'], "Unknown option '--chekc'"],
  [['quickstart'], "Unexpected argument 'quickstart'"],
  [['--example'], "Option '--example <value>' argument missing"],
])('refuses %j and shows the usage', (argv, message) => {
  expect(() => parseArguments(argv)).toThrow(`${message}\n\n${USAGE}`);
});
