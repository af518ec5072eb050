import { ComputeCapabilities } from '../compute/capabilities';
import { Problems } from '../private/problems';

/** Checks that a compute's capabilities do not contradict each other: for computes that are written elsewhere. */
export function checkCapabilities(problems: Problems, capabilities: ComputeCapabilities): void {
  const { displayName, managed, endpoint } = capabilities;
  if (managed) {
    const { displayName: _, managed: __, ...others } = capabilities;
    for (const [name] of Object.entries(others).filter(([, value]) => value !== undefined)) {
      problems.require(false, () => {
        return `'${name}' in the capabilities of ${displayName} compute has no effect with 'managed'; remove one of them`;
      });
    }
    return;
  }
  if (!endpoint) return;
  problems.require(capabilities.accessPaths === undefined, () => {
    return `'accessPaths' in the capabilities of ${displayName} compute has no effect with its own 'endpoint'; remove one of them`;
  });
  problems.require(endpoint.hostNames.length > 0, () => {
    return `'endpoint.hostNames' in the capabilities of ${displayName} compute must have a name or a pattern, because the server refuses requests for any other; got none`;
  });
}
