import { DeployedResource, DeployedStack } from '../emulator/deployed-stack';
import { LocalRunFailure } from '../failure';

/** The database as the template describes it. */
export interface DatabaseDefinition {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** @default - only the one that every PostgreSQL has */
  readonly name?: string;
  readonly engineVersion: string;
  /** Whether a connection without TLS is refused. */
  readonly tlsForced: boolean;
  /** What the parameter group sets, by PostgreSQL's own names. */
  readonly settings: Record<string, string>;
}

/** Reads it from the resolved resources: an RDS instance, or a cluster with its instances. */
export function databaseDefinition(stack: DeployedStack): DatabaseDefinition {
  const isCluster = stack.all('AWS::RDS::DBCluster').length > 0;
  const database = stack.only(isCluster ? 'AWS::RDS::DBCluster' : 'AWS::RDS::DBInstance');
  const { properties, attributes } = database;
  if (!/^(aurora-)?postgres(ql)?$/.test(properties.Engine)) {
    throw new LocalRunFailure(`the local run starts PostgreSQL, the template asks for ${properties.Engine}`);
  }
  const parameters = parametersOf(stack, properties.DBParameterGroupName ?? properties.DBClusterParameterGroupName);
  const version = `${properties.EngineVersion ?? ''}`;
  return {
    host: attributes['Endpoint.Address'],
    port: Number(attributes['Endpoint.Port']),
    user: required(database, 'MasterUsername'),
    password: required(database, 'MasterUserPassword'),
    name: properties.DBName ?? properties.DatabaseName,
    engineVersion: version,
    tlsForced: isTlsForced(parameters['rds.force_ssl'], version),
    settings: Object.fromEntries(Object.entries(parameters).filter(([name]) => !name.startsWith('rds.'))),
  };
}

function required(database: DeployedResource, property: string): string {
  const value = database.properties[property];
  if (!value) throw new LocalRunFailure(`the database ${database.logicalId} has no ${property}`);
  return `${value}`;
}

function parametersOf(stack: DeployedStack, groupName: unknown): Record<string, string> {
  const group = stack.byPhysicalId(groupName);
  const entries = Object.entries(group?.properties.Parameters ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, `${value}`]));
}

/** RDS forces TLS by default from PostgreSQL 15 on. */
function isTlsForced(parameter: string | undefined, version: string): boolean {
  return parameter === undefined ? Number.parseInt(version, 10) >= 15 : parameter === '1';
}
