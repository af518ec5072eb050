import { Template } from '../../local/emulator/template';
import { runLocally } from '../../local/local-run';
import { NOT_PROVEN_OF_MANAGED } from '../../local/managed/prove-managed';
import { synthesise } from '../../local/synthesise';
import { Processes } from '../../local/tools/processes';
import { WorkDirectory } from '../../local/tools/work-directory';

jest.setTimeout(300_000);

type Mutation = (template: Template) => void;

async function templateOf(example: string): Promise<Template> {
  const work = new WorkDirectory();
  const processes = new Processes();
  const { template } = await synthesise(example, work, processes);
  await processes.stopAll();
  work.remove();
  return template;
}

const common = (kind: string, host: string, service: string) => [
  expect.stringMatching(
    new RegExp(`^client 3\\.\\S+ with the plugin logged a run with a 20 MB artifact to the ARN of the ${kind}, `),
  ),
  'started anew, the server gave everything back',
  expect.stringMatching(
    new RegExp(
      `^every request went to ${host}:443 by itself; \\d+ requests were signed for ${service} in eu-central-1, `,
    ),
  ),
];

test('the tracking server’s example passes, and everything is shown', async () => {
  const lines: string[] = [];
  const result = await runLocally({ example: 'sagemaker-tracking-server', print: (line) => lines.push(line) });

  expect(result.failure).toBeUndefined();
  expect(result.proven).toEqual([
    ...common('tracking server', 'eu-central-1.experiments.sagemaker.aws', 'sagemaker-mlflow'),
    expect.stringMatching(/^the client's role was allowed .*sagemaker-mlflow:CreateRun, .*sagemaker-mlflow:LogBatch, /),
    "the server's own role lists the artifacts in the bucket",
    'refused with 403: a role without rights, a wrong secret key, and the ARN of another server',
    'a reader reads everything; it is refused to create a run (403) and to put an artifact into the bucket',
    expect.stringMatching(/^\d+ objects in the template's bucket below mlflow, the 20 MB artifact among them$/),
  ]);
  expect(lines).toEqual(expect.arrayContaining(NOT_PROVEN_OF_MANAGED.map((text) => `  - ${text}`)));
});

test('the App’s example passes, and everything is shown', async () => {
  const result = await runLocally({ example: 'sagemaker-mlflow-app' });

  expect(result.failure).toBeUndefined();
  expect(result.proven).toEqual([
    ...common('MLflow App', 'mlflow.sagemaker.eu-central-1.app.aws', 'sagemaker'),
    "the client's role was allowed sagemaker:CallMlflowAppApi, by the template's policies",
    "the server's own role lists the artifacts in the bucket",
    'refused with 403: a role without rights, a wrong secret key, and the ARN of another server',
    expect.stringMatching(/^\d+ objects in the template's bucket below mlflow, the 20 MB artifact among them$/),
  ]);
});

/** Changes the statements of the role whose logical id begins so. */
const changeStatements =
  (role: string, change: (statements: any[]) => any[]): Mutation =>
  (template) => {
    const policies = Object.entries(template.Resources).filter(
      ([id, { Type }]) => Type === 'AWS::IAM::Policy' && id.startsWith(role),
    );
    if (policies.length !== 1) throw new Error(`${policies.length} policies of ${role}`);
    const document = policies[0][1].Properties!.PolicyDocument;
    document.Statement = change(document.Statement);
  };

const without = (role: string, action: string) =>
  changeStatements(role, (statements) => {
    const changed = statements.map((statement) => {
      const actions = [statement.Action].flat();
      return { ...statement, Action: actions.filter((each: string) => each !== action) };
    });
    if (JSON.stringify(changed).length === JSON.stringify(statements).length) throw new Error(`no ${action}`);
    return changed.filter(({ Action }) => Action.length > 0);
  });

const withToo = (role: string, action: string, beside: string) =>
  changeStatements(role, (statements) =>
    statements.map((statement) => {
      const actions = [statement.Action].flat();
      return actions.includes(beside) ? { ...statement, Action: [...actions, action] } : statement;
    }),
  );

const setProperty =
  (name: string, value: unknown): Mutation =>
  (template) => {
    const [server] = Object.values(template.Resources).filter(({ Type }) => Type.startsWith('AWS::SageMaker::'));
    server.Properties![name] = value;
  };

const SERVICE_ROLE = 'MlflowComputeServiceRole';

const broken: [string, Mutation, RegExp][] = [
  [
    'the client may not create runs',
    without('Notebook', 'sagemaker-mlflow:CreateRun'),
    /^no role of the template may log runs to the tracking server$/,
  ],
  [
    'the client may not log batches',
    without('Notebook', 'sagemaker-mlflow:LogBatch'),
    /^the client \(client_check\.py write\) exited 1:[^]*may not take the action sagemaker-mlflow:LogBatch/,
  ],
  [
    'the client may not put objects',
    without('Notebook', 's3:PutObject'),
    /^the client \(client_check\.py write\) exited 1:[^]*AccessDenied/,
  ],
  [
    'the reader may put objects',
    withToo('Reader', 's3:PutObject', 's3:GetObject'),
    /^a reader: 'upload' got 'done', expected /,
  ],
  [
    'the reader may not fetch objects',
    without('Reader', 's3:GetObject'),
    /^the client \(client_check\.py read\) exited 1:[^]*Failed to download artifacts/,
  ],
  [
    'the server may not look into the bucket',
    without(SERVICE_ROLE, 's3:ListBucket'),
    /^the client \(managed_check\.py list\) exited 1:/,
  ],
  [
    'the server’s own role may call its API',
    changeStatements(SERVICE_ROLE, (statements) => [
      ...statements,
      { Effect: 'Allow', Action: 'sagemaker-mlflow:*', Resource: '*' },
    ]),
    /^the role of the tracking server itself may call its API, which it need not$/,
  ],
  [
    'the server’s role trusts another service',
    (template) => {
      const [role] = Object.entries(template.Resources).filter(([id]) =>
        /^MlflowComputeServiceRole[0-9A-F]{8}$/.test(id),
      );
      role[1].Properties!.AssumeRolePolicyDocument.Statement[0].Principal = { Service: 'ec2.amazonaws.com' };
    },
    /^the role .* does not trust sagemaker\.amazonaws\.com$/,
  ],
  [
    'the maintenance window is in capitals',
    setProperty('WeeklyMaintenanceWindowStart', 'TUE:03:30'),
    /^the stack ended as [^]*WeeklyMaintenanceWindowStart is not valid/,
  ],
  [
    'a property is not one of the type',
    setProperty('KmsKeyId', 'x'),
    /^the stack ended as [^]*the local run does not know \['KmsKeyId'\]/,
  ],
];

describe('fails where', () => {
  let template: Template;
  beforeAll(async () => {
    template = await templateOf('sagemaker-tracking-server');
  });

  test.each(broken)('%s', async (_name, mutate, reason) => {
    const result = await runLocally({ template, mutate });
    expect(result.failure).toMatch(reason);
    expect(result.ok).toBe(false);
  });
});
