import { ManagedClient, Attempt } from './managed-client';
import { ManagedServer } from './managed-server';
import { ClientRoles } from './rights';
import { Credentials } from '../emulator/emulator';
import { LocalRunFailure } from '../failure';

export interface ProveRefusalsProps {
  readonly server: ManagedServer;
  readonly client: ManagedClient;
  readonly roles: ClientRoles;
  readonly credentials: { readonly [who in keyof ClientRoles]: Credentials };
}

/** Who must not, cannot; and who may, can: otherwise a refusal would prove nothing. */
export async function proveRefusals({ server, client, roles, credentials }: ProveRefusalsProps): Promise<string[]> {
  const expect = async (who: string, attempt: Attempt, pattern: RegExp, by: Credentials, arn?: string) => {
    const outcome = await client.attempt(attempt, by, arn);
    if (!pattern.test(outcome)) throw new LocalRunFailure(`${who}: '${attempt}' got '${outcome}', expected ${pattern}`);
  };
  const { writer, reader, stranger } = credentials;

  await expect('the notebook', 'create', DONE, writer);
  await expect('the notebook', 'list', DONE, writer);
  await expect('a role without rights', 'search', FORBIDDEN, stranger);
  await expect('a wrong secret key', 'search', WRONG_SIGNATURE, { ...writer, secretAccessKey: 'w'.repeat(40) });
  await expect('another server', 'search', FORBIDDEN, writer, `${server.arn}0`);
  const shown = [
    "the server's own role lists the artifacts in the bucket",
    'refused with 403: a role without rights, a wrong secret key, and the ARN of another server',
  ];
  if (!roles.reader) return shown;

  await expect('a reader', 'search', DONE, reader!);
  await client.readAgain(reader!);
  await expect('a reader', 'create', FORBIDDEN, reader!);
  await expect('a reader', 'upload', NO_UPLOAD, reader!);
  return [
    ...shown,
    'a reader reads everything; it is refused to create a run (403) and to put an artifact into the bucket',
  ];
}

const DONE = /^done$/;
const FORBIDDEN = /^refused \w+: .*PERMISSION_DENIED.* may not take the action /;
const WRONG_SIGNATURE = /^refused \w+: .*PERMISSION_DENIED.* the signature does not match/;
const NO_UPLOAD = /^refused \w+: .*AccessDenied/;
