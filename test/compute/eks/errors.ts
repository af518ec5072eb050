import { Aws, Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import { InstanceArchitecture, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ClusterAttributes, IdentityType, IpFamily } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { autoMode, existing } from './clusters';
import {
  Compute,
  EksCluster,
  EksComputeProps,
  EksExistingClusterOptions,
  EksLoadBalancerController,
  Endpoint,
  IsolatedVpc,
  KubernetesIngressEndpointProps,
  MlflowTrackingServer,
  MlflowTrackingServerProps,
  ServerImage,
} from '../../../src';
import { newStack } from '../../support/new-app';
import { refused } from '../../support/refused';

type Case = [string, () => unknown, string];

const eks = (props: Partial<EksComputeProps>) => () => Compute.eks({ cluster: existing(newStack()), ...props });
const cluster =
  (changes: Partial<ClusterAttributes>, options: EksExistingClusterOptions = {}) =>
  () =>
    existing(newStack(), options, changes);
const ingress = (props: Partial<KubernetesIngressEndpointProps>) => () =>
  Endpoint.kubernetesIngress({ domainName: 'mlflow.example.com', ...props });

const number = Lazy.number({ produce: () => 1 });

const KUBECTL =
  "'cluster' must have a kubectl provider, which applies the manifests of the server; define the cluster with 'kubectlProviderOptions', or import it with 'kubectlProvider'";
const VPC = "'cluster' must have a known VPC, in which the database is created; import the cluster with 'vpc'";
const GROUP =
  "'cluster' must have a known security group, which the database allows; import the cluster with 'clusterSecurityGroupId', or set 'securityGroups'";

const namespaceMessage = (prop: string, name: string) =>
  `'${prop}' must be up to 63 lower-case letters, digits and hyphens, with no hyphen at its ends; got '${name}'`;
const objectMessage = (prop: string, name: string) =>
  `'${prop}' must be the name of a Kubernetes object, of lower-case letters, digits, hyphens and dots; got '${name}'`;

const CLUSTERS: Case[] = [
  ['a cluster without a kubectl provider', cluster({ kubectlProvider: undefined }), KUBECTL],
  ['a cluster without a VPC', cluster({ vpc: undefined }), VPC],
  ['a cluster without a security group', cluster({ clusterSecurityGroupId: undefined }), GROUP],
  [
    'a cluster that is known by its name alone',
    () => EksCluster.existing(Cluster.fromClusterAttributes(newStack(), 'Cluster', { clusterName: 'platform' })),
    `EksCluster.existing() has 3 problems:\n- ${KUBECTL}\n- ${VPC}\n- ${GROUP}`,
  ],
  [
    'a VPC whose addresses are not known',
    () => {
      const stack = newStack();
      const vpc = Vpc.fromVpcAttributes(stack, 'GivenVpc', {
        vpcId: 'vpc-1',
        availabilityZones: ['a'],
        privateSubnetIds: ['subnet-1'],
      });
      return existing(stack, {}, { vpc });
    },
    "'cluster' must be in a VPC with a known CIDR block, from which load balancers connect; import the VPC with 'vpcCidrBlock'",
  ],
  [
    'a cluster of IPv6',
    cluster({ ipFamily: IpFamily.IP_V6 }),
    "'cluster' must assign IPv4 addresses to its pods, which the load balancer and the database require; got IpFamily.IP_V6, choose another cluster",
  ],
  [
    'IRSA without an identity provider',
    eks({ identityType: IdentityType.IRSA }),
    "'cluster' must have an OpenID Connect provider for IdentityType.IRSA; import the cluster with 'openIdConnectProvider', or use IdentityType.POD_IDENTITY",
  ],
  [
    'Pod Identity on AWS Fargate',
    eks({ nodeSelector: { 'eks.amazonaws.com/compute-type': 'fargate' } }),
    "'identityType' must be IdentityType.IRSA on AWS Fargate, which has no Pod Identity Agent; set it, or remove the label from 'nodeSelector'",
  ],
  [
    'no security groups',
    cluster({}, { securityGroups: [] }),
    "'securityGroups' must have at least one security group; got an empty list, add one or remove it",
  ],
];

const ROLES: Case[] = [
  [
    'a permissions boundary of an existing role',
    () => {
      const stack = newStack();
      return Compute.eks({
        cluster: existing(stack),
        role: Role.fromRoleName(stack, 'PodRole', 'pods'),
        permissionsBoundary: ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'limit'),
      });
    },
    "'permissionsBoundary' cannot be set with 'role', which is not changed; remove one of them",
  ],
];

