/**
 * What makes the pods of a cluster targets of a load balancer that is not the cluster's.
 */
export enum EksLoadBalancerController {
  /**
   * The AWS Load Balancer Controller that somebody has installed in the cluster, version 2 or newer.
   */
  AWS_LOAD_BALANCER_CONTROLLER = 'elbv2.k8s.aws/v1beta1',

  /**
   * The one that EKS Auto Mode has built in.
   */
  AUTO_MODE = 'eks.amazonaws.com/v1',
}
