import { Template } from '../../local/emulator/template';
import { runLocally } from '../../local/local-run';
import { synthesise } from '../../local/synthesise';
import { Processes } from '../../local/tools/processes';
import { WorkDirectory } from '../../local/tools/work-directory';

jest.setTimeout(600_000);

let template: Template;

beforeAll(async () => {
  const work = new WorkDirectory();
  const processes = new Processes();
  template = (await synthesise('ecs-on-ec2', work, processes)).template;
  work.remove();
  await processes.stopAll();
});

test('the example passes the same proof as every server', async () => {
  const result = await runLocally({ template });
  expect(result.failure).toBeUndefined();
  expect(result.proven).toEqual(
    expect.arrayContaining([
      'without sign-in and with a wrong password: 401; as the administrator: 200',
      expect.stringMatching(/^client 3\.\S+ logged a run with a 20 MB artifact, registered a model and loaded it$/),
      expect.stringMatching(/^[1-9]\d* requests and [1-9]\d* addresses that the server signed are for eu-central-1$/),
      expect.stringMatching(/^the server stopped \S+ s after SIGTERM; started anew, it gave everything back/),
      expect.stringMatching(/^all \d+ database sessions used TLS$/),
    ]),
  );
});

function only(of: Template, type: string) {
  const [found, ...others] = Object.values(of.Resources).filter(({ Type }) => Type === type);
  if (!found || others.length) throw new Error(`the template has none, or more than one, of ${type}`);
  return found.Properties!;
}

test.each<[string, (of: Template) => void, RegExp]>([
  [
    'protection without managed scaling',
    (of) => {
      only(of, 'AWS::ECS::CapacityProvider').AutoScalingGroupProvider.ManagedScaling.Status = 'DISABLED';
    },
    /^the stack ended as ROLLBACK_COMPLETE/,
  ],
  [
    'a property that no capacity provider has',
    (of) => {
      only(of, 'AWS::ECS::CapacityProvider').AutoScalingGroupProvider.Managed = true;
    },
    /^the stack ended as ROLLBACK_COMPLETE/,
  ],
  [
    'a task that reads no secret',
    (of) => {
      const policy = Object.values(of.Resources).find(
        ({ Type, Properties }) =>
          Type === 'AWS::IAM::Policy' && Properties!.PolicyName.startsWith('MlflowComputeTaskExecutionRole'),
      )!.Properties!;
      policy.PolicyDocument.Statement = policy.PolicyDocument.Statement.filter(
        ({ Action }: any) => !JSON.stringify(Action).includes('secretsmanager'),
      );
    },
    /^the secret of \w+ for migrate cannot be read as arn:aws:iam::.*: AccessDenied/,
  ],
])('fails where the template has %s', async (_name, mutate, failure) => {
  const result = await runLocally({ template, mutate });
  expect(result.failure).toMatch(failure);
});
