import { createHash } from 'crypto';
import { escapeReferences, kubernetesEnvironment } from './environment';
import { KubernetesObject, LABELS, metadata, NAME, PodSettings, PORT_NAME, SELECTOR } from './names';

const PROGRAMS_PATH = '/opt/cdk-mlflow';

/**
 * Between a pod's removal from the load balancer's targets and the signal to stop, in seconds: until every load balancer
 * and node knows, requests still come.
 */
const DRAIN_SECONDS = 15;

/** The programs that the containers run, as files. */
export function programs({ namespace, podProgram, server }: PodSettings): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(namespace),
    data: { 'pod.py': podProgram, 'bootstrap.py': server.program },
  };
}

export function deployment(settings: PodSettings): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(settings.namespace),
    spec: {
      replicas: settings.replicas,
      revisionHistoryLimit: 3,
      // As long as the slowest start that is still one: a migration, then the import of MLflow on half a CPU.
      progressDeadlineSeconds: 1800,
      // Stop first, then start: MLflow forbids two versions on one database.
      strategy: { type: 'Recreate' },
      selector: { matchLabels: SELECTOR },
      template: {
        metadata: { labels: LABELS, annotations: { 'cdk-mlflow/programs': digestOf(settings) } },
        spec: pod(settings),
      },
    },
  };
}

/** Pods start anew when their programs change: a ConfigMap alone would not make them. */
function digestOf({ podProgram, server }: PodSettings): string {
  return createHash('sha256').update(podProgram).update('\0').update(server.program).digest('hex');
}

function pod(settings: PodSettings): KubernetesObject {
  const { server } = settings;
  return {
    serviceAccountName: NAME,
    // The server never speaks to the API of Kubernetes; its AWS identity comes in a volume of its own.
    automountServiceAccountToken: false,
    // The variable MLFLOW_PORT, which a Service named `mlflow` would bring, is MLflow's own.
    enableServiceLinks: false,
    // The pause container reaps what MLflow's parent process leaves behind.
    shareProcessNamespace: true,
    terminationGracePeriodSeconds: DRAIN_SECONDS + server.stopTimeout.toSeconds(),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: server.userId,
      runAsGroup: server.userId,
      fsGroup: server.userId,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    nodeSelector: { 'kubernetes.io/os': 'linux', ...settings.nodeSelector },
    topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: SELECTOR },
    })),
    ...(settings.imagePullSecrets.length > 0
      ? { imagePullSecrets: settings.imagePullSecrets.map((name) => ({ name })) }
      : {}),
    volumes: [
      { name: 'programs', configMap: { name: NAME, defaultMode: 0o444 } },
      { name: 'scratch', emptyDir: { sizeLimit: `${settings.scratchMiB}Mi` } },
    ],
    initContainers: [container('migrate', server.migrateArguments, settings)],
    containers: [
      {
        ...container('server', server.serveArguments, settings),
        ports: [{ name: PORT_NAME, containerPort: server.port, protocol: 'TCP' }],
        lifecycle: { preStop: { sleep: { seconds: DRAIN_SECONDS } } },
        startupProbe: { ...probe(settings), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 120 },
        readinessProbe: { ...probe(settings), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
        // Patient: a server that is only busy must not be killed.
        livenessProbe: { ...probe(settings), periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 5 },
      },
    ],
  };
}

function container(name: string, args: string[], settings: PodSettings): KubernetesObject {
  const { server, vcpus, memoryMiB, scratchMiB } = settings;
  const memory = `${memoryMiB}Mi`;
  return {
    name,
    image: server.imageUri,
    // Its tag or digest stays with one release.
    imagePullPolicy: 'IfNotPresent',
    command: ['python', `${PROGRAMS_PATH}/pod.py`],
    args: args.map(escapeReferences),
    env: kubernetesEnvironment(server),
    resources: {
      requests: { cpu: `${Math.round(vcpus * 1000)}m`, memory, 'ephemeral-storage': `${scratchMiB}Mi` },
      // None for the CPU: what is idle on the node may be used. Memory cannot be taken back without a kill.
      limits: { memory },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'programs', mountPath: PROGRAMS_PATH, readOnly: true },
      { name: 'scratch', mountPath: server.scratchPath },
    ],
  };
}

function probe({ server }: PodSettings): KubernetesObject {
  return { httpGet: { path: server.healthCheckPath, port: PORT_NAME, scheme: 'HTTP' } };
}
