import { LocalRunFailure } from '../failure';
import { SecretVariable } from './workload';

/** `arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME[:FIELD:STAGE:VERSION]` */
const SECRET = /^(arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+)(?::([^:]*):([^:]*):([^:]*))?$/;

/** Reads the `ValueFrom` of a container's secret. */
export function parseSecretReference(variable: string, valueFrom: string): SecretVariable {
  const match = SECRET.exec(valueFrom);
  if (!match) throw new LocalRunFailure(`${variable} is not read from a secret of Secrets Manager: ${valueFrom}`);
  const [, secretId, field, versionStage, versionId] = match.map((part) => part || undefined);
  return { variable, secretId: secretId!, field, versionStage, versionId };
}
