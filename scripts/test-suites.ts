import { spawnSync } from 'child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { CACHE, REPOSITORY } from '../local/tools/paths';
import { findPostgres } from '../local/tools/postgres-binaries';
import { Processes } from '../local/tools/processes';
import { ensurePythonEnvironment } from '../local/tools/python-environments';
import { isStale } from '../test/api/assembly';

export interface Suite {
  readonly name: string;
  readonly description: string;
  /** Whether the suite has tests of its own to count; otherwise it is a check that passes or fails as a whole. */
  readonly counts: boolean;
  /** Whether it runs only when it is named, or with `all`. */
  readonly onRequest?: boolean;
  /** Whether it runs only when it is named: it changes the machine. */
  readonly alone?: boolean;
  /** Whether it runs servers, and so mostly waits: it then runs beside those that do not. */
  readonly runsServers?: boolean;
  /** The command. Where the suite counts, it writes a JUnit report to the path. */
  command(report: string): Promise<string[]>;
  environment?(report: string): Promise<Record<string, string>>;
  /** What must be there before, and is not part of the node modules. */
  prepare?(): void;
}

/** The tests that look at templates; the others ask nothing of aws-cdk-lib. */
const OF_TEMPLATES = [
  '--testPathPatterns',
  ...[
    'artifact-store/',
    'authentication/',
    'backend-store/',
    'compute/',
    'core/',
    'endpoint/',
    'monitoring/',
    'network/',
  ],
  'server/',
  ...[
    'assets',
    'compatibility',
    'custom-parts',
    'feature-flags',
    'legal-props',
    'logical-ids',
    'mlflow-tracking',
    'security',
  ],
];

export const SUITES: Suite[] = [
  check('compile', 'the library compiles for every language, without a warning', ['jsii', '--fail-on-warnings']),
  check('types', 'tests, tooling and examples have no type error', ['tsc', '--noEmit', '-p', 'tsconfig.dev.json']),
  check('lint', 'eslint and prettier', [
    'eslint',
    '--max-warnings=0',
    '--ext=.ts',
    'src',
    'test',
    'local',
    'examples',
    'scripts',
    'bench',
    '.projenrc.ts',
  ]),
  {
    ...jest('unit', 'the library on the oldest aws-cdk-lib that it supports, with coverage', []),
    prepare: compileIfStale,
  },
  jest(
    'unit-flags',
    'what depends on templates, with the recommended feature flags',
    ['--coverage=false', ...OF_TEMPLATES],
    {
      CDK_MLFLOW_TEST_FLAGS: 'recommended',
    },
  ),
  {
    ...jest('unit-newest', 'the same on the newest aws-cdk-lib, with its own check of every template', [
      '--config=test/newest-cdk/jest.config.json',
      '--coverage=false',
      ...OF_TEMPLATES,
      'newest',
    ]),
    prepare: installNewestCdk,
  },
  pytest(
    'server',
    'test/assets',
    "the server's program on real PostgreSQL with real MLflow releases",
    'not namespaces',
  ),
  {
    ...pytest(
      'security',
      'test/security',
      'nobody gets further than their rights: each route of MLflow, and the ways around',
    ),
    onRequest: true,
  },
  {
    ...pytest(
      'failover',
      'test/assets',
      'the database moves while clients write: needs network namespaces of Linux',
      'namespaces',
    ),
    onRequest: true,
    prepare: installIproute2,
  },
  endToEnd('local-run', 'the quickstart deployed to an emulator, and the real server run from it', 'local-run/*local*'),
  endToEnd('manifests', 'what is applied to a cluster, by the schemas of Kubernetes', 'kubernetes/schema*'),
  endToEnd('no-trace', 'a local run that is stopped leaves nothing behind', 'local-run/no-trace*'),
  {
    ...endToEnd('local-run-ecs-on-ec2', 'the same on Amazon ECS on EC2', 'local-run/ecs-on-ec2*'),
    onRequest: true,
  },
  { ...endToEnd('local-run-ec2', 'the same on Amazon EC2', 'local-run/ec2*'), onRequest: true },
  { ...endToEnd('local-run-eks', 'the same on Amazon EKS', 'local-run/eks*'), onRequest: true },
  { ...endToEnd('local-run-sagemaker', 'the same on managed MLflow', 'local-run/sagemaker*'), onRequest: true },
  {
    name: 'languages',
    description: 'the packages of every language are made, installed and used; their templates are those of TypeScript',
    command: async (report) => ['tsx', 'test/languages/main.ts', report],
    counts: true,
    onRequest: true,
  },
  endToEnd('templates', 'what people without CDK deploy: cfn-lint, and a parser of Terraform', 'templates/*'),
  {
    ...endToEnd(
      'local-run-templates',
      'those deployed to the emulator and run, or compared with what an example runs',
      'local-run/templates*',
    ),
    onRequest: true,
  },
  {
    ...endToEnd(
      'kubernetes',
      'the same by a real API server, built the first time: needs Go, kubectl and etcd',
      'kubernetes/api-server*',
    ),
    alone: true,
  },
  {
    ...endToEnd(
      'rehearsal',
      'clients write while the server is upgraded, killed, or given a new password',
      'rehearsal/*',
    ),
    onRequest: true,
  },
  {
    ...endToEnd(
      'systemd',
      'an instance booted in a container, with Docker and without: needs Linux, root and apt',
      'systemd/*',
    ),
    alone: true,
  },
];