const NEW_CLUSTERS: Case[] = [
  ...[SubnetType.PUBLIC, SubnetType.PRIVATE_ISOLATED].map((subnetType): Case => [
    `a new cluster in ${subnetType} subnets`,
    () => autoMode(newStack(), { vpcSubnets: { subnetType } }),
    `'vpcSubnets' must be private subnets with internet access, which the nodes and the kubectl provider need; got SubnetType '${subnetType}', use SubnetType.PRIVATE_WITH_EGRESS`,
  ]),
  [
    'Pod Identity on AWS Fargate in a new cluster',
    () =>
      Compute.eks({
        cluster: autoMode(newStack()),
        nodeSelector: { 'eks.amazonaws.com/compute-type': 'fargate' },
      }),
    "'identityType' must be IdentityType.IRSA on AWS Fargate, which has no Pod Identity Agent; set it, or remove the label from 'nodeSelector'",
  ],
];

const NAMES: Case[] = [
  ...['MLflow', '-a', 'a-', 'a.b', 'a_b', '', 'a'.repeat(64)].map((name): Case => [
    `the namespace '${name}'`,
    eks({ kubernetesNamespace: name }),
    namespaceMessage('kubernetesNamespace', name),
  ]),
  [
    'a namespace that is a token',
    eks({ kubernetesNamespace: Aws.STACK_NAME }),
    "'kubernetesNamespace' must be known at synthesis, because the host names of the server contain it; got a token, pass a string",
  ],
  ...['default', 'kube-system'].map((name): Case => [
    `the namespace ${name}`,
    eks({ kubernetesNamespace: name }),
    `'kubernetesNamespace' must be used for this server only; got '${name}', which is a namespace of Kubernetes, choose another`,
  ]),
  [
    'a namespace of one letter',
    eks({ kubernetesNamespace: 'm' }),
    "'kubernetesNamespace' must have at least two characters, because aws-cdk-lib rejects shorter names; got 'm'",
  ],
  [
    'no allowed namespaces',
    eks({ allowedNamespaces: [] }),
    "'allowedNamespaces' must have at least one namespace; got an empty list, add one or remove it",
  ],
  [
    'an allowed namespace with a star',
    eks({ allowedNamespaces: ['training', '*'] }),
    namespaceMessage('allowedNamespaces', '*'),
  ],
  [
    'no pull secrets',
    eks({ imagePullSecrets: [] }),
    "'imagePullSecrets' must have at least one name; got an empty list, add one or remove it",
  ],
  [
    'a pull secret by its ARN',
    eks({ imagePullSecrets: ['arn:aws:x'] }),
    objectMessage('imagePullSecrets', 'arn:aws:x'),
  ],
  ...['', 'a b', 'a/b/c', '-a', 'Upper.Domain/a', 'a'.repeat(64)].map((label): Case => [
    `the label '${label}'`,
    eks({ nodeSelector: { [label]: 'x' } }),
    `'nodeSelector' must have valid label keys such as 'karpenter.sh/capacity-type'; got '${label}'`,
  ]),
  ...['a b', '-a', 'a'.repeat(64)].map((value): Case => [
    `the label's value '${value}'`,
    eks({ nodeSelector: { label: value } }),
    `'nodeSelector' must have label values of up to 63 letters, digits, hyphens, underscores and dots, with a letter or digit at both ends; got '${value}'`,
  ]),
  [
    'the architecture as a label',
    eks({ nodeSelector: { 'kubernetes.io/arch': 'arm64' } }),
    "'nodeSelector' cannot have the label kubernetes.io/arch, which the compute sets; set 'cpuArchitecture' instead",
  ],
  [
    'another operating system',
    eks({ nodeSelector: { 'kubernetes.io/os': 'windows' } }),
    "'nodeSelector' cannot have the label kubernetes.io/os, which the compute sets; remove it",
  ],
];

