import { Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import { IdentityType } from 'aws-cdk-lib/aws-eks-v2';
import { EksComputeProps } from './eks-compute-props';
import { isLabelValue, isQualifiedName, checkNamespace, checkObjectName } from '../../private/kubernetes-syntax';
import { Problems } from '../../private/problems';
import { checkWhole } from '../../private/rules';
import { ComputeDeploymentContext } from '../validation';

const SMALLEST_MEMORY_MIB = 1024;
const SMALLEST_SCRATCH_MIB = 1024;

/** Namespaces that every cluster has. */
const SYSTEM_NAMESPACES = /^(default|kube-.*)$/;

/** Labels that cannot be set, because the compute sets them. */
const RESERVED_LABELS: Record<string, string> = {
  'kubernetes.io/arch': "set 'cpuArchitecture' instead",
  'kubernetes.io/os': 'remove it',
};

/** Throws one error with everything that Kubernetes, or MLflow on it, would reject. */
export function validateEksProps(props: EksComputeProps): void {
  const problems = new Problems();
  checkIdentity(problems, props);
  checkNamespaces(problems, props);
  checkSizes(problems, props);
  checkNodes(problems, props);
  checkPullSecrets(problems, props);
  problems.throwIfAny('Compute.eks()');
}

/** Notes what is known only with the other parts. */
export function checkDeployment(
  problems: Problems,
  { cluster }: EksComputeProps,
  context: ComputeDeploymentContext,
): void {
  cluster._source.checkDeployment(problems, context);
  problems.require(!context.image?.needsCredentials, () => {
    return "'image' cannot have credentials with EKS compute, whose nodes pull images with Kubernetes Secrets; create a Secret in the namespace, add its name to 'imagePullSecrets', and remove the credentials";
  });
}

function checkIdentity(problems: Problems, props: EksComputeProps): void {
  const { cluster, identityType, role, permissionsBoundary } = props;
  problems.require(!permissionsBoundary || !role || cluster._source.createsRoles, () => {
    return "'permissionsBoundary' cannot be set with 'role', which is not changed; remove one of them";
  });
  problems.require(identityType !== IdentityType.IRSA || cluster._source.hasIdentityProvider(), () => {
    return "'cluster' must have an OpenID Connect provider for IdentityType.IRSA; import the cluster with 'openIdConnectProvider', or use IdentityType.POD_IDENTITY";
  });
}

function checkNamespaces(problems: Problems, { kubernetesNamespace, allowedNamespaces }: EksComputeProps): void {
  problems.require(!Token.isUnresolved(kubernetesNamespace), () => {
    return "'kubernetesNamespace' must be known at synthesis, because the host names of the server contain it; got a token, pass a string";
  });
  checkNamespace(problems, 'kubernetesNamespace', kubernetesNamespace);
  problems.require(kubernetesNamespace === undefined || !SYSTEM_NAMESPACES.test(kubernetesNamespace), () => {
    return `'kubernetesNamespace' must be used for this server only; got '${kubernetesNamespace}', which is a namespace of Kubernetes, choose another`;
  });
  problems.require(kubernetesNamespace?.length !== 1, () => {
    return `'kubernetesNamespace' must have at least two characters, because aws-cdk-lib rejects shorter names; got '${kubernetesNamespace}'`;
  });
  problems.require(allowedNamespaces === undefined || allowedNamespaces.length > 0, () => {
    return "'allowedNamespaces' must have at least one namespace; got an empty list, add one or remove it";
  });
  for (const name of allowedNamespaces ?? []) checkNamespace(problems, 'allowedNamespaces', name);
}

function checkSizes(problems: Problems, { vcpus, memory, replicas, ephemeralStorage }: EksComputeProps): void {
  problems.require(!Token.isUnresolved(vcpus) && !memory?.isUnresolved(), () => {
    return "'vcpus' and 'memory' must be known at synthesis, because the number of workers depends on them; got a token, pass known values";
  });
  problems.require(vcpus === undefined || Token.isUnresolved(vcpus) || isMillis(vcpus), () => {
    return `'vcpus' must be at least 0.1, in steps of 0.001; got ${vcpus}`;
  });
  checkMebibytes(problems, 'memory', memory, SMALLEST_MEMORY_MIB);
  problems.require(!ephemeralStorage?.isUnresolved(), () => {
    return "'ephemeralStorage' must be known at synthesis, because Kubernetes requires a quantity; got a token, pass a known size";
  });
  checkMebibytes(problems, 'ephemeralStorage', ephemeralStorage, SMALLEST_SCRATCH_MIB);
  checkWhole(problems, 'replicas', replicas);
}

function isMillis(vcpus: number): boolean {
  const millis = vcpus * 1000;
  return vcpus >= 0.1 && Math.abs(millis - Math.round(millis)) < 1e-6;
}

function checkMebibytes(problems: Problems, prop: string, size: Size | undefined, smallest: number): void {
  if (!size || size.isUnresolved()) return;
  const mebibytes = size.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) / 1024;
  problems.require(Number.isInteger(mebibytes) && mebibytes >= smallest, () => {
    return `'${prop}' must be a whole number of MiB, at least ${smallest}; got ${mebibytes} MiB`;
  });
}

function checkNodes(problems: Problems, { nodeSelector = {}, identityType }: EksComputeProps): void {
  for (const [label, value] of Object.entries(nodeSelector)) {
    problems.require(Token.isUnresolved(label) || isQualifiedName(label), () => {
      return `'nodeSelector' must have valid label keys such as 'karpenter.sh/capacity-type'; got '${label}'`;
    });
    problems.require(Token.isUnresolved(value) || isLabelValue(value), () => {
      return `'nodeSelector' must have label values of up to 63 letters, digits, hyphens, underscores and dots, with a letter or digit at both ends; got '${value}'`;
    });
    problems.require(!Object.hasOwn(RESERVED_LABELS, label), () => {
      return `'nodeSelector' cannot have the label ${label}, which the compute sets; ${RESERVED_LABELS[label]}`;
    });
  }
  const onFargate = nodeSelector['eks.amazonaws.com/compute-type'] === 'fargate';
  problems.require(!onFargate || identityType === IdentityType.IRSA, () => {
    return "'identityType' must be IdentityType.IRSA on AWS Fargate, which has no Pod Identity Agent; set it, or remove the label from 'nodeSelector'";
  });
}

function checkPullSecrets(problems: Problems, { imagePullSecrets }: EksComputeProps): void {
  problems.require(imagePullSecrets === undefined || imagePullSecrets.length > 0, () => {
    return "'imagePullSecrets' must have at least one name; got an empty list, add one or remove it";
  });
  for (const name of imagePullSecrets ?? []) checkObjectName(problems, 'imagePullSecrets', name);
}
