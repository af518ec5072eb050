import { Problems } from '../private/problems';

/** The environment variables of the server that a part, the user or the library sets. */
export interface Variables<T> {
  /** The name in error messages. */
  readonly owner: string;
  readonly environment?: { readonly [name: string]: string };
  readonly secrets?: { readonly [name: string]: T };
}

/**
 * Combines the environment variables, so that none silently overrides another.
 *
 * @throws if a name is set more than once, with every such name
 */
export function joinVariables<T>(all: Variables<T>[]): Required<Omit<Variables<T>, 'owner'>> {
  const problems = new Problems();
  const owners = new Map<string, string>();
  for (const { owner, environment = {}, secrets = {} } of all) {
    for (const name of [...Object.keys(environment), ...Object.keys(secrets)]) {
      const earlier = owners.get(name);
      problems.require(earlier === undefined, () => `${owner} cannot set ${name}, which ${earlier} sets; remove it`);
      owners.set(name, earlier ?? owner);
    }
  }
  problems.throwIfAny('MlflowTrackingServer');
  return {
    environment: Object.assign({}, ...all.map(({ environment }) => environment)),
    secrets: Object.assign({}, ...all.map(({ secrets }) => secrets)),
  };
}
