import { Duration, Lazy, Size } from 'aws-cdk-lib';
import { IdentityType } from 'aws-cdk-lib/aws-eks-v2';
import { OpenIdConnectProvider } from 'aws-cdk-lib/aws-iam';
import { existing } from './clusters';
import { EKS_DEFINING, EKS_ERRORS, EKS_PROPS } from './errors';
import { Compute, EksComputeProps, Endpoint, KubernetesIngressEndpointProps, MlflowTrackingServer } from '../../../src';
import { newStack } from '../../support/new-app';
import { messageOf } from '../../support/templates';

test.each([...EKS_ERRORS, ...EKS_DEFINING])('%s', (_name, action, message) => {
  expect(messageOf(action)).toBe(message);
});

test.each(EKS_PROPS)('%s, before anything is defined', (_name, props, message) => {
  const stack = newStack();
  expect(messageOf(() => new MlflowTrackingServer(stack, 'Mlflow', props(stack)))).toBe(message);
  expect(stack.node.findChild('Mlflow').node.children).toEqual([]);
});

const text = Lazy.string({ produce: () => 'later' });

test.each<[string, Partial<EksComputeProps>]>([
  ['names of one letter and of 63', { kubernetesNamespace: 'a'.repeat(63), allowedNamespaces: ['a', 'b-2'] }],
  ['a namespace that only begins like one of Kubernetes', { kubernetesNamespace: 'kubeflow' }],
  ['the smallest sizes', { vcpus: 0.1, memory: Size.gibibytes(1), ephemeralStorage: Size.gibibytes(1), replicas: 1 }],
  ['a part of a CPU that no binary fraction is', { vcpus: 0.3 }],
  ['labels with and without a domain, and no value', { nodeSelector: { 'a.b/c_d.e': 'X-1', role: '' } }],
  ['another label of the kind of nodes', { nodeSelector: { 'eks.amazonaws.com/compute-type': 'auto' } }],
  [
    'names and numbers that are known later',
    {
      replicas: Lazy.number({ produce: () => 2 }),
      allowedNamespaces: [text],
      imagePullSecrets: [text],
      nodeSelector: { label: text },
    },
  ],
])('%s are not refused', (_name, props) => {
  expect(() => Compute.eks({ cluster: existing(newStack()), ...props })).not.toThrow();
});

test('IRSA is not refused on AWS Fargate', () => {
  const stack = newStack();
  const openIdConnectProvider = OpenIdConnectProvider.fromOpenIdConnectProviderArn(
    stack,
    'Provider',
    'arn:aws:iam::1:oidc-provider/x',
  );
  const cluster = existing(stack, {}, { openIdConnectProvider });
  const nodeSelector = { 'eks.amazonaws.com/compute-type': 'fargate' };
  expect(() => Compute.eks({ cluster, identityType: IdentityType.IRSA, nodeSelector })).not.toThrow();
});

test.each<[string, KubernetesIngressEndpointProps]>([
  ['a name of many parts', { domainName: 'a.b-c.d1.example.com', idleTimeout: Duration.seconds(1) }],
  ['what is known later', { domainName: text, ingressClassName: text, tlsSecretName: text, controllerNamespace: text }],
])('%s is not refused in an ingress', (_name, props) => {
  expect(() => Endpoint.kubernetesIngress(props)).not.toThrow();
});
