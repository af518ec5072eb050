import { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { EksLoadBalancerController } from './eks-load-balancer-controller';

/**
 * Options for an existing cluster.
 */
export interface EksExistingClusterOptions {
  /**
   * Whether to create the namespace of the server, or to change it if it exists. Its pods must then meet the Pod Security
   * Standard `restricted`. The namespace is kept when the stack is deleted.
   *
   * @default true
   */
  readonly createNamespace?: boolean;

  /**
   * The controller that registers the pods with the load balancer of the endpoint. Requires an endpoint with a load
   * balancer.
   *
   * @default EksLoadBalancerController.AWS_LOAD_BALANCER_CONTROLLER
   */
  readonly loadBalancerController?: EksLoadBalancerController;

  /**
   * The security groups of the pods, if your own nodes or a SecurityGroupPolicy assign them. All members of these groups
   * can connect to the database port.
   *
   * @default - the cluster security group, which Amazon EKS assigns to pods by default
   */
  readonly securityGroups?: ISecurityGroup[];
}
