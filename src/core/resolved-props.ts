import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { ArtifactStoreConfig, IArtifactStore } from '../artifact-store/contract';
import { AuthenticationConfig, IAuthentication } from '../authentication/contract';
import { BackendStoreConfig, IBackendStore } from '../backend-store/contract';
import { ComputeSize } from '../compute/capabilities';
import { ComputeConfig, ICompute } from '../compute/contract';
import { EndpointConfig, IEndpoint } from '../endpoint/contract';
import { IServerImage, MlflowVersion, Profile, ServerOptions } from '../server';

/** The props with their defaults. No default is created and then ignored: a managed compute has no other parts. */
export type ResolvedProps = ManagedProps | SelfHostedProps;

interface CommonProps {
  readonly profile: Profile;
  readonly compute: ICompute;
  readonly artifactStore: IArtifactStore;
}

export interface ManagedProps extends CommonProps {
  readonly managed: true;
}

export interface SelfHostedProps extends CommonProps {
  readonly managed: false;
  readonly size: ComputeSize;
  readonly backendStore: IBackendStore;
  /** If the compute has its own endpoint, what is known of it before the compute is defined. */
  readonly endpoint: IEndpoint;
  readonly server: ServerProps;
  readonly network: NetworkProps;
}

/** How the server process is run. */
export interface ServerProps {
  readonly version: MlflowVersion;
  /** Undefined if the compute installs MLflow itself. */
  readonly image?: IServerImage;
  readonly options: ServerOptions;
  readonly authentication: IAuthentication;
}

export interface NetworkProps {
  /** The VPC that a prop or a part specifies. Undefined if the construct creates one. */
  readonly existing?: IVpc;
  /** Whether the servers are in public subnets. */
  readonly publicServers: boolean;
}

/** The bound parts, with the props that they were bound from: data, ready to be connected. */
export type Bindings = ManagedBindings | SelfHostedBindings;

interface CommonBindings {
  readonly artifactStore: ArtifactStoreConfig;
  readonly compute: ComputeConfig;
}

export interface ManagedBindings extends CommonBindings {
  readonly managed: true;
  readonly props: ManagedProps;
}

export interface SelfHostedBindings extends CommonBindings {
  readonly managed: false;
  readonly props: SelfHostedProps;
  readonly vpc: IVpc;
  readonly backendStore: BackendStoreConfig;
  readonly endpoint: EndpointConfig;
  readonly authentication: AuthenticationConfig;
}
