import { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { autoModeCluster } from './auto-mode-cluster';
import { ClusterSource } from './cluster-source';
import { EksAutoModeClusterOptions } from './eks-auto-mode-cluster-options';
import { EksExistingClusterOptions } from './eks-existing-cluster-options';
import { existingCluster } from './existing-cluster';

/**
 * The Amazon EKS cluster that the server runs in.
 */
export class EksCluster {
  /**
   * Returns an existing cluster. The database, load balancer and security group rules are created in its VPC.
   *
   * The cluster must have a kubectl provider. An imported cluster must have `vpc`, `kubectlProvider` and
   * `clusterSecurityGroupId`.
   *
   * @param cluster The cluster, of this or another stack, or imported.
   * @param options Options for the cluster.
   * @throws if the cluster does not meet the requirements of the server, or `securityGroups` is empty
   */
  public static existing(cluster: ICluster, options: EksExistingClusterOptions = {}): EksCluster {
    return new EksCluster(existingCluster(cluster, options));
  }

  /**
   * Returns a new cluster with EKS Auto Mode, in the VPC of the server. The VPC must have private subnets with internet
   * access. The cluster and everything in it is deleted with the compute.
   *
   * @param options Options for the cluster.
   * @throws if `vpcSubnets` are public or isolated
   */
  public static autoMode(options: EksAutoModeClusterOptions): EksCluster {
    return new EksCluster(autoModeCluster(options));
  }

  /** @internal */
  public readonly _source: ClusterSource;

  private constructor(source: ClusterSource) {
    this._source = source;
  }
}
