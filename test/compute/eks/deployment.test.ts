import { Duration } from 'aws-cdk-lib';
import { POD, SERVER } from './server';
import { deployment, programs } from '../../../src/compute/eks/deployment';

const LABELS = {
  'app.kubernetes.io/name': 'mlflow',
  'app.kubernetes.io/instance': 'mlflow',
  'app.kubernetes.io/component': 'tracking-server',
  'app.kubernetes.io/managed-by': 'cdk-mlflow',
};

const podOf = (settings = POD) => deployment(settings).spec.template.spec;
const [migrate] = podOf().initContainers;
const [server, ...others] = podOf().containers;

test('the Deployment stops the old pods before it starts the new ones', () => {
  expect(deployment(POD)).toMatchObject({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'mlflow', namespace: 'ml', labels: LABELS },
    spec: { replicas: 2, strategy: { type: 'Recreate' }, progressDeadlineSeconds: 1800, revisionHistoryLimit: 3 },
  });
});

test('its selector is fixed for its life', () => {
  expect(deployment(POD).spec.selector).toEqual({
    matchLabels: { 'app.kubernetes.io/name': 'mlflow', 'app.kubernetes.io/instance': 'mlflow' },
  });
  expect(deployment(POD).spec.template.metadata.labels).toEqual(LABELS);
});

test('the programs are files, and pods start anew when one of them changes', () => {
  expect(programs(POD)).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'mlflow', namespace: 'ml', labels: LABELS },
    data: { 'pod.py': 'print("pod")', 'bootstrap.py': 'print("bootstrap")' },
  });
  const digest = (settings: typeof POD) =>
    deployment(settings).spec.template.metadata.annotations['cdk-mlflow/programs'];
  const digests = [
    digest(POD),
    digest({ ...POD, podProgram: 'other' }),
    digest({ ...POD, server: { ...SERVER, program: 'other' } }),
  ];
  expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(digests).size).toBe(3);
});

test('the migration comes first, then the server, both with the same program and the same variables', () => {
  expect(podOf().initContainers).toHaveLength(1);
  expect(others).toEqual([]);
  expect(migrate).toMatchObject({ name: 'migrate', command: ['python', '/opt/cdk-mlflow/pod.py'], args: ['migrate'] });
  expect(server).toMatchObject({
    name: 'server',
    command: ['python', '/opt/cdk-mlflow/pod.py'],
    args: ['serve', '--app-name', 'basic-auth'],
    ports: [{ name: 'http', containerPort: 5000, protocol: 'TCP' }],
  });
  expect(server.env).toEqual(migrate.env);
  expect(server.env.length).toBeGreaterThan(2);
});

test('an argument refers to no variable', () => {
  const [container] = podOf({ ...POD, server: { ...SERVER, serveArguments: ['$(HOME)'] } }).containers;
  expect(container.args).toEqual(['$$(HOME)']);
});

test.each([migrate, server])('$name runs as nobody special, on a root that it cannot change', (container) => {
  expect(container).toMatchObject({
    image: 'registry.example.com/mlflow:1',
    imagePullPolicy: 'IfNotPresent',
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'programs', mountPath: '/opt/cdk-mlflow', readOnly: true },
      { name: 'scratch', mountPath: '/tmp' },
    ],
  });
});

test('quantities are whole, memory is a limit and the CPU is not', () => {
  expect(server.resources).toEqual({
    requests: { cpu: '250m', memory: '1536Mi', 'ephemeral-storage': '2048Mi' },
    limits: { memory: '1536Mi' },
  });
  expect(podOf({ ...POD, vcpus: 0.3 }).containers[0].resources.requests.cpu).toBe('300m');
  expect(podOf({ ...POD, vcpus: 2 }).containers[0].resources.requests.cpu).toBe('2000m');
});

test('the pod has no rights in the cluster, and no variables of its Services', () => {
  expect(podOf()).toMatchObject({
    serviceAccountName: 'mlflow',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    shareProcessNamespace: true,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumes: [
      { name: 'programs', configMap: { name: 'mlflow', defaultMode: 0o444 } },
      { name: 'scratch', emptyDir: { sizeLimit: '2048Mi' } },
    ],
  });
});

test('a pod leaves the load balancer before it is told to stop, and has its whole time after that', () => {
  const settings = { ...POD, server: { ...SERVER, stopTimeout: Duration.minutes(1) } };
  expect(podOf(settings).terminationGracePeriodSeconds).toBe(60 + 15);
  expect(podOf(settings).containers[0].lifecycle).toEqual({ preStop: { sleep: { seconds: 15 } } });
  expect(migrate).not.toHaveProperty('lifecycle');
});

test('probes ask the server’s own path; a slow start is no death', () => {
  const httpGet = { path: '/p/health', port: 'http', scheme: 'HTTP' };
  expect(server).toMatchObject({
    startupProbe: { httpGet, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 120 },
    readinessProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
    livenessProbe: { httpGet, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 5 },
  });
});

test('pods spread over zones and nodes, as far as these have room', () => {
  expect(podOf().topologySpreadConstraints).toEqual(
    ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: deployment(POD).spec.selector.matchLabels },
    })),
  );
});

test('nodes and pull secrets are the user’s', () => {
  expect(podOf().nodeSelector).toEqual({ 'kubernetes.io/os': 'linux' });
  expect(podOf()).not.toHaveProperty('imagePullSecrets');
  const chosen = podOf({ ...POD, nodeSelector: { role: 'ml' }, imagePullSecrets: ['one', 'two'] });
  expect(chosen.nodeSelector).toEqual({ 'kubernetes.io/os': 'linux', role: 'ml' });
  expect(chosen.imagePullSecrets).toEqual([{ name: 'one' }, { name: 'two' }]);
});
