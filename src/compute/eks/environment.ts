import { Fn, Token } from 'aws-cdk-lib';
import { ServerDefinition } from '../../server';

export interface KubernetesVariable {
  readonly name: string;
  readonly value: string;
}

/** Where a token begins and ends in a string. */
const TOKENS = /(\$\{Token\[[^\]]*\]\})/;
const ONE_TOKEN = new RegExp(`^${TOKENS.source}$`);

/** What `assets/eks/pod.py` reads. */
const SECRETS = 'CDK_MLFLOW_SECRETS';
const ENCODED = 'CDK_MLFLOW_BASE64_';

/**
 * The variables of a container, in the order of their names. None holds a secret: `CDK_MLFLOW_SECRETS` tells where the
 * secrets are.
 *
 * A value that is known only at deployment is put into the manifest's JSON by CloudFormation, which escapes nothing: the
 * lines of a certificate would break it. Encoded, any value is safe. Within a longer text, a token is a name or an ARN.
 */
export function kubernetesEnvironment(server: ServerDefinition): KubernetesVariable[] {
  const variables = Object.entries({ ...server.environment, [SECRETS]: secretReferences(server) });
  return variables
    .map(([name, value]) =>
      ONE_TOKEN.test(value)
        ? { name: `${ENCODED}${name}`, value: Fn.base64(value) }
        : { name, value: escapeReferences(value) },
    )
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function secretReferences({ secrets }: ServerDefinition): string {
  const references = Object.entries(secrets).map(([name, { secret, field }]) => [
    name,
    [secret.secretArn, field ?? null],
  ]);
  return JSON.stringify(Object.fromEntries(references));
}

/**
 * Kubernetes replaces `$(NAME)` in variables, commands and arguments, and takes `$$` for `$`.
 *
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function escapeReferences(text: string): string {
  return text
    .split(TOKENS)
    .map((part) => (Token.isUnresolved(part) ? part : part.replace(/\$/g, '$$$$')))
    .join('');
}
