import { LocalRunFailure } from '../failure';

/** Where a process of the template finds its things on this machine. */
export interface LocalPlace {
  readonly host: string;
  readonly port: number;
  readonly scratch: string;
  /** Paths that the template lets it write; they become the scratch directory. */
  readonly scratchPaths: readonly string[];
}

export interface LocalEnvironment {
  readonly variables: Record<string, string>;
  readonly deviations: string[];
}

interface Replacement {
  readonly reason: string;
  readonly value: (templateValue: string, place: LocalPlace) => string;
}

const scratchDirectory: Replacement = {
  reason: 'the scratch volume is a directory of this run',
  value: (templateValue, { scratch, scratchPaths }) => (scratchPaths.includes(templateValue) ? scratch : templateValue),
};

/** Every variable that a template may set and the local run changes. Anything else that it needs is an addition. */
export const REPLACEMENTS: Readonly<Record<string, Replacement>> = {
  MLFLOW_HOST: { reason: 'listens on this machine alone', value: (_, { host }) => host },
  MLFLOW_PORT: { reason: 'takes a free port', value: (_, { port }) => `${port}` },
  HOME: scratchDirectory,
  TMPDIR: scratchDirectory,
};

/**
 * The template's variables with the replacements made and the local run's own ones added.
 * An addition that the template sets to something else is an error, not a silent change.
 */
export function localEnvironment(
  template: Readonly<Record<string, string>>,
  place: LocalPlace,
  additions: Readonly<Record<string, Addition>>,
): LocalEnvironment {
  const variables: Record<string, string> = {};
  const deviations: string[] = [];
  for (const [name, templateValue] of Object.entries(template)) {
    const replacement = REPLACEMENTS[name];
    const value = replacement ? replacement.value(templateValue, place) : templateValue;
    if (value !== templateValue) deviations.push(`${name}: ${value} for ${templateValue} (${replacement.reason})`);
    variables[name] = value;
  }
  for (const [name, { value, reason }] of Object.entries(additions)) {
    if (variables[name] === value) continue;
    if (name in variables) {
      throw new LocalRunFailure(`the template sets ${name}, which the local run needs for itself (${reason})`);
    }
    deviations.push(`${name} added (${reason})`);
    variables[name] = value;
  }
  return { variables, deviations };
}

export interface Addition {
  readonly value: string;
  readonly reason: string;
}
