import { Stack } from 'aws-cdk-lib';
import { InstanceArchitecture } from 'aws-cdk-lib/aws-ec2';
import { IdentityType } from 'aws-cdk-lib/aws-eks-v2';
import { OpenIdConnectProvider } from 'aws-cdk-lib/aws-iam';
import { Compute, EksComputeProps, EksLoadBalancerController, Endpoint, IEndpoint, Profile } from '../../src';
import { existing } from '../compute/eks/clusters';
import { kubernetesObjects, onlyKind } from '../compute/eks/manifests';
import { newStack } from '../support/new-app';
import { templateWith } from '../support/templates';

interface Case {
  readonly props?: (stack: Stack) => Partial<EksComputeProps>;
  readonly endpoint?: () => IEndpoint;
  readonly profile?: Profile;
}

const ingress = () =>
  Endpoint.kubernetesIngress({
    domainName: 'mlflow.example.com',
    ingressClassName: 'nginx',
    annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '0' },
    tlsSecretName: 'mlflow-tls',
    controllerNamespace: 'ingress-nginx',
  });

/** The shapes that manifests can have. */
const CASES: Record<string, Case> = {
  'the defaults': {},
  'production, with every setting': {
    profile: Profile.PRODUCTION,
    props: (stack) => ({
      cluster: existing(stack, { loadBalancerController: EksLoadBalancerController.AUTO_MODE }),
      kubernetesNamespace: 'ml-platform',
      replicas: 3,
      cpuArchitecture: InstanceArchitecture.ARM_64,
      nodeSelector: { 'karpenter.sh/capacity-type': 'on-demand' },
      allowedNamespaces: ['training', 'notebooks'],
      imagePullSecrets: ['registry'],
    }),
  },
  'an ingress': { endpoint: ingress },
  'the smallest ingress, in a namespace that exists': {
    endpoint: () => Endpoint.kubernetesIngress({ domainName: 'mlflow.example.com' }),
    props: (stack) => ({ cluster: existing(stack, { createNamespace: false }) }),
  },
  'an OpenID Connect provider': {
    props: (stack) => ({
      identityType: IdentityType.IRSA,
      cluster: existing(
        stack,
        {},
        {
          openIdConnectProvider: OpenIdConnectProvider.fromOpenIdConnectProviderArn(
            stack,
            'Provider',
            'arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/1',
          ),
        },
      ),
    }),
  },
};

export const CASE_NAMES = Object.keys(CASES);

/** What a case applies to the cluster, and in which namespace. */
export function objectsOf(name: string): { objects: any[]; namespace: string } {
  const { props, endpoint, profile } = CASES[name];
  const stack = newStack();
  const given = props?.(stack) ?? {};
  const compute = Compute.eks({ ...given, cluster: given.cluster ?? existing(stack) });
  const objects = kubernetesObjects(templateWith({ compute, profile, endpoint: endpoint?.() }, stack));
  return { objects, namespace: onlyKind(objects, 'Deployment').metadata.namespace };
}

/** What a pod of the Deployment is: the Pod Security Standard is enforced on pods alone. */
export function podOf(objects: any[]): any {
  const { spec, metadata } = onlyKind(objects, 'Deployment');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'pod', namespace: metadata.namespace, labels: spec.template.metadata.labels },
    spec: spec.template.spec,
  };
}

type Break = (object: any) => void;

/** Copies of a Deployment that a schema is enough to refuse. */
export const MISSPELT: [string, Break][] = [
  ['a misspelt field of the pod', (it) => (it.spec.template.spec.hostNetwrk = false)],
  ['a misspelt field of a container', (it) => (it.spec.template.spec.containers[0].imagePullPolcy = 'Always')],
  ['a misspelt field of the Deployment', (it) => (it.spec.stratgy = {})],
  ['a number of pods in words', (it) => (it.spec.replicas = 'two')],
  ['no selector', (it) => delete it.spec.selector],
];

/** Copies of a Deployment that only the API server refuses. */
export const INVALID: [string, Break, string][] = [
  [
    'a quantity in words',
    (it) => (it.spec.template.spec.containers[0].resources.requests.cpu = 'half'),
    'quantities must match the regular expression',
  ],
  [
    'a selector of other pods',
    (it) => (it.spec.selector.matchLabels = { other: 'pods' }),
    '`selector` does not match template `labels`',
  ],
  [
    'a probe of a port that has no name',
    (it) => (it.spec.template.spec.containers[0].livenessProbe.httpGet.port = 'HTTP!'),
    'Invalid value: "HTTP!"',
  ],
  [
    'a stop that never comes',
    (it) => (it.spec.template.spec.containers[0].lifecycle.preStop.sleep.seconds = 1000),
    'must be non-negative and less than terminationGracePeriodSeconds',
  ],
  [
    'a volume that nobody has',
    (it) => (it.spec.template.spec.containers[0].volumeMounts[0].name = 'other'),
    'Not found: "other"',
  ],
];

/** Copies of a pod that the Pod Security Standard `restricted` refuses. */
export const INSECURE: [string, Break, string][] = [
  ['a privileged container', (it) => (it.spec.containers[0].securityContext = { privileged: true }), 'privileged'],
  ['root', (it) => (it.spec.securityContext.runAsUser = 0), 'runAsUser=0'],
  ['a user who may be root', (it) => delete it.spec.securityContext.runAsNonRoot, 'runAsNonRoot != true'],
  ['no filter of system calls', (it) => delete it.spec.securityContext.seccompProfile, 'seccompProfile'],
  [
    'more rights in the init container',
    (it) => (it.spec.initContainers[0].securityContext.allowPrivilegeEscalation = true),
    'allowPrivilegeEscalation != false',
  ],
  ['capabilities', (it) => delete it.spec.containers[0].securityContext.capabilities, 'unrestricted capabilities'],
  ['a directory of the node', (it) => it.spec.volumes.push({ name: 'host', hostPath: { path: '/' } }), 'hostPath'],
  ['the network of the node', (it) => (it.spec.hostNetwork = true), 'hostNetwork=true'],
];
