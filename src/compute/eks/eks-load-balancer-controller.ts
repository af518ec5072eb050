/**
 * The controller in a cluster that registers pods with a load balancer.
 */
export enum EksLoadBalancerController {
  /**
   * The AWS Load Balancer Controller, version 2 or newer, which must be installed in the cluster.
   */
  AWS_LOAD_BALANCER_CONTROLLER = 'elbv2.k8s.aws/v1beta1',

  /**
   * The controller that is built into EKS Auto Mode.
   */
  AUTO_MODE = 'eks.amazonaws.com/v1',
}
