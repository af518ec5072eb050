import { mkdirSync, readFileSync, rmSync } from 'fs';
import { dirname, join } from 'path';
import * as mutations from './mutations';
import { ServingServer } from '../../local/contract';
import { Template } from '../../local/emulator/template';
import { runLocally } from '../../local/local-run';
import { takeScreenshot } from '../../local/screenshot';
import { synthesise } from '../../local/synthesise';
import { REPOSITORY } from '../../local/tools/paths';
import { Processes } from '../../local/tools/processes';
import { WorkDirectory } from '../../local/tools/work-directory';

jest.setTimeout(300_000);

const { both, changeStatements, removeVariable, setCommand, setVariable, withoutAction } = mutations;

let template: Template;

beforeAll(async () => {
  const work = new WorkDirectory();
  const processes = new Processes();
  template = (await synthesise('quickstart', work, processes)).template;
  await processes.stopAll();
  work.remove();
});

test('the quickstart example passes, and everything is shown', async () => {
  const lines: string[] = [];
  const picture = join(REPOSITORY, 'test-reports', 'ui.png');
  const whileServing = (server: ServingServer) => takeScreenshot(server, picture);
  mkdirSync(dirname(picture), { recursive: true });
  rmSync(picture, { force: true });
  const result = await runLocally({ template, print: (line) => lines.push(line), whileServing });

  expect(result.failure).toBeUndefined();
  // It is taken once the signed-in browser shows the name of the run.
  expect(readFileSync(picture).subarray(1, 4).toString()).toBe('PNG');
  expect(result.ok).toBe(true);
  expect(result.proven).toEqual([
    expect.stringMatching(/^the \d+ certificate authorities of RDS in the template can be read and are in force$/),
    'without sign-in and with a wrong password: 401; as the administrator: 200',
    expect.stringMatching(/^the endpoint's name as host \(.+\.elb\.amazonaws\.com\): 200; a foreign one: 403$/),
    expect.stringMatching(/^the UI searches with .+ as its origin: 200; a page from elsewhere: 403$/),
    expect.stringMatching(/^client 3\.\S+ logged a run with a 20 MB artifact, registered a model and loaded it$/),
    expect.stringMatching(/^\d+ downloads went to S3 by addresses that the server signed$/),
    expect.stringMatching(/^[1-9]\d* requests and [1-9]\d* addresses that the server signed are for eu-central-1$/),
    expect.stringMatching(/^the server stopped \S+ s after SIGTERM; started anew, it gave everything back/),
    expect.stringMatching(/^the run, its 2 parameters and 3 metrics, the model version and the administrator are rows/),
    expect.stringMatching(/^all \d+ database sessions used TLS$/),
    expect.stringMatching(/^\d+ objects in the template's bucket below .+, the 20 MB artifact among them$/),
    'the execution role reads the secrets that the task names, and not another one',
  ]);
  expect(lines).toEqual(expect.arrayContaining([...result.deviations.map((deviation) => `  - ${deviation}`)]));
});

const broken: [string, mutations.Mutation, RegExp][] = [
  [
    'the execution role may read no secret',
    changeStatements('ExecutionRoleArn', withoutAction('secretsmanager:GetSecretValue')),
    /^the secret of \w+ for migrate cannot be read as arn:aws:iam::.*: AccessDenied/,
  ],
  [
    'the execution role may read every secret',
    changeStatements('ExecutionRoleArn', (statements) => statements.map((s) => ({ ...s, Resource: '*' }))),
    /may read a secret that is not of this stack/,
  ],
  [
    'the task role trusts another service',
    mutations.trustOnly('TaskRoleArn', 'ec2.amazonaws.com'),
    /^the role .* does not trust ecs-tasks\.amazonaws\.com$/,
  ],
  [
    'a secret is read by a field that it does not have',
    mutations.setSecretField('PGPASSWORD', 'passwort'),
    /^the secret of PGPASSWORD for migrate has no field 'passwort'; it has .*password/,
  ],
  [
    'the server connects without TLS where the database forces it',
    setVariable('PGSSLMODE', 'disable'),
    /^migrate exited 1:[^]*no pg_hba\.conf entry for host .*no encryption/,
  ],
  [
    'the server asks for a database that does not exist',
    setVariable('PGDATABASE', 'elsewhere'),
    /^migrate exited 1:[^]*database "elsewhere" does not exist/,
  ],
  ['the task role has no policy', mutations.removePolicies('TaskRoleArn'), /^the server's log: .*AccessDenied/],
  [
    'the task role may not put objects',
    changeStatements('TaskRoleArn', withoutAction('s3:PutObject')),
    /^the server's log: .*AccessDenied.*PutObject/,
  ],
  ['the migration has no command', setCommand('migrate', []), /^migrate exited 1:[^]*give migrate or serve/],
  [
    'the server runs without authentication',
    both(removeVariable('CDK_MLFLOW_AUTH_CONFIG'), setCommand('server', ['serve'])),
    /^a request without sign-in got 200, expected 401/,
  ],
  [
    "the allowed hosts lack the load balancer's name",
    setVariable('MLFLOW_SERVER_ALLOWED_HOSTS', 'localhost,localhost:*,127.0.0.1:*,0.0.0.0:*'),
    /^a signed-in request to the host .*\.elb\.amazonaws\.com got 403, expected 200/,
  ],
  [
    'any host is allowed',
    setVariable('MLFLOW_SERVER_ALLOWED_HOSTS', '*'),
    /^a signed-in request to the foreign host rebinding\.example\.com got 200, expected 403/,
  ],
  [
    'the server listens on another port than the load balancer asks',
    setVariable('MLFLOW_PORT', '5001'),
    /^server listens on port 5001, the load balancer uses 5000$/,
  ],
  [
    'the template sets what the local run needs for itself',
    mutations.addVariable('AWS_ENDPOINT_URL', 'https://elsewhere.example.com'),
    /^the template sets AWS_ENDPOINT_URL, which the local run needs for itself/,
  ],
];

test.each(broken)('fails where %s', async (_, mutate, reason) => {
  const result = await runLocally({ template, mutate });

  expect(result.failure).toMatch(reason);
  expect(result.ok).toBe(false);
});
