import { KubernetesObject, metadata, NAME, PORT_NAME, SELECTOR, SERVICE_PORT } from './names';
import { IngressConfig } from '../../endpoint/ingress-config';

/** Pods in this namespace must meet the Pod Security Standard `restricted`. */
export function namespaceObject(name: string, labels: Record<string, string>): KubernetesObject {
  const levels = ['enforce', 'audit', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']);
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { ...Object.fromEntries(levels), ...labels } },
  };
}

export function service(namespace: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(namespace),
    spec: {
      type: 'ClusterIP',
      selector: SELECTOR,
      ports: [{ name: PORT_NAME, port: SERVICE_PORT, targetPort: PORT_NAME, protocol: 'TCP', appProtocol: 'http' }],
    },
  };
}

/** Allows the eviction of one pod at a time, even of the only one, so that nodes can be drained. */
export function disruptionBudget(namespace: string): KubernetesObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadata(namespace),
    spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector: { matchLabels: SELECTOR } },
  };
}

/**
 * Makes the nodes of EKS Auto Mode enforce network policies, which they otherwise accept and ignore.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html
 */
export function networkPolicySwitch(): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'amazon-vpc-cni', namespace: 'kube-system' },
    data: { 'enable-network-policy-controller': 'true' },
  };
}

/** The clients that can connect to the pods. If both lists are empty, no inbound traffic is allowed. */
export interface Callers {
  /** CIDR blocks, because a load balancer has no labels. */
  readonly blocks: string[];
  readonly namespaces: string[];
}

export function networkPolicy(namespace: string, port: number, { blocks, namespaces }: Callers): KubernetesObject {
  const from = [
    ...blocks.map((cidr) => ({ ipBlock: { cidr } })),
    ...namespaces.map((name) => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
    })),
  ];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata(namespace),
    spec: {
      podSelector: { matchLabels: SELECTOR },
      policyTypes: ['Ingress'],
      // A rule without `from` would allow all clients.
      ingress: from.length > 0 ? [{ from, ports: [{ port, protocol: 'TCP' }] }] : [],
    },
  };
}

/** Registers the pods as targets of a load balancer that is defined outside of the cluster. */
export function targetGroupBinding(
  namespace: string,
  apiVersion: string,
  { name, arn: targetGroupARN }: { readonly name: string; readonly arn: string },
): KubernetesObject {
  return {
    apiVersion,
    kind: 'TargetGroupBinding',
    metadata: { ...metadata(namespace), name },
    // Without `networking`: the stack contains the security group rules.
    spec: { targetGroupARN, targetType: 'ip', serviceRef: { name: NAME, port: SERVICE_PORT } },
  };
}

export function ingress(namespace: string, host: string, config: IngressConfig): KubernetesObject {
  const { className, annotations, tlsSecretName } = config;
  const backend = { service: { name: NAME, port: { name: PORT_NAME } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { ...metadata(namespace), ...(annotations ? { annotations: { ...annotations } } : {}) },
    spec: {
      ...(className === undefined ? {} : { ingressClassName: className }),
      ...(tlsSecretName === undefined ? {} : { tls: [{ hosts: [host], secretName: tlsSecretName }] }),
      rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
    },
  };
}
