import { ApiServer } from './api-server';
import { CASE_NAMES, INSECURE, INVALID, MISSPELT, objectsOf, podOf } from './cases';
import { targetGroupBindingDefinition } from './target-group-binding';
import { Processes } from '../../local/tools/processes';
import { waitUntil } from '../../local/tools/wait-until';
import { WorkDirectory } from '../../local/tools/work-directory';
import { EksLoadBalancerController } from '../../src';
import { onlyKind } from '../compute/eks/manifests';

// The first time, the API server is built.
jest.setTimeout(60 * 60_000);

const work = new WorkDirectory();
const processes = new Processes();
let server: ApiServer;

beforeAll(async () => {
  server = await ApiServer.start(work, processes);
  await server.create(Object.values(EksLoadBalancerController).map(targetGroupBindingDefinition));
  const known = async () => (await server.kubectl(['api-resources', '--no-headers'])).output;
  await waitUntil('target group bindings', async () => (await known()).split('TargetGroupBinding').length === 3, 30);
});

afterAll(async () => {
  await processes.stopAll();
  work.remove();
});

/** What must be there already when pods are judged. */
async function prepare(objects: any[], namespace: string): Promise<void> {
  const level = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  const made = objects.find(({ kind }) => kind === 'Namespace');
  await server.create([made ?? { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: level } }]);
  await server.create([onlyKind(objects, 'ServiceAccount')]);
}

describe.each(CASE_NAMES)('%s', (name) => {
  const { objects, namespace } = objectsOf(name);
  beforeAll(() => prepare(objects, namespace));

  test('every object is accepted, without a warning', async () => {
    const { code, output } = await server.dryRun(objects);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).not.toMatch(/warning/i);
    expect(output.match(/serverside-applied/g)).toHaveLength(objects.length);
  });

  test('its pods are accepted in a namespace that enforces the Pod Security Standard `restricted`', async () => {
    const { output } = await server.kubectl(['get', 'namespace', namespace, '--output=json']);
    expect(JSON.parse(output).metadata.labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
    const { code, output: answer } = await server.dryRun([podOf(objects)]);
    expect({ code, answer }).toEqual({ code: 0, answer: expect.stringContaining('pod/pod serverside-applied') });
  });
});

describe('a broken copy is refused:', () => {
  const { objects, namespace } = objectsOf('the defaults');
  beforeAll(() => prepare(objects, namespace));

  const broken = (original: any, change: (object: any) => void) => {
    const copy = structuredClone(original);
    change(copy);
    return [copy];
  };

  test.each(MISSPELT)('%s', async (_name, change) => {
    const { code, output } = await server.dryRun(broken(onlyKind(objects, 'Deployment'), change));
    expect(code).not.toBe(0);
    expect(output).toMatch(/field not declared in schema|unknown field|invalid type|missing required field/);
  });

  test.each(INVALID)('%s', async (_name, change, reason) => {
    const { code, output } = await server.dryRun(broken(onlyKind(objects, 'Deployment'), change));
    expect(code).not.toBe(0);
    expect(output).toContain(reason);
  });

  test.each(INSECURE)('%s', async (_name, change, reason) => {
    const { code, output } = await server.dryRun(broken(podOf(objects), change));
    expect(code).not.toBe(0);
    expect(output).toContain('violates PodSecurity "restricted:latest"');
    expect(output).toContain(reason);
  });

  test('a target group binding with a field that it does not have', async () => {
    const binding = onlyKind(objects, 'TargetGroupBinding');
    const { code, output } = await server.dryRun(broken(binding, (it) => (it.spec.targetGroupArn = 'x')));
    expect(code).not.toBe(0);
    expect(output).toMatch(/unknown field "targetGroupArn"/);
  });
});
