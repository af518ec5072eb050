import { Assembly, Property, readAssembly, Type } from './assembly';
import { shortcomings } from './shortcomings';

test('the public API is described, and reads well in every language', () => {
  const assembly = readAssembly();
  expect(Object.keys(assembly.types)).toContain('cdk-mlflow.MlflowTrackingServerProps');
  expect(shortcomings(assembly)).toEqual([]);
});

const DOCS = { summary: 'What it is.' };
const only = (type: Partial<Type>): Assembly => ({
  name: 'lib',
  types: { 'lib.Thing': { kind: 'class', name: 'Thing', docs: DOCS, ...type } },
});
const prop = (property: Partial<Property>) =>
  only({
    kind: 'interface',
    datatype: true,
    properties: [{ name: 'size', type: { primitive: 'string' }, docs: DOCS, ...property }],
  });
const method = (name: string, parameter = 'options') =>
  only({ methods: [{ name, docs: DOCS, parameters: [{ name: parameter, type: { primitive: 'string' } }] }] });
const number = (summary: string) => prop({ type: { primitive: 'number' }, docs: { summary } });

test.each<[string, Assembly]>([
  ['Thing has no description', only({ docs: undefined })],
  ['Thing.size has no description', prop({ docs: {} })],
  ['Thing.open has no description', only({ methods: [{ name: 'open' }] })],
  ['Thing.RED has no description', only({ kind: 'enum', members: [{ name: 'RED' }] })],
  ['Thing.size is optional and has no @default', prop({ optional: true })],
  ['Thing.size is a number without a unit', number('How large it is.')],
  [
    'Thing.size is a number without a unit',
    prop({ type: { collection: { kind: 'array', elementtype: { primitive: 'number' } } } }),
  ],
  ['Thing.from is a reserved word of Python', method('from')],
  ['Thing.range is a reserved word of Go', method('range')],
  ['Thing.getType is a reserved word of C#', method('getType')],
  ['Thing.getClass is a reserved word of Java', method('getClass')],
  ['Thing.default is a reserved word of Java, C#, Go', prop({ name: 'default' })],
  [
    'the parameter { size } of Thing.build is no name in other languages; a parameter cannot be taken apart where it is declared',
    method('build', '{ size }'),
  ],
  ['the parameter lambda of Thing.open is a reserved word of Python', method('open', 'lambda')],
  [
    'the parameter package of Thing is a reserved word of Java, Go',
    only({ initializer: { parameters: [{ name: 'package', type: { primitive: 'string' } }] } }),
  ],
])('%s: it is found', (line, assembly) => {
  expect(shortcomings(assembly)).toEqual([line]);
});

test.each<[string, Assembly]>([
  ['a number of percent', number('The share, in percent.')],
  ['a number of things', number('The number of servers.')],
  ['a range', number('The priority, from 1 to 50000.')],
  ['an optional prop with a default', prop({ optional: true, docs: { ...DOCS, default: '- none' } })],
  [
    'an optional property of a class, which nobody sets',
    only({ properties: prop({ optional: true }).types['lib.Thing'].properties }),
  ],
  ['a constant that only looks like one of Python', only({ kind: 'enum', members: [{ name: 'None', docs: DOCS }] })],
  ['a method whose name merely contains a reserved word', method('fromBucket')],
])('%s is fine', (_name, assembly) => {
  expect(shortcomings(assembly)).toEqual([]);
});
