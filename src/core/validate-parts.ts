import { ResolvedProps } from './resolved-props';
import { ComputeDeploymentContext } from '../compute/capabilities';
import { Problems } from '../private/problems';

/** Adds the problems that each part finds in the rest of the deployment. */
export function checkParts(problems: Problems, props: ResolvedProps, region: string): void {
  const context = contextOf(props, region);
  if (!props.managed) {
    const { backendStore, endpoint } = props;
    for (const validation of [backendStore.capabilities?.validation, endpoint.capabilities.validation]) {
      problems.add(validation?.validate(context) ?? []);
    }
  }
  problems.add(props.artifactStore.capabilities?.validation?.validate(context) ?? []);
  problems.add(props.compute.capabilities.validation?.validate(context) ?? []);
}

function contextOf(props: ResolvedProps, region: string): ComputeDeploymentContext {
  const { profile } = props;
  const artifactStore = props.artifactStore.capabilities ?? {};
  if (props.managed) return { region, profile, artifactStore };
  const { size, endpoint, server, network } = props;
  return {
    region,
    profile,
    artifactStore,
    size,
    vpc: network.existing,
    publicServers: network.publicServers,
    endpoint: endpoint.capabilities,
    image: server.image?.capabilities,
  };
}
