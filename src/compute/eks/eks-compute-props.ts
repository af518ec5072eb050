import { Size } from 'aws-cdk-lib';
import { InstanceArchitecture } from 'aws-cdk-lib/aws-ec2';
import { IdentityType } from 'aws-cdk-lib/aws-eks-v2';
import { IManagedPolicy, IRole } from 'aws-cdk-lib/aws-iam';
import { EksCluster } from './eks-cluster';

/**
 * Properties of a server on Amazon EKS.
 */
export interface EksComputeProps {
  /**
   * The cluster that the server runs in: `EksCluster.existing()` or `EksCluster.autoMode()`.
   */
  readonly cluster: EksCluster;

  /**
   * The namespace of the server, which must be used for this server only.
   *
   * With a load balancer, the namespace of an existing server cannot be changed in one update, because the load balancer
   * controller rejects a second binding of the target group. Move the server to another compute first.
   *
   * @default 'mlflow'
   */
  readonly kubernetesNamespace?: string;

  /**
   * The IAM role of the pods. It is granted permissions on the server's secrets and the artifact bucket.
   *
   * With Pod Identity, it must trust `pods.eks.amazonaws.com` for `sts:AssumeRole` and `sts:TagSession`. With IRSA, it must
   * trust the OpenID Connect provider of the cluster for the service account `mlflow` in the namespace of the server.
   *
   * @default - a new role
   */
  readonly role?: IRole;

  /**
   * How the pods assume the role. Pod Identity requires the EKS Pod Identity Agent in the cluster, which is built into Auto
   * Mode and is added to a cluster of the same app. IRSA requires an OpenID Connect provider, and also works on AWS Fargate.
   *
   * @default IdentityType.POD_IDENTITY
   */
  readonly identityType?: IdentityType;

  /**
   * The permissions boundary of the roles that the compute creates: for the pods and, with `EksCluster.autoMode()`, for the
   * cluster. You cannot combine it with `role` in an existing cluster.
   *
   * @default - no permissions boundary
   */
  readonly permissionsBoundary?: IManagedPolicy;

  /**
   * The number of vCPUs that each pod requests. There is no limit: a pod can use idle capacity of its node.
   *
   * @default - 0.5 in the development profile, 1 in the production profile
   */
  readonly vcpus?: number;

  /**
   * The memory request and limit of each pod. At least 1 GiB.
   *
   * @default - 1 GiB in the development profile, 2 GiB in the production profile
   */
  readonly memory?: Size;

  /**
   * The number of pods.
   *
   * @default - 1 in the development profile, 2 in the production profile
   */
  readonly replicas?: number;

  /**
   * The ephemeral storage request of each pod, and the size limit of `/tmp`. At least 1 GiB. The server buffers each upload
   * on this disk before it sends it to Amazon S3. Allow for the largest artifact times the number of concurrent uploads.
   *
   * @default Size.gibibytes(10)
   */
  readonly ephemeralStorage?: Size;

  /**
   * The CPU architecture of the nodes, which the image must support. For `InstanceArchitecture.ARM_64` with
   * `EksCluster.autoMode()`, add a NodePool with `addManifest` of the compute's `cluster`.
   *
   * @default - nodes of any architecture; InstanceArchitecture.X86_64 with EksCluster.autoMode()
   */
  readonly cpuArchitecture?: InstanceArchitecture;

  /**
   * The labels that nodes must have to run the pods.
   *
   * @default - any Linux node
   */
  readonly nodeSelector?: { readonly [label: string]: string };

  /**
   * The namespaces whose pods can connect to the server directly, at `http://mlflow.NAMESPACE`.
   *
   * @default - no other namespaces
   */
  readonly allowedNamespaces?: string[];

  /**
   * The names of the Secrets in the namespace that contain the credentials to pull the image.
   *
   * @default - the registry requires no credentials, or the nodes have them
   */
  readonly imagePullSecrets?: string[];
}
