import { databaseDefinition } from '../../local/database/database-definition';
import { DeployedStack } from '../../local/emulator/deployed-stack';

const attributes = { 'Endpoint.Address': 'db.example.com', 'Endpoint.Port': '5432' };
const instance = {
  Engine: 'postgres',
  EngineVersion: '17',
  MasterUsername: 'mlflow',
  MasterUserPassword: 'secret',
  DBName: 'tracking',
  DBParameterGroupName: 'group',
};

function stack(properties: object = {}, parameters: object = {}): DeployedStack {
  const base = { logicalId: 'Database', attributes };
  return new DeployedStack('Stack', [
    { ...base, type: 'AWS::RDS::DBInstance', physicalId: 'db', properties: { ...instance, ...properties } },
    { ...base, type: 'AWS::RDS::DBParameterGroup', physicalId: 'group', properties: { Parameters: parameters } },
  ]);
}

test('reads the instance', () => {
  const parameters = { 'rds.force_ssl': '1', max_connections: 200 };
  expect(databaseDefinition(stack({}, parameters))).toEqual({
    host: 'db.example.com',
    port: 5432,
    user: 'mlflow',
    password: 'secret',
    name: 'tracking',
    engineVersion: '17',
    tlsForced: true,
    settings: { max_connections: '200' },
  });
});

test.each([
  ['1', '14.5', true],
  ['0', '17', false],
  [undefined, '17', true],
  [undefined, '14.5', false],
])('with rds.force_ssl %s, PostgreSQL %s forces TLS: %s', (parameter, EngineVersion, expected) => {
  const parameters = parameter === undefined ? {} : { 'rds.force_ssl': parameter };
  expect(databaseDefinition(stack({ EngineVersion }, parameters)).tlsForced).toBe(expected);
});

test('refuses another engine', () => {
  expect(() => databaseDefinition(stack({ Engine: 'mysql' }))).toThrow(
    'starts PostgreSQL, the template asks for mysql',
  );
});

test('refuses a database that nobody can sign in to', () => {
  expect(() => databaseDefinition(stack({ MasterUserPassword: undefined }))).toThrow(
    'the database Database has no MasterUserPassword',
  );
});
