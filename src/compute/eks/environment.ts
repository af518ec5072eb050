import { Fn } from 'aws-cdk-lib';
import { isOneToken, replaceKnown } from '../../private/tokens';
import { ServerDefinition } from '../../server';
import { secretReferences } from '../common/secrets';

export interface KubernetesVariable {
  readonly name: string;
  readonly value: string;
}

/** What `assets/eks/pod.py` reads. */
const SECRETS = 'CDK_MLFLOW_SECRETS';
const ENCODED = 'CDK_MLFLOW_BASE64_';

/**
 * The environment variables of a container, sorted by name. No value is secret: `CDK_MLFLOW_SECRETS` contains only the
 * ARNs of the secrets.
 *
 * CloudFormation inserts a value that is known only at deployment into the JSON of the manifest without escaping, and the
 * line breaks of a certificate would break it. Therefore, such a value is encoded. Within a longer text, a token is a name
 * or an ARN, which needs no escaping.
 */
export function kubernetesEnvironment(server: ServerDefinition): KubernetesVariable[] {
  const secrets = JSON.stringify(secretReferences(server));
  const variables = Object.entries({ ...server.environment, [SECRETS]: secrets });
  return variables
    .map(([name, value]) =>
      isOneToken(value)
        ? { name: `${ENCODED}${name}`, value: Fn.base64(value) }
        : { name, value: escapeReferences(value) },
    )
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * Kubernetes replaces `$(NAME)` in variables, commands and arguments, and `$$` with `$`.
 *
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function escapeReferences(text: string): string {
  return replaceKnown(text, (part) => part.replace(/\$/g, '$$$$'));
}
