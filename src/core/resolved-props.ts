import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { ArtifactStoreConfig, IArtifactStore } from '../artifact-store/contract';
import { AuthenticationConfig, IAuthentication } from '../authentication/contract';
import { BackendStoreConfig, IBackendStore } from '../backend-store/contract';
import { ComputeSize } from '../compute/capabilities';
import { ComputeConfig, ICompute } from '../compute/contract';
import { EndpointConfig, IEndpoint } from '../endpoint/contract';
import { IServerImage, MlflowVersion, Profile, ServerOptions } from '../server';

/** How the server process is run, where the library decides it. */
export interface ServerParts {
  readonly version: MlflowVersion;
  /** Undefined: the compute installs MLflow itself. */
  readonly image?: IServerImage;
  readonly options: ServerOptions;
  readonly authentication: IAuthentication;
}

/** The props with their defaults. What the compute brings itself is undefined: no default is made and then ignored. */
export interface Parts {
  readonly profile: Profile;
  readonly compute: ICompute;
  readonly size: ComputeSize;
  readonly artifactStore: IArtifactStore;
  readonly backendStore?: IBackendStore;
  readonly endpoint?: IEndpoint;
  readonly server?: ServerParts;
  /** Whether a network is needed, which one is given, and whether the servers have public addresses in it. */
  readonly network?: { readonly given?: IVpc; readonly publicServers: boolean };
}

/** What the parts have defined: data, ready to be joined. */
export interface BoundParts {
  readonly artifactStore: ArtifactStoreConfig;
  readonly backendStore?: BackendStoreConfig;
  readonly endpoint?: EndpointConfig;
  readonly authentication?: AuthenticationConfig;
  readonly compute: ComputeConfig;
}
