import * as path from 'path';
import { DatabaseDefinition } from './database-definition';
import { RunningDatabase } from './postgres';
import { cleanEnvironment } from '../tools/clean-environment';
import { LOCAL } from '../tools/paths';
import { Processes } from '../tools/processes';
import { PythonEnvironment } from '../tools/python-environments';
import { WorkDirectory } from '../tools/work-directory';

/** Looks into the database as its owner, beside the server. */
export class DatabaseClient {
  private queries = 0;

  constructor(
    private readonly definition: DatabaseDefinition,
    private readonly database: RunningDatabase,
    private readonly python: PythonEnvironment,
    private readonly work: WorkDirectory,
    private readonly processes: Processes,
  ) {}

  /** Makes the database that the template names: RDS does that with the instance. */
  public async createNamedDatabase(): Promise<void> {
    const { name } = this.definition;
    if (name && name !== 'postgres') await this.ask({ create: `create database "${name}"` }, 'postgres');
  }

  /** Each question's answers: the values of the first column. */
  public async ask<T extends string>(
    questions: Record<T, string>,
    database = this.definition.name ?? 'postgres',
  ): Promise<Record<T, any[]>> {
    this.queries += 1;
    const directory = this.work.directory('queries');
    const answer = await this.processes.run({
      name: 'a question to the database',
      argv: [this.python.python, path.join(LOCAL, 'database', 'query.py'), database],
      environment: {
        ...cleanEnvironment(),
        PGHOST: this.definition.host,
        PGHOSTADDR: this.database.address,
        PGPORT: `${this.definition.port}`,
        PGUSER: this.definition.user,
        PGPASSWORD: this.definition.password,
        PGSSLMODE: 'verify-full',
        PGSSLROOTCERT: this.database.authority,
      },
      directory,
      input: JSON.stringify(questions),
      logFile: path.join(directory, `query-${this.queries}.log`),
    });
    return JSON.parse(answer);
  }
}
