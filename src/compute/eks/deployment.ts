import { createHash } from 'crypto';
import { escapeReferences, kubernetesEnvironment } from './environment';
import { KubernetesObject, LABELS, metadata, NAME, PodSettings, PORT_NAME, SELECTOR } from './names';

const PROGRAMS_PATH = '/opt/cdk-mlflow';

/**
 * The time between the deregistration of a pod and the signal to stop, in seconds. Until all load balancers and nodes are
 * updated, they still send requests.
 */
const DRAIN_SECONDS = 15;

/** The programs of the containers, as files. */
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
      // Enough for the slowest start: a migration, then the import of MLflow with half a CPU.
      progressDeadlineSeconds: 1800,
      // Stop first, then start: MLflow does not support two versions on one database.
      strategy: { type: 'Recreate' },
      selector: { matchLabels: SELECTOR },
      template: {
        metadata: { labels: LABELS, annotations: { 'cdk-mlflow/programs': digestOf(settings) } },
        spec: pod(settings),
      },
    },
  };
}

/** Restarts the pods when their programs change, which a change of the ConfigMap alone does not. */
function digestOf({ podProgram, server }: PodSettings): string {
  return createHash('sha256').update(podProgram).update('\0').update(server.program).digest('hex');
}

function pod(settings: PodSettings): KubernetesObject {
  const { server } = settings;
  return {
    serviceAccountName: NAME,
    // The server does not call the Kubernetes API. Its AWS credentials are in a separate volume.
    automountServiceAccountToken: false,
    // A Service named `mlflow` would set MLFLOW_PORT, which is MLflow's own variable.
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
        // Lenient: a server that is only busy must not be restarted.
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
    // The tag or digest stays with one release.
    imagePullPolicy: 'IfNotPresent',
    command: ['python', `${PROGRAMS_PATH}/pod.py`],
    args: args.map(escapeReferences),
    env: kubernetesEnvironment(server),
    resources: {
      requests: { cpu: `${Math.round(vcpus * 1000)}m`, memory, 'ephemeral-storage': `${scratchMiB}Mi` },
      // No CPU limit: pods can use idle capacity of the node. Memory can only be reclaimed by killing the pod.
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
