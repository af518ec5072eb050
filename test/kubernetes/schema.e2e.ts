import { spawnSync } from 'child_process';
import { CASE_NAMES, MISSPELT, objectsOf } from './cases';
import { Processes } from '../../local/tools/processes';
import { ensurePythonEnvironment } from '../../local/tools/python-environments';
import { onlyKind } from '../compute/eks/manifests';

// The first time, the schemas are installed.
jest.setTimeout(300_000);

/** The versions of Kubernetes that Amazon EKS runs and the schemas cover. */
const VERSIONS = ['1.33', '1.34', '1.35', '1.36'];

/** The schemas are those of Kubernetes itself: what others have added is judged by test/kubernetes/api-server.e2e.ts. */
const isOfKubernetes = ({ kind }: any) => kind !== 'TargetGroupBinding';

const JUDGE = `
import json, sys
import kubernetes_validate

def judge(version, item):
    try:
        kubernetes_validate.validate(item, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        return item["kind"] + ": " + error.message

versions, cases = json.load(sys.stdin)
print(json.dumps({
    version: {name: [a for a in (judge(version, item) for item in objects) if a] for name, objects in cases.items()}
    for version in versions
}))
`;

const accepted = Object.fromEntries(CASE_NAMES.map((name) => [name, objectsOf(name).objects.filter(isOfKubernetes)]));

const broken = Object.fromEntries(
  MISSPELT.map(([name, change]) => {
    const copy = structuredClone(onlyKind(accepted['the defaults'], 'Deployment'));
    change(copy);
    return [name, [copy]];
  }),
);

/** What the schemas of each version have against each case. */
let complaints: Record<string, Record<string, string[]>>;

beforeAll(async () => {
  const processes = new Processes();
  const { python } = await ensurePythonEnvironment('kubernetes', processes);
  await processes.stopAll();
  const input = JSON.stringify([VERSIONS, { ...accepted, ...broken }]);
  const { status, stdout, stderr } = spawnSync(python, ['-c', JUDGE], { input, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  complaints = JSON.parse(stdout);
});

describe.each(VERSIONS)('Kubernetes %s', (version) => {
  test.each(CASE_NAMES)('accepts %s', (name) => {
    expect(accepted[name].length).toBeGreaterThanOrEqual(6);
    expect(complaints[version][name]).toEqual([]);
  });

  test.each(Object.keys(broken))('refuses %s', (name) => {
    expect(complaints[version][name]).toEqual([expect.stringMatching(/^Deployment: /)]);
  });
});
