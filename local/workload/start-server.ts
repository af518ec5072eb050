import * as path from 'path';
import { workloadOf } from './choose-workload';
import { checkCoherence } from './coherence';
import { LocalServer } from './local-server';
import { Addition } from './process-environment';
import { Workload } from './workload';
import { Database } from '../database/start-database';
import { DeployedStack } from '../emulator/deployed-stack';
import { Emulator } from '../emulator/emulator';
import { freePort } from '../tools/free-port';
import { Processes } from '../tools/processes';
import { PythonEnvironment } from '../tools/python-environments';
import { Tripwire } from '../tools/tripwire';
import { WorkDirectory } from '../tools/work-directory';

export interface StartServerProps {
  readonly stack: DeployedStack;
  readonly emulator: Emulator;
  readonly database: Database;
  readonly mlflow: PythonEnvironment;
  readonly work: WorkDirectory;
  readonly processes: Processes;
  readonly tripwire: Tripwire;
  /** Variables for every process, beside those that every local run needs. */
  readonly additions?: Readonly<Record<string, Addition>>;
}

/** Runs what the template's compute would run. */
export async function startServer(props: StartServerProps): Promise<LocalServer> {
  const { stack, emulator, database, mlflow, work, processes, tripwire } = props;
  const workload = workloadOf(stack);
  checkCoherence(workload);
  const additions = {
    ...database.additions,
    ...awsVariables(emulator),
    ...regionVariables(workload, emulator),
    PATH: pathOf(mlflow),
    ...props.additions,
  };
  const server = new LocalServer({ workload, port: await freePort(), emulator, additions, work, processes, tripwire });
  await server.assumeRoles();
  await server.start();
  return server;
}

function awsVariables({ endpoint, authority }: Emulator): Record<string, Addition> {
  return {
    AWS_ENDPOINT_URL: { value: endpoint, reason: 'the AWS emulator' },
    AWS_CA_BUNDLE: { value: authority, reason: "the emulator's authority" },
  };
}

/** No more than the platform tells: a server that is not told its region must be found out here. */
function regionVariables({ kind, regionVariables: names = [] }: Workload, { region }: Emulator) {
  return Object.fromEntries(
    names.map((name): [string, Addition] => [name, { value: region, reason: `every ${kind} has it` }]),
  );
}

/** The image's programs are those of a Python environment here. */
function pathOf({ bin }: PythonEnvironment): Addition {
  const value = [bin, '/usr/local/bin', '/usr/bin', '/bin'].join(path.delimiter);
  return { value, reason: 'the programs of the Python environment' };
}
