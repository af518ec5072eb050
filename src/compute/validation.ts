import { ArtifactStoreCapabilities } from '../artifact-store/capabilities';
import { EndpointCapabilities } from '../endpoint/capabilities';
import { DeploymentContext, ServerImageCapabilities } from '../server';
import { ComputeSize } from './size';

/**
 * What is known about a deployment before anything is defined, for a compute.
 */
export interface ComputeDeploymentContext extends DeploymentContext {
  /**
   * The capabilities of the artifact store.
   */
  readonly artifactStore: ArtifactStoreCapabilities;

  /**
   * The capabilities of the endpoint.
   *
   * @default - the compute is a managed service
   */
  readonly endpoint?: EndpointCapabilities;

  /**
   * The capabilities of the container image.
   *
   * @default - the compute is a managed service, or installs MLflow itself
   */
  readonly image?: ServerImageCapabilities;

  /**
   * The size of the servers.
   *
   * @default - the compute is a managed service
   */
  readonly size?: ComputeSize;
}

/**
 * Validates a compute against the rest of the deployment, before anything is defined.
 */
export interface IComputeValidation {
  /**
   * Returns the problems: one message for each, with what to change. The construct reports them with all others.
   *
   * @param context What is known of the deployment.
   */
  validate(context: ComputeDeploymentContext): string[];
}