function check(name: string, description: string, command: string[]): Suite {
  return {
    name,
    description,
    command: async () => command,
    environment: async () => ({ ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' }),
    counts: false,
  };
}

function jest(name: string, description: string, args: string[], environment: Record<string, string> = {}): Suite {
  return {
    name,
    description,
    command: async () => ['jest', '--ci', ...args],
    environment: async (report) => ({
      JEST_JUNIT_OUTPUT_FILE: report,
      // The built-in check of templates has a test of its own; elsewhere it would only cost time.
      CDK_VALIDATION: 'false',
      ...environment,
    }),
    counts: true,
  };
}

/** Those tests of the directory which the expression of markers chooses; without one, all. */
function pytest(name: string, directory: string, description: string, markers = ''): Suite {
  return {
    name,
    description,
    command: async (report) => [
      (await ensurePythonEnvironment('mlflow', new Processes())).python,
      '-m',
      'pytest',
      '-q',
      '-c',
      `${directory}/pytest.ini`,
      '-m',
      markers,
      `--junitxml=${report}`,
      directory,
    ],
    environment: async () => ({
      POSTGRES_BIN: findPostgres().bin,
      OLDER_MLFLOW_PYTHON: (await ensurePythonEnvironment('mlflow-older', new Processes())).python,
      // The server's own environment holds what its image holds; the test runner stands beside it.
      PYTHONPATH: packagesOf((await ensurePythonEnvironment('test', new Processes())).python),
    }),
    counts: true,
    runsServers: true,
  };
}

function packagesOf(python: string): string {
  const { stdout } = spawnSync(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']);
  return stdout.toString().trim();
}

/** Whole runs, one after the other: each starts servers of its own. */
function endToEnd(name: string, description: string, files: string): Suite {
  const match = `--testMatch=<rootDir>/test/${files}.e2e.ts`;
  // The browser's package is an ES module, which jest loads with this option only.
  const environment = { NODE_OPTIONS: '--experimental-vm-modules' };
  return { ...jest(name, description, ['--coverage=false', '--runInBand', match], environment), runsServers: true };
}

/** Some tests read the jsii assembly. What does not compile fails in them, and in the suite that compiles. */
function compileIfStale(): void {
  if (isStale()) spawnSync('jsii', [], { stdio: 'inherit' });
}

/** The newest aws-cdk-lib, beside the one that the library is developed with. */
function installNewestCdk(): void {
  const directory = join(CACHE, 'newest-cdk');
  const files = ['package.json', 'package-lock.json'];
  const source = (name: string) => join(REPOSITORY, 'test', 'newest-cdk', name);
  const same = (name: string) =>
    existsSync(join(directory, name)) &&
    readFileSync(join(directory, name), 'utf8') === readFileSync(source(name), 'utf8');
  if (files.every(same) && existsSync(join(directory, 'node_modules', '.package-lock.json'))) return;
  mkdirSync(directory, { recursive: true });
  files.forEach((name) => copyFileSync(source(name), join(directory, name)));
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: directory,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('the newest aws-cdk-lib cannot be installed; see the lines above');
}

/** Where it can be: as root on Debian. Elsewhere the tests say that it is missing. */
function installIproute2(): void {
  if (process.getuid?.() !== 0 || spawnSync('ip', ['-V']).status === 0) return;
  const environment = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: 'inherit' as const };
  spawnSync('apt-get', ['update', '--quiet=2'], environment);
  spawnSync('apt-get', ['install', '--quiet=2', '--yes', '--no-install-recommends', 'iproute2'], environment);
}
