import { ArtifactStoreConfig } from '../artifact-store/contract';
import { AuthenticationConfig } from '../authentication/contract';
import { BackendStoreConfig } from '../backend-store/contract';
import { EndpointConfig } from '../endpoint/contract';
import { ServerImageConfig, ServerOptions, ServerSecret } from '../server';

/** The inputs of the definition of a server. */
export interface ServerInputs {
  readonly image?: ServerImageConfig;
  readonly program: string;
  readonly port: number;
  readonly workers: number;
  /** The region of the stack. */
  readonly region: string;
  readonly options: ServerOptions;
  readonly backendStore: BackendStoreConfig;
  readonly artifactStore: ArtifactStoreConfig;
  readonly endpoint: EndpointConfig;
  readonly authentication: AuthenticationConfig;
  readonly secrets: Record<string, ServerSecret>;
  /** The host names with which clients connect to the server without the endpoint. */
  readonly hostNames?: string[];
}
