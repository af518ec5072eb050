import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Profile } from './profile';

/**
 * What is known about a deployment before anything is defined.
 */
export interface DeploymentContext {
  /**
   * The Region of the stack: a token if the stack is not bound to one.
   */
  readonly region: string;

  /**
   * The profile of the deployment.
   */
  readonly profile: Profile;

  /**
   * The existing VPC of the server and the database.
   *
   * @default - a new VPC, or none with a managed compute
   */
  readonly vpc?: IVpc;

  /**
   * Whether the servers are in public subnets. A new VPC then has no NAT gateways.
   *
   * @default false
   */
  readonly publicServers?: boolean;
}

/**
 * Validates a part against the rest of the deployment, before anything is defined.
 */
export interface IDeploymentValidation {
  /**
   * Returns the problems: one message for each, with what to change. The construct reports them with all others.
   *
   * @param context What is known of the deployment.
   */
  validate(context: DeploymentContext): string[];
}
