import { DeployedStack } from '../emulator/deployed-stack';
import { Report } from '../report';
import { DatabaseClient } from './database-client';
import { DatabaseDefinition, databaseDefinition } from './database-definition';
import { RunningDatabase, startPostgres } from './postgres';
import { makeCertificate } from '../tools/certificates';
import { PostgresBinaries } from '../tools/postgres-binaries';
import { Processes } from '../tools/processes';
import { PythonEnvironment } from '../tools/python-environments';
import { WorkDirectory } from '../tools/work-directory';
import { Addition } from '../workload/process-environment';

export interface StartDatabaseProps {
  readonly stack: DeployedStack;
  readonly binaries: PostgresBinaries;
  /** Can make certificates. */
  readonly certificates: PythonEnvironment;
  /** Has a PostgreSQL driver. */
  readonly clients: PythonEnvironment;
  readonly report: Report;
  readonly work: WorkDirectory;
  readonly processes: Processes;
}

export interface Database {
  readonly running: RunningDatabase;
  readonly client: DatabaseClient;
  /** What a process needs to reach this database under the template's name. */
  readonly additions: Readonly<Record<string, Addition>>;
  readonly deviations: readonly string[];
}

export async function startDatabase(props: StartDatabaseProps): Promise<Database> {
  const { stack, binaries, certificates, clients, work, processes } = props;
  const definition = databaseDefinition(stack);
  const directory = work.directory('database-certificate');
  const certificate = await makeCertificate(directory, definition.host, certificates, processes);
  const running = await startPostgres(definition, certificate, binaries, work, processes);
  const client = new DatabaseClient(definition, running, clients, work, processes);
  await client.createNamedDatabase();
  return {
    running,
    client,
    additions: {
      PGHOSTADDR: { value: running.address, reason: `the address of ${definition.host} on this machine` },
      PGSSLROOTCERT: { value: running.authority, reason: 'the authority of the local database, for that of RDS' },
    },
    deviations: deviations(definition, binaries),
  };
}

function deviations({ engineVersion }: DatabaseDefinition, { version, origin }: PostgresBinaries): string[] {
  const wanted = `RDS for PostgreSQL ${engineVersion || 'of the default version'}`;
  return [`PostgreSQL ${version} (${origin}) for ${wanted}`];
}
