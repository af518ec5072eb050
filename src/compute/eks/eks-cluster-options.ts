import { ClusterLoggingTypes, EndpointAccess, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ILayerVersion } from 'aws-cdk-lib/aws-lambda';

/**
 * Settings of a cluster for the server alone, with EKS Auto Mode. It is deleted when the compute is swapped.
 */
export interface EksClusterOptions {
  /**
   * The version of Kubernetes. EKS supports a version for 14 months, and charges more for a year after that: raise it in
   * time, one version at each deployment.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
   */
  readonly version: KubernetesVersion;

  /**
   * The layer with the kubectl that applies the server's manifests: that of the package for the same version, such as
   * `@aws-cdk/lambda-layer-kubectl-v35`.
   */
  readonly kubectlLayer: ILayerVersion;

  /**
   * From where the API of Kubernetes is reached.
   *
   * @default EndpointAccess.PRIVATE
   */
  readonly endpointAccess?: EndpointAccess;

  /**
   * The role that may do everything in the cluster with kubectl. The stack then has outputs with the commands for it.
   *
   * @default - nobody but the function that applies the manifests, until an access entry is made
   */
  readonly mastersRole?: IRole;

  /**
   * The key that encrypts the cluster's Secrets. Another key replaces the cluster.
   *
   * @default - a key that EKS owns
   */
  readonly secretsEncryptionKey?: IKey;

  /**
   * What the control plane logs, to a log group that EKS makes and nobody deletes.
   *
   * @default - nothing in the development profile, everything in the production profile
   */
  readonly clusterLogging?: ClusterLoggingTypes[];
}
