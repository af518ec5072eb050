import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { IArtifactStore } from './artifact-store/contract';
import { IAuthentication } from './authentication/contract';
import { IBackendStore } from './backend-store/contract';
import { ICompute } from './compute/contract';
import { IEndpoint } from './endpoint/contract';
import { IServerImage, MlflowVersion, Profile, ServerOptions } from './server';

/**
 * Properties of an MLflow tracking server. Every property has a secure default.
 */
export interface MlflowTrackingServerProps {
  /**
   * The compute that runs the server.
   *
   * @default Compute.fargate()
   */
  readonly compute?: ICompute;

  /**
   * Where MLflow stores runs, models, users and permissions.
   *
   * @default - BackendStore.rdsPostgres(), unless the compute is managed
   */
  readonly backendStore?: IBackendStore;

  /**
   * Where MLflow stores artifacts, such as models.
   *
   * @default ArtifactStore.s3()
   */
  readonly artifactStore?: IArtifactStore;

  /**
   * The endpoint that clients connect to.
   *
   * @default - Endpoint.internalLoadBalancer(), unless the compute provides its own endpoint
   */
  readonly endpoint?: IEndpoint;

  /**
   * How the server authenticates users.
   *
   * @default - Authentication.basic(), unless the compute is managed
   */
  readonly authentication?: IAuthentication;

  /**
   * The VPC for the server, its database and its endpoint. It must have private subnets.
   *
   * @default - the VPC of another part, such as an existing cluster or load balancer, or a new VPC
   */
  readonly vpc?: IVpc;

  /**
   * The version of MLflow.
   *
   * @default - the version that this version of the library is tested with
   */
  readonly version?: MlflowVersion;

  /**
   * The container image of the server.
   *
   * @default - ServerImage.official(), or no image if the compute installs MLflow
   */
  readonly image?: IServerImage;

  /**
   * Options of the MLflow server.
   *
   * @default - options that follow from the other properties
   */
  readonly server?: ServerOptions;

  /**
   * The profile, which selects defaults for sizes, redundancy and protection.
   *
   * @default Profile.DEVELOPMENT
   */
  readonly profile?: Profile;
}
