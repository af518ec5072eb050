import { Size } from 'aws-cdk-lib';
import { InstanceArchitecture, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ICluster, IdentityType } from 'aws-cdk-lib/aws-eks-v2';
import { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { EksClusterOptions } from './eks-cluster-options';
import { EksLoadBalancerController } from './eks-load-balancer-controller';

/**
 * Settings of a server in a Kubernetes cluster on Amazon EKS.
 */
export interface EksComputeProps {
  /**
   * The cluster to run in. The database goes into its VPC. It must have a kubectl provider: the layer with kubectl belongs
   * to the cluster's version of Kubernetes, and is its owner's choice.
   *
   * An imported cluster must be given its `vpc`, `kubectlProvider` and `clusterSecurityGroupId`.
   *
   * @default - a cluster of its own, as `newCluster` describes it
   */
  readonly cluster?: ICluster;

  /**
   * A cluster for the server alone, with EKS Auto Mode, in the server's VPC. That must have private subnets with a way out.
   * Cannot be set with `cluster`.
   *
   * @default - none, `cluster` is given
   */
  readonly newCluster?: EksClusterOptions;

  /**
   * The namespace that the server has for itself.
   *
   * @default 'mlflow'
   */
  readonly kubernetesNamespace?: string;

  /**
   * Whether the namespace is made, and deleted with the stack. Its pods are then held to the Pod Security Standard
   * `restricted`. A new cluster has no other.
   *
   * @default true
   */
  readonly createNamespace?: boolean;

  /**
   * How the pods get their rights in AWS. Pod Identity needs the EKS Pod Identity Agent in the cluster, which Auto Mode has
   * and a cluster of the same app is given. `IRSA` needs an OpenID Connect provider, and works on AWS Fargate too.
   *
   * @default IdentityType.POD_IDENTITY
   */
  readonly identityType?: IdentityType;

  /**
   * The number of virtual CPUs that each pod asks for. It may use more where the node has some to spare.
   *
   * @default - 0.5 in the development profile, 1 in the production profile
   */
  readonly vcpus?: number;

  /**
   * The memory of each pod, which is also its limit. At least 1 GiB.
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
   * The disk that each pod asks for, at least 1 GiB. An upload is kept there, whole, while it is on its way to the artifact
   * store: plan for the largest artifact times the uploads at the same time.
   *
   * @default Size.gibibytes(10)
   */
  readonly ephemeralStorage?: Size;

  /**
   * The processor architecture of the nodes to run on. The image must support it. In a new cluster, nodes of
   * `InstanceArchitecture.ARM_64` need a NodePool, added with `addManifest` of the compute's `cluster`.
   *
   * @default - nodes of any architecture; in a new cluster InstanceArchitecture.X86_64
   */
  readonly cpuArchitecture?: InstanceArchitecture;

  /**
   * The labels of the nodes to run on.
   *
   * @default - any Linux node
   */
  readonly nodeSelector?: { readonly [label: string]: string };

  /**
   * The namespaces whose pods may connect to the server without the endpoint, at `http://mlflow.NAMESPACE`.
   *
   * @default - none
   */
  readonly allowedNamespaces?: string[];

  /**
   * The security groups of the pods, as nodes of your own or a SecurityGroupPolicy give them. The database admits whoever is
   * in one of them. In a new cluster, pods have the cluster's.
   *
   * @default - the cluster's, which all pods on nodes of managed node groups, Auto Mode and AWS Fargate have
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * What registers the pods with the endpoint's load balancer.
   *
   * @default - EksLoadBalancerController.AWS_LOAD_BALANCER_CONTROLLER; in a new cluster always
   * EksLoadBalancerController.AUTO_MODE
   */
  readonly loadBalancerController?: EksLoadBalancerController;

  /**
   * The names of Secrets in the namespace that nodes pull the image with.
   *
   * @default - none
   */
  readonly imagePullSecrets?: string[];

  /**
   * The upper limit of what the pods' role may be granted and, with `newCluster`, what the roles of the cluster may.
   *
   * @default - none
   */
  readonly permissionsBoundary?: IManagedPolicy;
}
