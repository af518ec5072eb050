import { randomUUID } from 'crypto';
import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Credentials, Emulator } from '../emulator/emulator';
import { LocalRunFailure } from '../failure';
import { SecretVariable, WorkloadProcess } from './workload';

/** Reads the secrets of a process as its role may, and says which variable could not be had. */
export async function readSecrets(
  workloadProcess: WorkloadProcess,
  credentials: Credentials,
  emulator: Emulator,
): Promise<Record<string, string>> {
  const client = new SecretsManagerClient(emulator.client(credentials));
  const read = async (secret: SecretVariable) => {
    const what = `the secret of ${secret.variable} for ${workloadProcess.name}`;
    const { SecretString } = await client.send(requestFor(secret)).catch((error: Error) => {
      throw new LocalRunFailure(
        `${what} cannot be read as ${workloadProcess.secretsRoleArn}: ${error.name}: ${error.message}`,
      );
    });
    return [secret.variable, fieldOf(secret, SecretString!, what)] as const;
  };
  return Object.fromEntries(await Promise.all(workloadProcess.secrets.map(read)));
}

function requestFor({ secretId, versionStage, versionId }: SecretVariable): GetSecretValueCommand {
  return new GetSecretValueCommand({ SecretId: secretId, VersionStage: versionStage, VersionId: versionId });
}

function fieldOf({ field }: SecretVariable, text: string, what: string): string {
  if (field === undefined) return text;
  const fields = JSON.parse(text);
  if (fields[field] === undefined) {
    throw new LocalRunFailure(`${what} has no field '${field}'; it has ${Object.keys(fields).join(', ')}`);
  }
  return `${fields[field]}`;
}

/** A secret that the template does not know must be out of reach: otherwise the role may read everything. */
export async function mustNotReadOtherSecrets(roleArn: string, credentials: Credentials, emulator: Emulator) {
  const owner = new SecretsManagerClient(emulator.client());
  const { ARN } = await owner.send(
    new CreateSecretCommand({ Name: `not-of-this-stack-${randomUUID()}`, SecretString: 'x' }),
  );
  const client = new SecretsManagerClient(emulator.client(credentials));
  const refusal = await client.send(new GetSecretValueCommand({ SecretId: ARN })).then(
    () => undefined,
    (error: Error) => error.name,
  );
  if (!refusal?.startsWith('AccessDenied')) {
    throw new LocalRunFailure(`${roleArn} may read a secret that is not of this stack (${refusal ?? 'it was given'})`);
  }
}
