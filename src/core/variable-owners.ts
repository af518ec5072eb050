import { Problems } from '../private/problems';

/** What one part, the user or the library gives to the server's environment. */
export interface Variables<T> {
  /** What messages call it. */
  readonly owner: string;
  readonly environment?: { readonly [name: string]: string };
  readonly secrets?: { readonly [name: string]: T };
}

/**
 * Puts together what the server is given, so that nothing silently takes the place of something else.
 *
 * @throws With every name that two of them give, or that one gives twice.
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
