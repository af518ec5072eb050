import { LABELS } from '../../../src/compute/eks/names';
import {
  disruptionBudget,
  ingress,
  namespaceObject,
  networkPolicy,
  service,
  targetGroupBinding,
} from '../../../src/compute/eks/objects';

const selector = { 'app.kubernetes.io/name': 'mlflow', 'app.kubernetes.io/instance': 'mlflow' };
const metadata = { name: 'mlflow', namespace: 'ml' };

test('the namespace holds its pods to the standard `restricted`', () => {
  expect(namespaceObject('ml', { team: 'a' })).toEqual({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: 'ml',
      labels: {
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/audit': 'restricted',
        'pod-security.kubernetes.io/warn': 'restricted',
        team: 'a',
      },
    },
  });
});

test('the Service finds the pods, inside of the cluster', () => {
  expect(service('ml')).toMatchObject({
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      type: 'ClusterIP',
      selector,
      ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' }],
    },
  });
});

test('a node can be emptied, one pod at a time, also of a pod that never became healthy', () => {
  expect(disruptionBudget('ml')).toMatchObject({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata,
    spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector: { matchLabels: selector } },
  });
});

describe('the network policy', () => {
  test('lets callers in to the one port', () => {
    expect(networkPolicy('ml', 5000, { blocks: ['10.0.0.0/16'], namespaces: ['training'] })).toMatchObject({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata,
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [
              { ipBlock: { cidr: '10.0.0.0/16' } },
              { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'training' } } },
            ],
            ports: [{ port: 5000, protocol: 'TCP' }],
          },
        ],
      },
    });
  });

  test('without callers lets nobody in', () => {
    expect(networkPolicy('ml', 5000, { blocks: [], namespaces: [] }).spec.ingress).toEqual([]);
  });
});

test('pods become targets by their own addresses, and the controller opens no ports', () => {
  const binding = targetGroupBinding('ml', 'elbv2.k8s.aws/v1beta1', { name: 'mlflow-1', arn: 'arn:group' });
  expect(binding).toEqual({
    apiVersion: 'elbv2.k8s.aws/v1beta1',
    kind: 'TargetGroupBinding',
    metadata: { ...metadata, name: 'mlflow-1', labels: LABELS },
    spec: { targetGroupARN: 'arn:group', targetType: 'ip', serviceRef: { name: 'mlflow', port: 80 } },
  });
});

describe('the ingress', () => {
  const rules = [
    {
      host: 'mlflow.example.com',
      http: {
        paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'mlflow', port: { name: 'http' } } } }],
      },
    },
  ];

  test('of few words', () => {
    const object = ingress('ml', 'mlflow.example.com', {});
    expect(object).toMatchObject({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata });
    expect(object.spec).toEqual({ rules });
    expect(object.metadata).not.toHaveProperty('annotations');
  });

  test('with everything', () => {
    const config = { className: 'nginx', annotations: { a: 'b' }, tlsSecretName: 'tls', controllerNamespace: 'x' };
    const object = ingress('ml', 'mlflow.example.com', config);
    expect(object.metadata.annotations).toEqual({ a: 'b' });
    expect(object.spec).toEqual({
      ingressClassName: 'nginx',
      tls: [{ hosts: ['mlflow.example.com'], secretName: 'tls' }],
      rules,
    });
  });
});
