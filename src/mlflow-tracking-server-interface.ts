import { IConnectable, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { IConstruct } from 'constructs';

/**
 * An MLflow tracking server, defined in this app or elsewhere.
 */
export interface IMlflowTrackingServer extends IConstruct, IConnectable {
  /**
   * The address for MLflow clients: the value of `MLFLOW_TRACKING_URI`.
   */
  readonly trackingUri: string;

  /**
   * Give a client what it needs to sign in: the right to read the secret with its user name and password.
   *
   * Whether the client reaches the server over the network is up to `connections`.
   *
   * @param grantee The client's identity.
   */
  grantAccess(grantee: IGrantable): Grant;
}

/**
 * What is known of a tracking server that was defined elsewhere.
 */
export interface MlflowTrackingServerAttributes {
  /**
   * The address for MLflow clients.
   */
  readonly trackingUri: string;

  /**
   * The secret with the fields `username` and `password` that clients sign in with.
   *
   * @default - clients need no such secret, and `grantAccess` grants nothing
   */
  readonly credentials?: ISecret;

  /**
   * The security groups of the server's endpoint.
   *
   * @default - none, and `connections` allows nothing
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * The TCP port that clients connect to.
   *
   * @default 80
   */
  readonly port?: number;
}
