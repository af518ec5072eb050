import { Fn, Token } from 'aws-cdk-lib';
import { ArtifactAccess } from '../artifact-store/artifact-access';
import { ArtifactStoreConfig } from '../artifact-store/contract';
import { Problems } from '../private/problems';
import { TOKENS } from '../private/tokens';
import { ServerOptions } from '../server';

/** What MLflow itself registers: artifacts by their run, model or proxied address, and prompts, which have none. */
const OWN_SOURCES = ['mlflow-artifacts:/', 'runs:/', 'models:/'];
const PROMPT_SOURCES = '(dummy-source|prompt-template)$';

/** A bucket or host, and complete directories: `s3://team` would also be a prefix of `s3://team-b`. */
const URI_PREFIX = /^[a-z][a-z0-9+-]*:\/\/[\w.@=~+-]+\/([\w.@=~+-]+\/)*$/;

/**
 * The regular expression that MLflow searches the `source` of a new model version for.
 *
 * The server reads a source with its own permissions, so any URI in the bucket would show one user's artifacts to another.
 * If clients access the bucket directly, they use the URIs of artifacts in the bucket, and have permissions on all of it.
 */
export function modelVersionSourceRegex(
  { allowedModelVersionSources = [] }: ServerOptions,
  { access, artifactsUri }: ArtifactStoreConfig,
): string {
  const store = access === ArtifactAccess.DIRECT ? [`${artifactsUri}/`] : [];
  const prefixes = [...OWN_SOURCES, ...[...store, ...allowedModelVersionSources].map(quoted)];
  return `^(${[...prefixes, PROMPT_SOURCES].join('|')})`;
}

/** What means something else between brackets, too: one of several characters, and none of the others. */
const BETWEEN_BRACKETS: Record<string, string> = { '^': '(?=[]^])[^]]', '\\': '(?=[Z-^])[^][^Z]' };

/** The text as it stands, in a regular expression. Brackets, unlike backslashes, mean nothing to what it passes through. */
function quoted(text: string): string {
  return text
    .split(TOKENS)
    .map((part) =>
      Token.isUnresolved(part)
        ? Fn.join('[.]', Fn.split('.', part))
        : part.replace(/[.+*?(){}|$[\]^\\]/g, (each) => BETWEEN_BRACKETS[each] ?? `[${each}]`),
    )
    .join('');
}

export function checkModelVersionSources(problems: Problems, { allowedModelVersionSources }: ServerOptions): void {
  if (allowedModelVersionSources === undefined) return;
  if (Token.isUnresolved(allowedModelVersionSources)) {
    problems.require(false, () => {
      return `'server.allowedModelVersionSources' must be a list whose length is known at synthesis; got a token, name each URI`;
    });
    return;
  }
  for (const uri of allowedModelVersionSources) {
    problems.require(isUriPrefix(uri), () => {
      return `'server.allowedModelVersionSources' must contain URIs of directories such as 's3://team-models/released/', with a slash at the end, no local paths, and no characters but letters, digits, slashes and '._~+=@-'; got '${uri}'`;
    });
  }
}

function isUriPrefix(uri: string): boolean {
  const known = uri.split(TOKENS).map((part) => (Token.isUnresolved(part) ? 'token' : part));
  return URI_PREFIX.test(known.join('')) && !/^file:/.test(uri) && !/\/\.\.?\//.test(uri);
}
