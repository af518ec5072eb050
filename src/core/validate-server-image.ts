import { ServerParts } from './resolved-props';
import { ComputeCapabilities } from '../compute/capabilities';
import { Problems } from '../private/problems';

/** Judges whether the image has the release that is asked for, and runs on the compute. */
export function validateServerImage(problems: Problems, server: ServerParts, compute: ComputeCapabilities): void {
  if (!server.image) return;
  const { displayName, version, cpuArchitecture } = server.image.capabilities;
  const wanted = server.version.version;
  problems.require(!version || version.version === wanted, () => {
    return `'version' must be ${version?.version} with ${displayName}, which carries no other; got ${wanted}, remove 'version' or choose another 'image'`;
  });
  const given = compute.cpuArchitecture;
  problems.require(!cpuArchitecture || !given || cpuArchitecture === given, () => {
    return `'image' must be built for ${given} with ${compute.displayName} compute; got ${displayName} for ${cpuArchitecture}, remove its 'platform' or change the compute's architecture`;
  });
}
