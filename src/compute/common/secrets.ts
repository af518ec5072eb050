import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { ServerDefinition } from '../../server';

/** Where a program reads a secret value: the ARN of the secret, and the JSON field or null for the complete value. */
export type SecretReference = [secretArn: string, field: string | null];

/** Grants permissions to read each secret of the server, and no others. */
export function grantSecrets({ secrets }: ServerDefinition, grantee: IGrantable): void {
  for (const secret of new Set(Object.values(secrets).map((each) => each.secret))) secret.grantRead(grantee);
}

/** Where a program that reads the secrets itself finds them, by the name of the environment variable. */
export function secretReferences({ secrets }: ServerDefinition): Record<string, SecretReference> {
  const references = Object.entries(secrets).map(([name, { secret, field }]): [string, SecretReference] => [
    name,
    [secret.secretArn, field ?? null],
  ]);
  return Object.fromEntries(references);
}
