import { Size } from 'aws-cdk-lib';
import { ArtifactStore } from '../artifact-store';
import { Authentication } from '../authentication';
import { BackendStore } from '../backend-store';
import { Compute, ComputeCapabilities, ComputeSize, ICompute, Provider } from '../compute';
import { Endpoint } from '../endpoint';
import { MlflowTrackingServerProps } from '../mlflow-tracking-server-props';
import { IServerImage, MlflowVersion, Profile, ServerImage } from '../server';
import { Parts } from './resolved-props';
import { validateParts } from './validate-props';
import { profileDefaults } from '../server/profile-defaults';

/**
 * Completes the props and judges them as a whole.
 *
 * @throws With every problem, before anything is defined.
 */
export function resolveParts(props: MlflowTrackingServerProps): Parts {
  const compute = props.compute ?? Compute.fargate();
  const profile = props.profile ?? Profile.DEVELOPMENT;
  const { capabilities } = compute;
  const byLibrary = (provider?: Provider) => provider !== Provider.COMPUTE;

  const endpoint = byLibrary(capabilities.endpoint) ? (props.endpoint ?? Endpoint.internalLoadBalancer()) : undefined;
  const image = props.image ?? (installsMlflow(capabilities) ? undefined : ServerImage.official());

  const parts: Parts = {
    profile,
    compute,
    size: resolveSize(compute, profile, image),
    artifactStore: props.artifactStore ?? ArtifactStore.s3(),
    backendStore: byLibrary(capabilities.metadataStore)
      ? (props.backendStore ?? BackendStore.rdsPostgres())
      : undefined,
    endpoint,
    server: byLibrary(capabilities.serverProcess)
      ? {
          version: props.version ?? (image ? undefined : capabilities.mlflowVersion) ?? MlflowVersion.V3_17_2,
          image,
          options: props.server ?? {},
          authentication: props.authentication ?? Authentication.basic(),
        }
      : undefined,
    network: byLibrary(capabilities.network)
      ? {
          given: capabilities.vpc ?? props.vpc ?? endpoint?.capabilities.vpc,
          publicServers: (capabilities.publicServers || endpoint?.capabilities.usesServerAddress) ?? false,
        }
      : undefined,
  };
  validateParts(props, parts);
  return parts;
}

function installsMlflow({ containerImages, mlflowVersion }: ComputeCapabilities): boolean {
  return containerImages === false || mlflowVersion !== undefined;
}

function resolveSize(compute: ICompute, profile: Profile, image: IServerImage | undefined): ComputeSize {
  const { vcpus, replicas, systemMemory, containerSystemMemory } = compute.capabilities;
  const defaults = profileDefaults(profile);
  const memory = compute.capabilities.memory ?? Size.mebibytes(defaults.memoryMiB);
  const taken = (image && containerSystemMemory) ?? systemMemory;
  return {
    vcpus: vcpus ?? defaults.vcpus,
    memory: taken ? without(memory, taken) : memory,
    replicas: replicas ?? defaults.replicas,
  };
}

/** Of what is known only at deployment, nothing can be taken here. */
function without(memory: Size, taken: Size): Size {
  if (memory.isUnresolved() || taken.isUnresolved()) return memory;
  return Size.mebibytes(memory.toMebibytes() - taken.toMebibytes());
}
