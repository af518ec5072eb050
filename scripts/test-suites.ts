import { findPostgres } from '../local/tools/postgres-binaries';
import { Processes } from '../local/tools/processes';
import { ensurePythonEnvironment } from '../local/tools/python-environments';

export interface Suite {
  readonly name: string;
  readonly description: string;
  /** The command. Where the suite counts, it writes a JUnit report to the path. */
  command(report: string): Promise<string[]>;
  environment?(report: string): Promise<Record<string, string>>;
  /** Whether the suite has tests of its own to count; otherwise it is a check that passes or fails as a whole. */
  readonly counts: boolean;
}

export const SUITES: Suite[] = [
  check('compile', 'the library compiles for every language, without a warning', [
    'jsii',
    '--silence-warnings=reserved-word',
    '--fail-on-warnings',
  ]),
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
    '.projenrc.ts',
  ]),
  jest('unit', 'the library on the oldest aws-cdk-lib that it supports, with coverage', []),
  jest('unit-flags', 'the same with the recommended feature flags', ['--coverage=false'], {
    CDK_MLFLOW_TEST_FLAGS: 'recommended',
  }),
  {
    name: 'server',
    description: "the server's program on real PostgreSQL with real MLflow releases",
    command: async (report) => [
      (await mlflow()).python,
      '-m',
      'pytest',
      '-q',
      '-c',
      'test/server/pytest.ini',
      `--junitxml=${report}`,
      'test/server',
    ],
    environment: async () => ({
      POSTGRES_BIN: findPostgres().bin,
      OLDER_MLFLOW_PYTHON: (await ensurePythonEnvironment('mlflow-older', new Processes())).python,
    }),
    counts: true,
  },
  jest('local-run', 'the template deployed to an emulator, and the real server run from it', [
    '--coverage=false',
    '--runInBand',
    '--testMatch=<rootDir>/test/local-run/**/*.e2e.ts',
  ]),
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

const mlflow = () => ensurePythonEnvironment('test', new Processes());
