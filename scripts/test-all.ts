/**
 * Runs the suites, and ends with a line that counts the tests of all of them. Those that look at templates keep every core
 * busy, so they run one after the other; beside them, and two at a time after them, run those that mostly wait for servers.
 *
 *     npm test                  the suites of the library and of the default stack
 *     npm test -- all           with the whole runs of the other computes
 *     npm test -- unit server   these suites
 */
import { spawn } from 'child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'fs';
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
  const chosen = SUITES.filter((suite) => {
    const asked = names.length === 0 ? !suite.onRequest : all || names.includes(suite.name);
    return names.includes(suite.name) || (asked && !suite.alone);
  });
  const templates = chosen.filter((suite) => !suite.runsServers);
  const servers = chosen.filter((suite) => suite.runsServers);
  // What runs alone is watched; otherwise each suite's lines stay together.
  const watched = chosen.length === 1;
  const outcomes = await Promise.all([runInTurn([templates, servers], watched), runInTurn([servers], watched)]);
  return summarise(outcomes.flat());
}

/** Takes suites until the queues are empty, which others may take from as well. */
async function runInTurn(queues: Suite[][], watched: boolean): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const next = () => queues.find((queue) => queue.length > 0)?.shift();
  for (let suite = next(); suite; suite = next()) outcomes.push(await run(suite, watched));
  return outcomes;
}

async function run(suite: Suite, watched: boolean): Promise<Outcome> {
  const title = `=== ${suite.name}: ${suite.description}`;
  console.log(`\n${title}${watched ? '' : ' (begins)'}`);
  const report = join(REPORTS, `${suite.name}.xml`);
  const log = join(REPORTS, `${suite.name}.log`);
  rmSync(report, { force: true });
  const start = Date.now();
  const ok = await succeeds(suite, report, watched ? undefined : log);
  if (!watched) console.log(`\n${title}\n${readFileSync(log, 'utf8')}`);
  const count = suite.counts ? countTests(report) : { passed: 0, failed: 0 };
  // A suite that fails as a whole (coverage, a crash, no report) is one failure, whatever its tests say.
  const failed = ok ? count.failed : Math.max(count.failed, 1);
  return { suite: suite.name, passed: count.passed, failed, seconds: Math.round((Date.now() - start) / 1000) };
}

/** Runs a suite's command; its output goes to the file, if there is one. */
async function succeeds(suite: Suite, report: string, log?: string): Promise<boolean> {
  suite.prepare?.();
  const [program, ...args] = await suite.command(report);
  const env = { ...process.env, ...(await suite.environment?.(report)) };
  const output = log ? openSync(log, 'w') : 'inherit';
  const child = spawn(program, args, { stdio: ['inherit', output, output], env });
  const status = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (typeof output === 'number') closeSync(output);
  return status === 0;
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
