import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import { ICluster, IdentityType, KubernetesManifest, ServiceAccount } from 'aws-cdk-lib/aws-eks-v2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct, IDependable } from 'constructs';
import { EksComputeProps } from './eks-compute-props';
import { LABELS, metadata, NAME } from './names';

/** The identity of the pods in the cluster and in AWS. */
export interface PodIdentity {
  readonly role: IRole;
  /** What has to exist before the pods: the service account and the permissions of the role. */
  readonly dependencies: IDependable[];
}

/** Defines the service account of the pods. */
export function defineServiceAccount(
  scope: Construct,
  cluster: ICluster,
  namespace: string,
  { role, identityType = IdentityType.POD_IDENTITY }: EksComputeProps,
  after: IDependable[],
): PodIdentity {
  if (role) {
    const account = defineForRole(new Construct(scope, 'ServiceAccount'), cluster, namespace, role, identityType);
    account.node.addDependency(...after);
    return { role, dependencies: [account, role] };
  }
  const account = new ServiceAccount(scope, 'ServiceAccount', {
    cluster,
    name: NAME,
    namespace,
    labels: LABELS,
    identityType,
  });
  account.node.addDependency(...after);
  return { role: account.role, dependencies: [account] };
}

/**
 * Defines what the L2 defines, except the role, which it always creates. The ids are those of the L2, so that `role` can be
 * set on an existing server: another resource would apply the same object, and then the old one would delete it.
 */
function defineForRole(
  scope: Construct,
  cluster: ICluster,
  namespace: string,
  role: IRole,
  identityType: IdentityType,
): Construct {
  new KubernetesManifest(scope, 'manifest-ServiceAccountServiceAccountResource', {
    cluster,
    manifest: [
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { ...metadata(namespace, LABELS), annotations: { 'eks.amazonaws.com/role-arn': role.roleArn } },
      },
    ],
  });
  if (identityType === IdentityType.POD_IDENTITY) {
    // L1, because there is no L2. Pods get no credentials without the agent, which this adds to a cluster of the app.
    const agent = cluster.eksPodIdentityAgent;
    const association = new CfnPodIdentityAssociation(scope, 'Association', {
      clusterName: cluster.clusterName,
      namespace,
      roleArn: role.roleArn,
      serviceAccount: NAME,
    });
    if (agent) association.node.addDependency(agent);
  }
  return scope;
}
