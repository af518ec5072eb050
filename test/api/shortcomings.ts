import { Assembly, Docs, OptionalValue, Parameter, Type } from './assembly';
import { reservedIn } from './reserved-words';

/** What says the unit of a number: a word of it, what is counted, or the range. */
const UNIT =
  /\bnumber of\b|\bpercent\b|\bport\b|\b[KMG]i?B\b|\bmilliseconds?\b|\bseconds?\b|\bminutes?\b|\bhours?\b|\bdays?\b|\bCPU units\b|\bper minute\b|\bid\b|\bfrom \d+ to \d+\b/i;

interface Named {
  readonly name: string;
  readonly docs?: Docs;
}

/** What a user would miss in the reference of the API, or stumble over in a language: one line for each. */
export function shortcomings(assembly: Assembly): string[] {
  return Object.values(assembly.types).flatMap((type) => [
    ...undescribed(type.name, type),
    ...members(type).flatMap((member) => undescribed(`${type.name}.${member.name}`, member)),
    ...withoutDefault(type),
    ...withoutUnit(type),
    ...badlyNamed(type),
  ]);
}

const members = (type: Type): Named[] => [...(type.properties ?? []), ...(type.methods ?? []), ...(type.members ?? [])];

const undescribed = (path: string, { docs }: { docs?: Docs }) => (docs?.summary ? [] : [`${path} has no description`]);

const withoutDefault = (type: Type) =>
  (type.datatype ? (type.properties ?? []) : [])
    .filter(({ optional, docs }) => optional && !docs?.default)
    .map(({ name }) => `${type.name}.${name} is optional and has no @default`);

function withoutUnit(type: Type): string[] {
  const numbers = (type.properties ?? []).filter(isNumber);
  return numbers
    .filter(({ docs }) => !UNIT.test(`${docs?.summary ?? ''} ${docs?.remarks ?? ''}`))
    .map(({ name }) => `${type.name}.${name} is a number without a unit`);
}

const isNumber = ({ type: { primitive, collection } }: OptionalValue): boolean =>
  primitive === 'number' || collection?.elementtype.primitive === 'number';

function badlyNamed(type: Type): string[] {
  const ofMethods = (type.methods ?? []).flatMap(({ name, parameters = [] }) =>
    parameters.map((parameter): [string, Parameter] => [`${type.name}.${name}`, parameter]),
  );
  const ofInitializer = (type.initializer?.parameters ?? []).map((one): [string, Parameter] => [type.name, one]);
  const names = [
    ...members(type).map(({ name }) => [`${type.name}.${name}`, name]),
    ...[...ofMethods, ...ofInitializer].map(([path, { name }]) => [`the parameter ${name} of ${path}`, name]),
  ];
  const unusable = names
    .filter(([, name]) => !/^[A-Za-z_]\w*$/.test(name))
    .map(([path]) => `${path} is no name in other languages; a parameter cannot be taken apart where it is declared`);
  const reservedNames = names
    .map(([path, name]) => ({ path, languages: reservedIn(name) }))
    .filter(({ languages }) => languages.length > 0)
    .map(({ path, languages }) => `${path} is a reserved word of ${languages.join(', ')}`);
  return [...unusable, ...reservedNames];
}
