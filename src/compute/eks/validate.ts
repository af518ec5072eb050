import { Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import { ICluster, IdentityType, IpFamily } from 'aws-cdk-lib/aws-eks-v2';
import { EksComputeProps } from './eks-compute-props';
import { EksLoadBalancerController } from './eks-load-balancer-controller';
import { AccessPath } from '../../endpoint/access-path';
import { isIsolated } from '../../network/subnets';
import { isLabelValue, isQualifiedName, requireNamespace, requireObjectName } from '../../private/kubernetes-syntax';
import { Problems } from '../../private/problems';
import { requireWhole } from '../../private/rules';
import { ComputeDeploymentContext } from '../validation';

const SMALLEST_MEMORY_MIB = 1024;
const SMALLEST_SCRATCH_MIB = 1024;

const KEPT_NAMESPACE = /^(default|kube-.*)$/;

/** What the library or Kubernetes itself sets. */
const OWN_LABELS: Record<string, string> = {
  'kubernetes.io/arch': "use 'cpuArchitecture'",
  'kubernetes.io/os': 'remove it',
};

/** Throws one error with all that the cluster lacks, and all that Kubernetes, or MLflow on it, would refuse. */
export function validateEksProps(props: EksComputeProps): void {
  const problems = new Problems();
  requireOneCluster(problems, props);
  if (props.newCluster) requireNothingElsewhere(problems, props);
  else if (props.cluster) requireUsableCluster(problems, props, props.cluster);
  requireSecurityGroups(problems, props);
  requireOwnNamespace(problems, props);
  requireSizes(problems, props);
  requireNodes(problems, props);
  requireNames(problems, props);
  problems.throwIfAny('Compute.eks()');
}

/** What an imported cluster may not tell: it throws where it is asked. */
export function ifKnown<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function requireOneCluster(problems: Problems, { cluster, newCluster }: EksComputeProps): void {
  problems.require((cluster === undefined) !== (newCluster === undefined), () => {
    return `'cluster' or 'newCluster' must be set, and not both; got ${cluster ? 'both, remove one of them' : 'neither, set one of them'}`;
  });
}

/** What is not there yet in a new cluster. */
function requireNothingElsewhere(problems: Problems, props: EksComputeProps): void {
  problems
    .require(props.createNamespace !== false, () => {
      return "'createNamespace' cannot be false with 'newCluster', in which nobody else makes the namespace; remove it";
    })
    .require(props.loadBalancerController !== EksLoadBalancerController.AWS_LOAD_BALANCER_CONTROLLER, () => {
      return "'loadBalancerController' must be EksLoadBalancerController.AUTO_MODE with 'newCluster', which has no other; remove it";
    })
    .require(props.securityGroups === undefined, () => {
      return "'securityGroups' cannot be set with 'newCluster', whose pods have the cluster's security group; remove it";
    });
}

/** Checks what is known only with the other parts. */
export function checkDeployment(
  problems: Problems,
  { loadBalancerController, newCluster }: EksComputeProps,
  { endpoint, image, vpc }: ComputeDeploymentContext,
): void {
  problems
    .require(!newCluster || !vpc || !isIsolated(vpc), () => {
      return "'newCluster' must have private subnets with a way out, from which its nodes and its kubectl provider reach AWS; got a VPC with isolated subnets only, choose another or give a 'cluster' in it";
    })
    .require(!newCluster || !vpc || ifKnown(() => vpc.vpcCidrBlock) !== undefined, () => {
      return "'newCluster' must have a VPC that tells its block of addresses, from which load balancers connect; import the VPC with 'vpcCidrBlock'";
    })
    .require(loadBalancerController === undefined || AccessPath.LOAD_BALANCER.matches(endpoint?.accessPath), () => {
      return "'loadBalancerController' needs an endpoint with a load balancer; remove it or choose another endpoint";
    })
    .require(!image?.needsCredentials, () => {
      return "'image' cannot have credentials with EKS compute, whose nodes pull images with Secrets of the cluster; make one, name it in 'imagePullSecrets', and remove the credentials";
    });
}

function requireUsableCluster(
  problems: Problems,
  { securityGroups, identityType }: EksComputeProps,
  cluster: ICluster,
): void {
  const vpc = ifKnown(() => cluster.vpc);
  problems
    .require(ifKnown(() => cluster.kubectlProvider) !== undefined, () => {
      return "'cluster' must have a kubectl provider, which applies the server's manifests; define the cluster with 'kubectlProviderOptions', or import it with 'kubectlProvider'";
    })
    .require(vpc !== undefined, () => {
      return "'cluster' must tell its VPC, where the database goes; import it with 'vpc'";
    })
    .require(vpc === undefined || ifKnown(() => vpc.vpcCidrBlock) !== undefined, () => {
      return "'cluster' must have a VPC that tells its block of addresses, from which load balancers connect; import the VPC with 'vpcCidrBlock'";
    })
    .require(securityGroups !== undefined || ifKnown(() => cluster.clusterSecurityGroup) !== undefined, () => {
      return "'cluster' must tell its security group, which the database admits; import it with 'clusterSecurityGroupId', or set 'securityGroups'";
    })
    .require(cluster.ipFamily !== IpFamily.IP_V6, () => {
      return "'cluster' must give its pods IPv4 addresses, which the load balancer and the database have; got one of IPv6, choose another cluster";
    })
    .require(identityType !== IdentityType.IRSA || hasIdentityProvider(cluster), () => {
      return "'cluster' must have an OpenID Connect provider for IdentityType.IRSA; import it with 'openIdConnectProvider', or use IdentityType.POD_IDENTITY";
    });
}

function requireSecurityGroups(problems: Problems, { securityGroups }: EksComputeProps): void {
  problems.require(securityGroups === undefined || securityGroups.length > 0, () => {
    return "'securityGroups' must have at least one group; got none, name one or remove it";
  });
}

function hasIdentityProvider(cluster: ICluster): boolean {
  return ifKnown(() => cluster.openIdConnectProvider) !== undefined;
}

function requireOwnNamespace(problems: Problems, { kubernetesNamespace, allowedNamespaces }: EksComputeProps): void {
  problems.require(!Token.isUnresolved(kubernetesNamespace), () => {
    return "'kubernetesNamespace' must be known at synthesis, because the server's names follow from it; got a token";
  });
  requireNamespace(problems, 'kubernetesNamespace', kubernetesNamespace);
  problems.require(kubernetesNamespace === undefined || !KEPT_NAMESPACE.test(kubernetesNamespace), () => {
    return `'kubernetesNamespace' must be the server's own; got '${kubernetesNamespace}', which every cluster has, choose another`;
  });
  problems.require(kubernetesNamespace?.length !== 1, () => {
    return `'kubernetesNamespace' must have at least two characters, because aws-cdk-lib accepts no shorter one; got '${kubernetesNamespace}'`;
  });
  problems.require(allowedNamespaces === undefined || allowedNamespaces.length > 0, () => {
    return "'allowedNamespaces' must have at least one namespace; got none, name one or remove it";
  });
  for (const name of allowedNamespaces ?? []) requireNamespace(problems, 'allowedNamespaces', name);
}

function requireSizes(problems: Problems, { vcpus, memory, replicas, ephemeralStorage }: EksComputeProps): void {
  problems.require(!Token.isUnresolved(vcpus) && !memory?.isUnresolved(), () => {
    return "'vcpus' and 'memory' must be known at synthesis, because the number of workers depends on them; got a token";
  });
  problems.require(vcpus === undefined || Token.isUnresolved(vcpus) || isMillis(vcpus), () => {
    return `'vcpus' must be at least 0.1, in steps of 0.001; got ${vcpus}`;
  });
  requireMebibytes(problems, 'memory', memory, SMALLEST_MEMORY_MIB);
  problems.require(!ephemeralStorage?.isUnresolved(), () => {
    return "'ephemeralStorage' must be known at synthesis, because it is written as a quantity; got a token";
  });
  requireMebibytes(problems, 'ephemeralStorage', ephemeralStorage, SMALLEST_SCRATCH_MIB);
  requireWhole(problems, 'replicas', replicas);
}

function isMillis(vcpus: number): boolean {
  const millis = vcpus * 1000;
  return vcpus >= 0.1 && Math.abs(millis - Math.round(millis)) < 1e-6;
}

function requireMebibytes(problems: Problems, prop: string, size: Size | undefined, smallest: number): void {
  if (!size || size.isUnresolved()) return;
  const mebibytes = size.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) / 1024;
  problems.require(Number.isInteger(mebibytes) && mebibytes >= smallest, () => {
    return `'${prop}' must be at least ${smallest} whole MiB; got ${mebibytes} MiB`;
  });
}

