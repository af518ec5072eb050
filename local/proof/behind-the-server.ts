import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DatabaseClient } from '../database/database-client';
import { RunningDatabase } from '../database/postgres';
import { DeployedStack } from '../emulator/deployed-stack';
import { Emulator } from '../emulator/emulator';
import { LocalRunFailure } from '../failure';
import { ClientNotes } from './client-check';
import { SignIn } from './front-door';

/** The rows that the client's work must have left. */
export async function checkDatabase(
  client: DatabaseClient,
  notes: ClientNotes,
  signIn: SignIn | undefined,
): Promise<string[]> {
  const run = `run_uuid = '${notes.runId}'`;
  const { runs, params, metrics, versions, users } = await client.ask({
    runs: `select count(*) from runs where ${run} and status = 'FINISHED'`,
    params: `select count(*) from params where ${run}`,
    metrics: `select count(*) from metrics where ${run}`,
    versions: `select count(*) from model_versions where name = '${notes.model}'`,
    // Without sign-in there is not even the table.
    users: signIn ? 'select username from users where is_admin' : 'select 1 where false',
  });
  const counts = [runs, params, metrics, versions].map(([count]) => count);
  if (`${counts}` !== '1,2,3,1') {
    throw new LocalRunFailure(
      `rows in the database (run, params, metrics, model versions): ${counts}, expected 1,2,3,1`,
    );
  }
  if (signIn && users.length !== 1) {
    throw new LocalRunFailure(`administrators in the database: ${users}, expected one`);
  }
  const rows = signIn ? 'the model version and the administrator' : 'and the model version';
  return [`the run, its 2 parameters and 3 metrics, ${rows} are rows of the template's database`];
}

/** Every session since PostgreSQL started, by its own log. */
export function checkTls(database: RunningDatabase): string[] {
  const sessions = database.log().match(/connection authorized: .*/g) ?? [];
  const plain = sessions.filter((session) => !session.includes('SSL enabled'));
  if (!sessions.length) throw new LocalRunFailure('the log of PostgreSQL names no session');
  if (plain.length) throw new LocalRunFailure(`${plain.length} of ${sessions.length} database sessions without TLS`);
  return [`all ${sessions.length} database sessions used TLS`];
}

/** The artifact is in the bucket and below the prefix that the server was told. */
export async function checkBucket(stack: DeployedStack, emulator: Emulator, destination: string, notes: ClientNotes) {
  const { hostname: bucket, pathname } = new URL(destination);
  if (stack.byPhysicalId(bucket)?.type !== 'AWS::S3::Bucket') {
    throw new LocalRunFailure(`the bucket ${bucket} of the artifacts is not of this stack`);
  }
  const prefix = pathname.replace(/^\/+|\/+$/g, '');
  const s3 = new S3Client({ ...emulator.client(), forcePathStyle: true });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  const artifact = Contents.find(({ Key }) => Key!.includes(notes.runId) && Key!.endsWith(notes.artifact));
  if (artifact?.Size !== notes.artifactBytes) {
    throw new LocalRunFailure(
      `the bucket ${bucket} has ${artifact ? `${artifact.Size} bytes` : 'nothing'} of ${notes.artifact}`,
    );
  }
  const outside = Contents.map(({ Key }) => Key!).filter((key) => prefix && !key.startsWith(`${prefix}/`));
  if (outside.length) throw new LocalRunFailure(`objects outside of ${destination}: ${outside.join(', ')}`);
  const megabytes = Math.round(notes.artifactBytes / 1024 / 1024);
  return [
    `${Contents.length} objects in the template's bucket below ${prefix || 'its root'}, the ${megabytes} MB artifact among them`,
  ];
}
