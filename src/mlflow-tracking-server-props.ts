import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { IArtifactStore } from './artifact-store/contract';
import { IAuthentication } from './authentication/contract';
import { IBackendStore } from './backend-store/contract';
import { ICompute } from './compute/contract';
import { IEndpoint } from './endpoint/contract';
import { IServerImage, MlflowVersion, Profile, ServerOptions } from './server';

/**
 * Settings of an MLflow tracking server. Every one has a safe default.
 */
export interface MlflowTrackingServerProps {
  /**
   * Where the server runs.
   *
   * @default Compute.fargate()
   */
  readonly compute?: ICompute;

  /**
   * Where runs, models, users and permissions are kept.
   *
   * @default - BackendStore.rdsPostgres(), unless the compute keeps its own metadata
   */
  readonly backendStore?: IBackendStore;

  /**
   * Where artifacts and models are kept.
   *
   * @default ArtifactStore.s3()
   */
  readonly artifactStore?: IArtifactStore;

  /**
   * How people and programs reach the server.
   *
   * @default - Endpoint.internalLoadBalancer(), unless the compute brings its own endpoint
   */
  readonly endpoint?: IEndpoint;

  /**
   * Who may use the server.
   *
   * @default - Authentication.basic(), unless the compute runs its own server process
   */
  readonly authentication?: IAuthentication;

  /**
   * The network for the server, its database and its endpoint. It must have private subnets.
   *
   * @default - the compute's, such as that of a given cluster, or a new one
   */
  readonly vpc?: IVpc;

  /**
   * The release of MLflow.
   *
   * @default - the release that this version of the library is tested with
   */
  readonly version?: MlflowVersion;

  /**
   * The container image that the server runs in.
   *
   * @default - ServerImage.official(), or none on a compute that installs MLflow itself
   */
  readonly image?: IServerImage;

  /**
   * Settings of the MLflow server itself.
   *
   * @default - settings that follow from the other props
   */
  readonly server?: ServerOptions;

  /**
   * The set of defaults for sizes, redundancy and protection.
   *
   * @default Profile.DEVELOPMENT
   */
  readonly profile?: Profile;
}
