/**
 * Runs every suite, one after the other, and ends with a line that counts the tests of all of them:
 *
 *     npm test                  the suites of the library and of the default stack
 *     npm test -- all           with the whole runs of the other computes
 *     npm test -- unit server   these suites
 */
import { spawnSync } from 'child_process';
import { mkdirSync, readFileSync, rmSync } from 'fs';
import { join } from 'path';
import { Suite, SUITES } from './test-suites';

const REPORTS = join(__dirname, '..', 'test-reports');

interface Count {
  readonly passed: number;
  readonly failed: number;
}

interface Outcome extends Count {
  readonly suite: string;
  readonly seconds: number;
}

async function main(names: string[]): Promise<boolean> {
  const all = names.includes('all');
  const unknown = names.filter((name) => name !== 'all' && !SUITES.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `there is no suite ${unknown.join(', ')}; choose from all, ${SUITES.map(({ name }) => name).join(', ')}`,
    );
  }
  mkdirSync(REPORTS, { recursive: true });
  const outcomes: Outcome[] = [];
  for (const suite of SUITES) {
    const asked = names.length === 0 ? !suite.onRequest : all || names.includes(suite.name);
    if (names.includes(suite.name) || (asked && !suite.alone)) outcomes.push(await run(suite));
  }
  return summarise(outcomes);
}

async function run(suite: Suite): Promise<Outcome> {
  console.log(`\n=== ${suite.name}: ${suite.description}`);
  const report = join(REPORTS, `${suite.name}.xml`);
  rmSync(report, { force: true });
  const start = Date.now();
  suite.prepare?.();
  const [program, ...args] = await suite.command(report);
  const env = { ...process.env, ...(await suite.environment?.(report)) };
  const { status } = spawnSync(program, args, { stdio: 'inherit', env });
  const count = suite.counts ? countTests(report) : { passed: 0, failed: 0 };
  // A suite that fails as a whole (coverage, a crash, no report) is one failure, whatever its tests say.
  const failed = status === 0 ? count.failed : Math.max(count.failed, 1);
  return { suite: suite.name, passed: count.passed, failed, seconds: Math.round((Date.now() - start) / 1000) };
}

/** Reads what jest and pytest write: `<testsuite tests="12" failures="1" errors="0" skipped="0">`. */
function countTests(report: string): Count {
  let text: string;
  try {
    text = readFileSync(report, 'utf8');
  } catch {
    return { passed: 0, failed: 1 };
  }
  const total = (attribute: string) =>
    [...text.matchAll(/<testsuite [^>]*>/g)]
      .map(([tag]) => Number(new RegExp(` ${attribute}="(\\d+)"`).exec(tag)?.[1] ?? 0))
      .reduce((sum, value) => sum + value, 0);
  const failed = total('failures') + total('errors') + total('skipped');
  return { passed: total('tests') - failed, failed };
}

function summarise(outcomes: Outcome[]): boolean {
  console.log('\nsuite               passed  failed  seconds');
  for (const { suite, passed, failed, seconds } of outcomes) {
    console.log(`${suite.padEnd(18)}  ${[passed, failed, seconds].map((n) => `${n}`.padStart(6)).join('  ')}`);
  }
  const total = (key: keyof Count) => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
  console.log(`\n${total('passed')} passed, ${total('failed')} failed`);
  return total('failed') === 0;
}

main(process.argv.slice(2)).then(
  (ok) => (process.exitCode = ok ? 0 : 1),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
