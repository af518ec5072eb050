import { ServerDefinition } from '../../server';

/** An object as the API of Kubernetes takes it. */
export type KubernetesObject = Record<string, any>;

/** The name of every object: a server has its namespace for itself. */
export const NAME = 'mlflow';

/** What the port is called, so that nobody else needs its number. */
export const PORT_NAME = 'http';

/** The port of the Service: inside of the cluster, the usual one. */
export const SERVICE_PORT = 80;

/** Never to be changed: the selector of a Deployment is fixed for its life. */
export const SELECTOR = { 'app.kubernetes.io/name': 'mlflow', 'app.kubernetes.io/instance': NAME };

export const LABELS = {
  ...SELECTOR,
  'app.kubernetes.io/component': 'tracking-server',
  'app.kubernetes.io/managed-by': 'cdk-mlflow',
};

export function metadata(namespace: string, labels: Record<string, string> = LABELS) {
  return { name: NAME, namespace, labels };
}

/** The names by which programs in the cluster reach the server. */
export function serviceHostNames(namespace: string): string[] {
  const service = `${NAME}.${namespace}`;
  return [service, `${service}.svc`, `${service}.svc.cluster.local`];
}

/** How a pod is set up, beside what the server's definition says. */
export interface PodSettings {
  readonly namespace: string;
  readonly server: ServerDefinition;
  readonly replicas: number;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly scratchMiB: number;
  readonly nodeSelector: { readonly [label: string]: string };
  readonly imagePullSecrets: string[];
  /** The text of the program that runs first in each container. */
  readonly podProgram: string;
}
