import { ServingServer } from '../contract';
import { Database } from '../database/start-database';
import { DeployedStack } from '../emulator/deployed-stack';
import { Emulator } from '../emulator/emulator';
import { LocalRunFailure } from '../failure';
import { Report } from '../report';
import { checkBucket, checkDatabase, checkTls } from './behind-the-server';
import { checkCertificateAuthorities } from './certificate-authorities';
import { Client } from './client-check';
import { checkFrontDoor, SignIn } from './front-door';
import { checkSignatures } from './signatures';
import { Processes } from '../tools/processes';
import { PythonEnvironment } from '../tools/python-environments';
import { WorkDirectory } from '../tools/work-directory';
import { LocalServer } from '../workload/local-server';

export interface ProveServerProps {
  readonly stack: DeployedStack;
  readonly emulator: Emulator;
  readonly database: Database;
  readonly server: LocalServer;
  readonly mlflow: PythonEnvironment;
  readonly report: Report;
  readonly work: WorkDirectory;
  readonly processes: Processes;
}

/** Uses the server as people and programs do, restarts it, and looks behind it. The cheapest questions come first. */
export async function proveServer(props: ProveServerProps): Promise<ServingServer> {
  const { stack, emulator, database, server, report } = props;
  const variables = server.serverEnvironment;
  const signIn = signInOf(variables);
  const url = `${server.url}${variables.MLFLOW_STATIC_PREFIX ?? ''}`;
  const client = new Client({
    ...props,
    signIn,
    trackingUri: url,
    authority: emulator.authority,
    python: props.mlflow,
  });

  report.proof(...checkCertificateAuthorities(variables.CDK_MLFLOW_DATABASE_CA, new Date()));
  report.proof(...(await report.step('checking sign-in and host names', () => checkFrontDoor(url, signIn, stack))));
  // Where it fails because of them, they say why.
  const notes = await report
    .step('writing and reading back with the client', () => client.write())
    .finally(() => checkSignatures(emulator, server.accessKeyIds));
  report.proof(`client ${notes.clientVersion} logged a run with a 20 MB artifact, registered a model and loaded it`);
  report.proof(checkDirectDownload(server.log()), checkSignatures(emulator, server.accessKeyIds));

  const seconds = await report.step('stopping the server', () => server.stop());
  await report.step('starting the server again', () => server.start());
  await report.step('reading everything again with the client', () => client.readAgain());
  report.proof(
    `the server stopped ${seconds.toFixed(1)} s after SIGTERM; started anew, it gave everything back, also to a client that cannot reach S3`,
  );

  await report.step('looking into the database and the bucket', async () => {
    const destination = given(variables, 'MLFLOW_ARTIFACTS_DESTINATION');
    report.proof(...(await checkDatabase(database.client, notes, signIn)));
    report.proof(...checkTls(database.running));
    report.proof(...(await checkBucket(stack, emulator, destination, notes)));
    report.proof('the execution role reads the secrets that the task names, and not another one');
  });
  const { username, password } = signIn ?? { username: '', password: '' };
  return { url, username, password, experimentId: notes.experimentId, runName: notes.runName };
}

/** MLflow's default where artifacts are in S3: the server signs an address, and the client goes there by itself. */
function checkDirectDownload(log: string): string {
  const signed = log.match(/GET \S*\/mlflow-artifacts\/presigned\/\S* HTTP\/\S+" 200/g) ?? [];
  return signed.length
    ? `${signed.length} downloads went to S3 by addresses that the server signed`
    : 'all downloads went through the server';
}

/** Undefined where the server asks for none. */
function signInOf(variables: Readonly<Record<string, string>>): SignIn | undefined {
  if (Object.keys(variables).every((name) => !name.startsWith('MLFLOW_AUTH_ADMIN_'))) return undefined;
  return {
    username: given(variables, 'MLFLOW_AUTH_ADMIN_USERNAME'),
    password: given(variables, 'MLFLOW_AUTH_ADMIN_PASSWORD'),
  };
}

function given(variables: Readonly<Record<string, string>>, name: string): string {
  const value = variables[name];
  if (!value) throw new LocalRunFailure(`the template gives the server no ${name}`);
  return value;
}
