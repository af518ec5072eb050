import { inStartOrder } from '../../local/workload/ecs-start-order';

const after = (ContainerName: string, Condition = 'SUCCESS') => [{ ContainerName, Condition }];
const server = { Name: 'server', Essential: true, DependsOn: after('migrate') };
const migrate = { Name: 'migrate', Essential: false, DependsOn: after('prepare') };
const prepare = { Name: 'prepare', Essential: false };

test('the server comes last, after all that it waits for', () => {
  const names = inStartOrder([server, migrate, prepare]).map(({ Name }) => Name);
  expect(names).toEqual(['prepare', 'migrate', 'server']);
});

test('a container without the property is essential', () => {
  expect(inStartOrder([{ Name: 'server' }])).toEqual([{ Name: 'server' }]);
});

test.each([
  [
    'nobody waits for it',
    [server, migrate, prepare, { ...prepare, Name: 'extra' }],
    'nothing waits for the containers extra',
  ],
  ['it does not exist', [server], 'server depends on migrate, which does not exist'],
  [
    'it need not have ended well',
    [{ ...server, DependsOn: after('prepare', 'START') }, prepare],
    'server waits for prepare to be START, expected SUCCESS',
  ],
  [
    'they wait for each other',
    [server, { ...migrate, DependsOn: after('prepare') }, { ...prepare, DependsOn: after('migrate') }],
    'containers wait for each other: server, migrate, prepare',
  ],
  ['two are essential', [server, { ...migrate, Essential: true }], 'the task has 2 essential containers, expected one'],
])('refuses a container where %s', (_, containers, message) => {
  expect(() => inStartOrder(containers)).toThrow(message);
});
