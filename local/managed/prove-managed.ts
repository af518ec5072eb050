import { DataPlane } from './data-plane';
import { ManagedClient } from './managed-client';
import { ManagedServer } from './managed-server';
import { MlflowProcess } from './mlflow-process';
import { proveRefusals } from './prove-refusals';
import { ClientRoles, clientRolesOf, Rights } from './rights';
import { startTunnel, Tunnel } from './tunnel';
import { ServingServer } from '../contract';
import { DeployedStack } from '../emulator/deployed-stack';
import { Credentials, Emulator } from '../emulator/emulator';
import { assumeRoleAs } from '../emulator/roles';
import { checkBucket } from '../proof/behind-the-server';
import { Report } from '../report';
import { makeCertificate } from '../tools/certificates';
import { Processes } from '../tools/processes';
import { PythonEnvironment } from '../tools/python-environments';
import { WorkDirectory } from '../tools/work-directory';

export interface ProveManagedProps {
  readonly server: ManagedServer;
  readonly stack: DeployedStack;
  readonly emulator: Emulator;
  /** Makes certificates. */
  readonly certificates: PythonEnvironment;
  readonly mlflow: PythonEnvironment;
  /** The client with the plugin. */
  readonly plugin: PythonEnvironment;
  readonly report: Report;
  readonly work: WorkDirectory;
  readonly processes: Processes;
  /** Called while the server still runs. */
  readonly whileServing: (server: ServingServer) => Promise<void>;
}

/** What nothing without an AWS account can show of managed MLflow. */
export const NOT_PROVEN_OF_MANAGED = [
  'SageMaker itself: that it accepts each property, its versions of MLflow, its database, its maintenance windows and its UI',
  'which action SageMaker takes a request for: AWS publishes the names of the actions alone, and the local data plane goes by them',
  "the trust policies' conditions, which no emulated service fills in; IAM beyond the emulator's evaluation",
  'the SageMaker Model Registry, the schedule of working hours and VPC endpoints: they are defined, not run',
];

/** The service principal of the notebook and of the managed server alike. */
const SERVICE = 'sagemaker.amazonaws.com';

/** Runs a stand-in of the managed server, and uses it as a notebook would. */
export async function proveManaged(props: ProveManagedProps): Promise<void> {
  const { server, stack, emulator, report, work, processes } = props;
  const rights = new Rights(emulator);
  const roles = await clientRolesOf(stack, server, rights);
  const certificate = await makeCertificate(work.directory('data-plane'), server.host, props.certificates, processes);
  const credentials = await credentialsOf(roles, emulator);
  const mlflow = new MlflowProcess({ ...props, credentials: credentials.stranger });
  const dataPlane = new DataPlane({ server, rights, certificate, mlflowPort: () => mlflow.port });
  let tunnel: Tunnel | undefined;
  try {
    for (const who of ['writer', 'reader', 'stranger'] as const) {
      if (roles[who]) dataPlane.know(roles[who], credentials[who]!);
    }
    tunnel = await startTunnel(server.host, await dataPlane.listen());
    const client = new ManagedClient({
      ...props,
      authority: certificate.authority,
      proxy: tunnel.url,
      python: props.plugin,
    });
    await report.step('starting the MLflow server', () => mlflow.start());
    const notes = await report.step('the client writes and reads back', () => client.write(credentials.writer));
    await report.step('stopping the server', () => mlflow.stop());
    await report.step('starting the server again', () => mlflow.start());
    await report.step('the client reads everything again', () => client.readAgain(credentials.writer));
    report.proof(
      `client ${notes.clientVersion} with the plugin logged a run with a 20 MB artifact to the ARN of the ${server.kind}, registered a model and loaded it`,
      `started anew, the server gave everything back`,
      `every request went to ${[...tunnel.asked].join(', ')} by itself; ${total(dataPlane)} requests were signed for ${server.signingService} in ${server.region}, and each signature was verified`,
      `the client's role was allowed ${actionsOf(dataPlane)}, by the template's policies`,
    );
    const refusals = await report.step('refusals checked', () =>
      proveRefusals({ ...props, client, roles, credentials }),
    );
    report.proof(...refusals);
    report.proof(...(await checkBucket(stack, emulator, server.artifactStoreUri, notes)));
    report.deviation(...deviationsOf(server, dataPlane));
    report.summary(NOT_PROVEN_OF_MANAGED);
    const { experimentId, runName } = notes;
    await props.whileServing({ url: mlflow.url, username: '', password: '', experimentId, runName });
  } finally {
    tunnel?.close();
    dataPlane.close();
  }
}

export type ClientCredentials = { readonly [who in keyof ClientRoles]: Credentials };

async function credentialsOf(roles: ClientRoles, emulator: Emulator): Promise<ClientCredentials> {
  const entries = Object.entries(roles).filter(([, role]) => role !== undefined);
  const assumed = entries.map(async ([who, role]) => [who, await assumeRoleAs(SERVICE, role, emulator)] as const);
  return Object.fromEntries(await Promise.all(assumed)) as unknown as ClientCredentials;
}

function total({ passed }: DataPlane): number {
  return [...passed.values()].reduce((sum, count) => sum + count, 0);
}

function actionsOf({ passed }: DataPlane): string {
  return [...passed.keys()].sort().join(', ');
}

function deviationsOf(server: ManagedServer, dataPlane: DataPlane): string[] {
  const unknown = [...dataPlane.unknown].map((request) => `404 for ${request}: no action stands for it`);
  return [
    `the ${server.kind} is an MLflow server on SQLite behind a stand-in of the data plane (there is no SageMaker here)`,
    `the name ${server.host} leads to this machine, with a certificate of this run (HTTPS_PROXY, MLFLOW_TRACKING_SERVER_CERT_PATH)`,
    `S3 is the AWS emulator (AWS_ENDPOINT_URL, AWS_CA_BUNDLE)`,
    ...unknown,
  ];
}
