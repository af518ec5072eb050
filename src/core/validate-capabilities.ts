import { ComputeCapabilities } from '../compute/capabilities';
import { Problems } from '../private/problems';

/** The capabilities that a managed compute can have. All others have no effect. */
const OF_MANAGED = ['displayName', 'managed', 'validation'];

/** Checks that a compute's capabilities do not contradict each other: for computes that are written elsewhere. */
export function checkCapabilities(problems: Problems, capabilities: ComputeCapabilities): void {
  const { displayName, managed, endpoint, accessPaths } = capabilities;
  const without = Object.entries(capabilities).filter(([name, value]) => {
    return managed && value !== undefined && !OF_MANAGED.includes(name);
  });
  for (const [name] of without) {
    problems.require(false, () => {
      return `'${name}' in the capabilities of ${displayName} compute has no effect with 'managed'; remove one of them`;
    });
  }
  if (managed || !endpoint) return;
  problems.require(accessPaths === undefined, () => {
    return `'accessPaths' in the capabilities of ${displayName} compute has no effect with its own 'endpoint'; remove one of them`;
  });
  problems.require(endpoint.hostNames.length > 0, () => {
    return `'endpoint.hostNames' in the capabilities of ${displayName} compute must have a name or a pattern, because the server refuses requests for any other; got none`;
  });
}