function requireNodes(problems: Problems, { nodeSelector = {}, identityType }: EksComputeProps): void {
  for (const [label, value] of Object.entries(nodeSelector)) {
    problems.require(Token.isUnresolved(label) || isQualifiedName(label), () => {
      return `'nodeSelector' must have labels such as 'karpenter.sh/capacity-type'; got '${label}'`;
    });
    problems.require(Token.isUnresolved(value) || isLabelValue(value), () => {
      return `'nodeSelector' must have values of up to 63 letters, digits, hyphens, underscores and dots; got '${value}'`;
    });
    problems.require(!Object.hasOwn(OWN_LABELS, label), () => {
      return `'nodeSelector' cannot have ${label}, which the library sets; ${OWN_LABELS[label]}`;
    });
  }
  const onFargate = nodeSelector['eks.amazonaws.com/compute-type'] === 'fargate';
  problems.require(!onFargate || identityType === IdentityType.IRSA, () => {
    return "'identityType' must be IdentityType.IRSA on AWS Fargate, where no Pod Identity Agent runs; set it, or remove the label from 'nodeSelector'";
  });
}

function requireNames(problems: Problems, { imagePullSecrets }: EksComputeProps): void {
  problems.require(imagePullSecrets === undefined || imagePullSecrets.length > 0, () => {
    return "'imagePullSecrets' must have at least one name; got none, name one or remove it";
  });
  for (const name of imagePullSecrets ?? []) requireObjectName(problems, 'imagePullSecrets', name);
}
