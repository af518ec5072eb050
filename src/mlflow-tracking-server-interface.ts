import { IConnectable, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { IConstruct } from 'constructs';
import { ClientPermissions } from './compute/client-permissions';

/**
 * An MLflow tracking server that is defined in this app, or imported.
 */
export interface IMlflowTrackingServer extends IConstruct, IConnectable {
  /**
   * The address for MLflow clients: the value of `MLFLOW_TRACKING_URI`.
   */
  readonly trackingUri: string;

  /**
   * The secret with the fields `username` and `password` that clients sign in with. Undefined if they need no such secret.
   */
  readonly credentials?: ISecret;

  /**
   * The bucket of the artifacts. Undefined if the artifact store is not an Amazon S3 bucket, or if it is unknown.
   */
  readonly artifactBucket?: IBucket;

  /**
   * Grants a client the permissions to log runs and to register models.
   *
   * If the server checks credentials, this is the permission to read the secret that contains them. If IAM controls access,
   * these are the data plane actions of the server and, if clients access artifacts directly, permissions on the artifacts.
   *
   * To allow the client on the network, use `connections`.
   *
   * @param grantee The identity of the client.
   */
  grantAccess(grantee: IGrantable): Grant;

  /**
   * Grants a client the permissions to read runs, models and artifacts.
   *
   * @param grantee The identity of the client.
   * @throws if the server has no separate read and write permissions
   */
  grantRead(grantee: IGrantable): Grant;

  /**
   * Grants a person the permissions to open the UI.
   *
   * If the server checks credentials, this is the permission to read the secret that contains them. If IAM controls access,
   * this is the permission to request the URL of the UI. What the person can read and do in the UI depends on `grantRead` and
   * `grantAccess`.
   *
   * @param grantee The identity of the person, such as the role that they assume.
   */
  grantUi(grantee: IGrantable): Grant;
}

/**
 * Attributes of an existing tracking server.
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
   * The permissions of clients, if IAM controls access to the server. The compute of a server that IAM controls provides
   * them.
   *
   * @default - clients sign in with `credentials`
   */
  readonly clientPermissions?: ClientPermissions;

  /**
   * The bucket of the artifacts, if clients access it directly.
   *
   * @default - clients access artifacts through the server
   */
  readonly artifactBucket?: IBucket;

  /**
   * The prefix of the artifacts in the bucket, without a leading or trailing slash.
   *
   * @default - the bucket root
   */
  readonly artifactPrefix?: string;

  /**
   * The security groups of the server's endpoint.
   *
   * @default - no security groups, and `connections` allows nothing
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * The TCP port that clients connect to.
   *
   * @default - the port in `trackingUri`, otherwise 443 for HTTPS and 80 for HTTP
   */
  readonly port?: number;
}