const SIZES: Case[] = [
  ...[0, 0.05, -1, 0.12345, NaN, Infinity].map((vcpus): Case => [
    `${vcpus} vCPUs`,
    eks({ vcpus }),
    `'vcpus' must be at least 0.1, in steps of 0.001; got ${vcpus}`,
  ]),
  ...[{ vcpus: number }, { memory: Size.mebibytes(number) }].map((size): Case => [
    `a token as ${Object.keys(size)}`,
    eks(size),
    "'vcpus' and 'memory' must be known at synthesis, because the number of workers depends on them; got a token, pass known values",
  ]),
  [
    'too little memory',
    eks({ memory: Size.mebibytes(512) }),
    "'memory' must be a whole number of MiB, at least 1024; got 512 MiB",
  ],
  [
    'a part of a mebibyte',
    eks({ memory: Size.kibibytes(1024 * 2048 + 512) }),
    "'memory' must be a whole number of MiB, at least 1024; got 2048.5 MiB",
  ],
  [
    'too little disk',
    eks({ ephemeralStorage: Size.mebibytes(100) }),
    "'ephemeralStorage' must be a whole number of MiB, at least 1024; got 100 MiB",
  ],
  [
    'a disk that is a token',
    eks({ ephemeralStorage: Size.gibibytes(number) }),
    "'ephemeralStorage' must be known at synthesis, because Kubernetes requires a quantity; got a token, pass a known size",
  ],
  ...[0, 1.5, -1].map((replicas): Case => [
    `${replicas} pods`,
    eks({ replicas }),
    `'replicas' must be a whole number of at least 1; got ${replicas}`,
  ]),
  [
    'several problems at once',
    eks({ kubernetesNamespace: 'default', vcpus: 0, replicas: 0 }),
    'Compute.eks() has 3 problems:\n' +
      "- 'kubernetesNamespace' must be used for this server only; got 'default', which is a namespace of Kubernetes, choose another\n" +
      "- 'vcpus' must be at least 0.1, in steps of 0.001; got 0\n" +
      "- 'replicas' must be a whole number of at least 1; got 0",
  ],
];

const INGRESSES: Case[] = [
  ...[
    'mlflow',
    'https://mlflow.example.com',
    'mlflow.example.com:443',
    'MLflow.example.com',
    'mlflow.example.com.',
    '',
  ].map((domainName): Case => [
    `the ingress of '${domainName}'`,
    ingress({ domainName }),
    `'domainName' must be a fully qualified domain name in lower case such as 'mlflow.example.com', without a scheme or a port; got '${domainName}'`,
  ]),
  ['a class with a space', ingress({ ingressClassName: 'my class' }), objectMessage('ingressClassName', 'my class')],
  ['a Secret in another namespace', ingress({ tlsSecretName: 'a/b' }), objectMessage('tlsSecretName', 'a/b')],
  [
    'a namespace of the controller with a dot',
    ingress({ controllerNamespace: 'a.b' }),
    namespaceMessage('controllerNamespace', 'a.b'),
  ],
  [
    'an annotation with a space',
    ingress({ annotations: { 'proxy body size': '0' } }),
    "'annotations' must have names such as 'nginx.ingress.kubernetes.io/proxy-body-size'; got 'proxy body size'",
  ],
  [
    'a certificate for plain HTTP',
    ingress({ tlsSecretName: 'mlflow-tls', plainHttp: true }),
    "'tlsSecretName' has no effect with 'plainHttp'; remove one of them",
  ],
  [
    'a part of a second',
    ingress({ idleTimeout: Duration.millis(1500) }),
    "'idleTimeout' must be a whole number of seconds from 1 to 4000; got 1.5 seconds",
  ],
  [
    'several problems of an ingress',
    ingress({ domainName: 'mlflow', tlsSecretName: 'A' }),
    "Endpoint.kubernetesIngress() has 2 problems:\n- 'domainName' must be a fully qualified domain name in lower case such as 'mlflow.example.com', without a scheme or a port; got 'mlflow'\n" +
      `- ${objectMessage('tlsSecretName', 'A')}`,
  ],
];

const UNBOUND: Case[] = (['cluster', 'role', 'manifest'] as const).map((property) => [
  `'${property}' before its server`,
  () => eks({})()[property],
  `'${property}' of Compute.eks() does not exist yet; pass the Compute.eks() to an MlflowTrackingServer first`,
]);

export const EKS_ERRORS: Case[] = [
  ...CLUSTERS,
  ...ROLES,
  ...NEW_CLUSTERS,
  ...NAMES,
  ...SIZES,
  ...INGRESSES,
  ...UNBOUND,
];

const onEks = (stack: Stack, props: Partial<EksComputeProps> = {}) =>
  Compute.eks({ ...props, cluster: props.cluster ?? existing(stack) });

