import { ServerDefinition } from '../../server';

/** An object of the Kubernetes API. */
export type KubernetesObject = Record<string, any>;

/** The name of every object. There is only one server in a namespace. */
export const NAME = 'mlflow';

/** The name of the port, so that other objects do not need its number. */
export const PORT_NAME = 'http';

/** The port of the Service: the default of HTTP. */
export const SERVICE_PORT = 80;

/** Must never change: the selector of a Deployment is immutable. */
export const SELECTOR = { 'app.kubernetes.io/name': 'mlflow', 'app.kubernetes.io/instance': NAME };

export const LABELS = {
  ...SELECTOR,
  'app.kubernetes.io/component': 'tracking-server',
  'app.kubernetes.io/managed-by': 'cdk-mlflow',
};

export function metadata(namespace: string, labels: Record<string, string> = LABELS) {
  return { name: NAME, namespace, labels };
}

/** The host names by which clients in the cluster access the server. */
export function serviceHostNames(namespace: string): string[] {
  const service = `${NAME}.${namespace}`;
  return [service, `${service}.svc`, `${service}.svc.cluster.local`];
}

/** Settings of the pods, in addition to the server's definition. */
export interface PodSettings {
  readonly namespace: string;
  readonly server: ServerDefinition;
  readonly replicas: number;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly scratchMiB: number;
  readonly nodeSelector: { readonly [label: string]: string };
  readonly imagePullSecrets: string[];
  /** The program that runs first in each container. */
  readonly podProgram: string;
}
