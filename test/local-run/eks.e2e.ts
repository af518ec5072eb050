import { withoutActionAnywhere } from './mutations';
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
  template = (await synthesise('eks', work, processes)).template;
  work.remove();
  await processes.stopAll();
});

test('eks passes the same proof as every server', async () => {
  const result = await runLocally({ template });
  expect(result.failure).toBeUndefined();
  expect(result.proven).toEqual(
    expect.arrayContaining([
      'without sign-in and with a wrong password: 401; as the administrator: 200',
      expect.stringMatching(/^the endpoint's name as host \(\S.*\): 200; a foreign one: 403$/),
      expect.stringMatching(/^client 3\.\S+ logged a run with a 20 MB artifact, registered a model and loaded it$/),
      expect.stringMatching(/^[1-9]\d* requests and [1-9]\d* addresses that the server signed are for eu-central-1$/),
      expect.stringMatching(/^the server stopped \S+ s after SIGTERM; started anew, it gave everything back/),
      expect.stringMatching(/^all \d+ database sessions used TLS$/),
    ]),
  );
  expect(result.deviations).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^container migrate: .*, user 1000, read-only root/),
      expect.stringMatching(/^trust policy of \S+: this run too, for pods\.eks\.amazonaws\.com$/),
    ]),
  );
});

const MANIFEST = 'Custom::AWSCDK-EKS-KubernetesResource';

/** Changes a text of the manifests, wherever it is, which must be somewhere. */
const inManifests = (from: string, to: string) => (given: Template) => {
  const [before, after] = [from, to].map((part) => JSON.stringify(part).slice(1, -1));
  const changed = Object.values(given.Resources).filter(({ Type, Properties }) => {
    const text = JSON.stringify(Properties!.Manifest ?? '');
    if (Type !== MANIFEST || !text.includes(before)) return false;
    Properties!.Manifest = JSON.parse(text.replaceAll(before, () => after));
    return true;
  });
  if (changed.length === 0) throw new Error(`no manifest has '${from}'`);
};

test.each<[string, (given: Template) => void, RegExp]>([
  [
    'the pod may read no secret',
    withoutActionAnywhere('secretsmanager:GetSecretValue'),
    /the secret of \w+ .*cannot be read.*AccessDenied/,
  ],
  [
    'a secret is read by a field that it does not have',
    inManifests('\\",\\"password\\"]', '\\",\\"passwort\\"]'),
    /has no field 'passwort'/,
  ],
  [
    'the pod does not migrate',
    inManifests('"args":["migrate"]', '"args":["x"]'),
    /^migrate exited 1:[^]*got 'x'; give/,
  ],
  [
    'the server connects without TLS',
    inManifests('"value":"verify-full"', '"value":"disable"'),
    /^migrate exited 1:[^]*no encryption/,
  ],
  [
    'the Service selects other pods',
    inManifests('"selector":{"app.kubernetes.io/name":"mlflow"', '"selector":{"app.kubernetes.io/name":"other"'),
    /^the Service selects app\.kubernetes\.io\/name=other, the pod has mlflow$/,
  ],
  [
    'the network policy is about another port',
    inManifests('"ports":[{"port":5000', '"ports":[{"port":5001'),
    /^the NetworkPolicy lets nobody connect to the port 5000$/,
  ],
  [
    'no role is associated with the service account',
    inManifests('"serviceAccountName":"mlflow"', '"serviceAccountName":"other"'),
    /^0 roles are associated with mlflow\/other, expected one$/,
  ],
  [
    'a manifest is no JSON',
    inManifests('"kind":"Service",', '"kind":"Service"'),
    /^the stack ended as ROLLBACK_COMPLETE:\nMlflowComputeService\w+ \(Custom::AWSCDK-EKS-KubernetesResource\): Expecting/,
  ],
  [
    'the pod may not put objects',
    withoutActionAnywhere('s3:PutObject'),
    /^the server's log: .*AccessDenied.*PutObject/,
  ],
])('fails where %s', async (_name, mutate, failure) => {
  const result = await runLocally({ template, mutate });
  expect(result.failure).toMatch(failure);
});
