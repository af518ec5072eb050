import { SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { ClusterLoggingTypes, EndpointAccess, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ILayerVersion } from 'aws-cdk-lib/aws-lambda';

/**
 * Options for a new cluster with EKS Auto Mode.
 */
export interface EksAutoModeClusterOptions {
  /**
   * The Kubernetes version. Amazon EKS supports a version for 14 months, and for another year at a higher price. Upgrade in
   * time, one version per deployment.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
   */
  readonly version: KubernetesVersion;

  /**
   * The Lambda layer with the kubectl that applies the manifests of the server. Use the package for the same Kubernetes
   * version, such as `@aws-cdk/lambda-layer-kubectl-v35`.
   */
  readonly kubectlLayer: ILayerVersion;

  /**
   * The private subnets of the nodes, the control plane and the kubectl provider. They must have internet access.
   *
   * @default - all private subnets with internet access
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * From where the Kubernetes API can be accessed.
   *
   * @default EndpointAccess.PRIVATE
   */
  readonly endpointAccess?: EndpointAccess;

  /**
   * The IAM role that has full access to the cluster with kubectl. Stack outputs contain the commands to use it.
   *
   * @default - only the function that applies the manifests has access, until you create an access entry
   */
  readonly mastersRole?: IRole;

  /**
   * The AWS KMS key that encrypts the Kubernetes Secrets of the cluster. Changing this property replaces the cluster.
   *
   * @default - a key that Amazon EKS owns
   */
  readonly secretsEncryptionKey?: IKey;

  /**
   * The log types of the control plane. Amazon EKS creates the log group, which has no retention period and is not deleted
   * with the stack.
   *
   * @default - no logs in the development profile, all log types in the production profile
   */
  readonly clusterLogging?: ClusterLoggingTypes[];
}
