import { IConnectable, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { IConstruct } from 'constructs';
import { ClientPermissions } from './compute/client-permissions';

/**
 * An MLflow tracking server, defined in this app or elsewhere.
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
   * Give a client what it needs to log runs and to register models, and no more.
   *
   * Where the server checks credentials, that is the right to read the secret with them. Where AWS Identity and Access
   * Management decides, it is the actions of the server's data plane and, where clients do without the server for
   * artifacts, the rights on them.
   *
   * Whether the client reaches the server over the network is up to `connections`.
   *
   * @param grantee The client's identity.
   */
  grantAccess(grantee: IGrantable): Grant;

  /**
   * Give a client what it needs to read runs, models and artifacts, and no more.
   *
   * @param grantee The client's identity.
   * @throws If the rights of this server do not tell reading from writing.
   */
  grantRead(grantee: IGrantable): Grant;

  /**
   * Give a person what it takes to open the UI.
   *
   * Where the server checks credentials, that is the right to read the secret with them. Where AWS Identity and Access
   * Management decides, it is the right to ask for the address of the UI; what the person may see and do there is
   * granted by `grantRead` and `grantAccess`.
   *
   * @param grantee The person's identity, such as the role that they take on.
   */
  grantUi(grantee: IGrantable): Grant;
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
   * What clients need where AWS Identity and Access Management decides who may use the server, as the
   * computes of that kind give it.
   *
   * @default - clients sign in with `credentials`
   */
  readonly clientPermissions?: ClientPermissions;

  /**
   * The bucket of the artifacts, where clients send and fetch them by themselves.
   *
   * @default - clients send and fetch artifacts through the server
   */
  readonly artifactBucket?: IBucket;

  /**
   * The prefix of the artifacts in the bucket, without slashes at its ends.
   *
   * @default - the whole bucket
   */
  readonly artifactPrefix?: string;

  /**
   * The security groups of the server's endpoint.
   *
   * @default - none, and `connections` allows nothing
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * The TCP port that clients connect to.
   *
   * @default - that of `trackingUri`: its own, otherwise 443 for HTTPS and 80 for HTTP
   */
  readonly port?: number;
}