/** What contradicts another part, before anything is defined. */
export const EKS_PROPS: [string, (stack: Stack) => MlflowTrackingServerProps, string][] = [
  [
    'another VPC than the cluster’s',
    (stack) => ({ compute: onEks(stack), vpc: new Vpc(stack, 'OtherVpc') }),
    "'vpc' must be the VPC of the compute; got another one, remove 'vpc' or choose a cluster in it",
  ],
  [
    'port forwarding',
    (stack) => ({ compute: onEks(stack), endpoint: Endpoint.portForwarding() }),
    "'endpoint' cannot be port forwarding with EKS compute, whose servers cannot be reached through Session Manager; choose an endpoint that uses a load balancer or an ingress controller, or another compute",
  ],
  [
    'the address of an instance',
    (stack) => ({ compute: onEks(stack), endpoint: Endpoint.instanceAddress() }),
    "'endpoint' cannot be an instance address with EKS compute, whose servers cannot be reached through a fixed address; choose an endpoint that uses a load balancer or an ingress controller, or another compute",
  ],
  [
    'an ingress without a cluster',
    () => ({ endpoint: Endpoint.kubernetesIngress({ domainName: 'mlflow.example.com' }) }),
    "'endpoint' cannot be a Kubernetes ingress with Fargate compute, whose servers cannot be reached through an ingress controller; choose an endpoint that uses a load balancer or Session Manager, or another compute",
  ],
  [
    'jobs on several pods',
    (stack) => ({ compute: onEks(stack, { replicas: 2, memory: Size.gibibytes(4) }), server: { jobs: true } }),
    "'server.jobs' with 2 servers needs a queue that they share; set 'server.jobQueueUrl', or the compute's replicas to 1",
  ],
  [
    'more workers than the memory holds',
    (stack) => ({ compute: onEks(stack), server: { workers: 5 } }),
    "'server.workers' is 5, which need 1185 MiB before the first request; got 1024 MiB for each server, lower it or give the compute more memory",
  ],
  [
    'an image for another architecture',
    (stack) => ({
      compute: onEks(stack, { cpuArchitecture: InstanceArchitecture.X86_64 }),
      image: ServerImage.hardened({ platform: { platform: 'linux/arm64' } as never }),
    }),
    "'image' must be built for x86_64 with EKS compute; got ServerImage.hardened() for arm64, remove its 'platform' or change the compute's architecture",
  ],
];

/** What is known only with the other parts. */
export const EKS_DEFINING: Case[] = [
  [
    'a controller without a load balancer',
    refused((stack) => ({
      compute: onEks(stack, {
        cluster: existing(stack, { loadBalancerController: EksLoadBalancerController.AUTO_MODE }),
      }),
      endpoint: Endpoint.kubernetesIngress({ domainName: 'mlflow.example.com' }),
    })),
    "'loadBalancerController' requires an endpoint with a load balancer; remove it or choose another endpoint",
  ],
  [
    'a new cluster without a way out',
    refused((stack) => ({
      compute: Compute.eks({ cluster: autoMode(stack) }),
      image: ServerImage.hardened(),
      vpc: new IsolatedVpc(stack, 'Isolated'),
    })),
    "'vpc' must have private subnets with internet access with EksCluster.autoMode(), which the nodes and the kubectl provider need; got only isolated subnets, choose another VPC or use EksCluster.existing()",
  ],
  [
    'a new cluster in a VPC whose addresses are not known',
    refused((stack) => ({
      compute: Compute.eks({ cluster: autoMode(stack) }),
      endpoint: Endpoint.kubernetesIngress({ domainName: 'mlflow.example.com' }),
      vpc: Vpc.fromVpcAttributes(stack, 'Imported', {
        vpcId: 'vpc-1',
        availabilityZones: ['a', 'b'],
        privateSubnetIds: ['subnet-1', 'subnet-2'],
      }),
    })),
    "'vpc' must have a known CIDR block with EksCluster.autoMode(), from which load balancers connect; import the VPC with 'vpcCidrBlock'",
  ],
  [
    'credentials of a registry',
    refused((stack) => ({
      compute: onEks(stack),
      image: ServerImage.fromRegistry('registry.example.com/mlflow:3.17.2', {
        credentials: Secret.fromSecretNameV2(stack, 'Registry', 'registry'),
      }),
    })),
    "'image' cannot have credentials with EKS compute, whose nodes pull images with Kubernetes Secrets; create a Secret in the namespace, add its name to 'imagePullSecrets', and remove the credentials",
  ],
  [
    'one Compute.eks() for two servers',
    () => {
      const stack = newStack();
      const compute = onEks(stack);
      new MlflowTrackingServer(stack, 'One', { compute });
      new MlflowTrackingServer(stack, 'Two', { compute });
    },
    'this Compute.eks() already belongs to an MlflowTrackingServer; create another one for the second server',
  ],
];
