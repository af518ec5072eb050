import { Assembly, Docs, OptionalValue, Parameter, Type, TypeReference } from './assembly';

export const SURFACE_FILE = 'test/api/public-surface.txt';

/** One line for each type and each member of the public API, with types and what may be left out; sorted. */
export function publicSurface(assembly: Assembly): string[] {
  return Object.entries(assembly.types)
    .flatMap(([fqn, type]) => linesOf(fqn.slice(assembly.name.length + 1), type, nameIn(assembly)))
    .sort((left, right) => (left < right ? -1 : 1));
}

type Name = (fqn: string) => string;

function linesOf(name: string, type: Type, short: Name): string[] {
  const kind = type.datatype ? 'struct' : type.kind;
  const parents = [...(type.base ? [type.base] : []), ...(type.interfaces ?? [])].map(short);
  const head = `${name}: ${type.abstract ? 'abstract ' : ''}${kind}${parents.length ? ` of ${parents.join(', ')}` : ''}`;
  const lines = [head + mark(type.docs)];
  const member = (text: string, docs?: Docs) => lines.push(`${name}.${text}${mark(docs)}`);

  if (type.initializer) {
    const visible = type.initializer.protected ? 'protected ' : '';
    member(`${visible}new(${parameters(type.initializer.parameters, short)})`);
  }
  for (const { name: constant, docs } of type.members ?? []) member(constant, docs);
  for (const property of type.properties ?? []) {
    const writable = property.immutable || type.datatype ? '' : ' (writable)';
    member(`${modifiers(property)}${property.name}${value(property, short)}${writable}`, property.docs);
  }
  for (const method of type.methods ?? []) {
    const returns = method.returns ? value(method.returns, short) : ': void';
    member(`${modifiers(method)}${method.name}(${parameters(method.parameters, short)})${returns}`, method.docs);
  }
  return lines;
}

const modifiers = (member: { static?: boolean; protected?: boolean }) =>
  `${member.protected ? 'protected ' : ''}${member.static ? 'static ' : ''}`;

const mark = (docs?: Docs) => (docs?.deprecated ? ' (deprecated)' : '');

const value = ({ optional, type }: OptionalValue, short: Name) => `${optional ? '?' : ''}: ${typeName(type, short)}`;

const parameters = (all: Parameter[] = [], short: Name) =>
  all.map((one) => `${one.variadic ? '...' : ''}${one.name}${value(one, short)}`).join(', ');

function typeName({ fqn, primitive, collection, union, intersection }: TypeReference, short: Name): string {
  if (fqn) return short(fqn);
  if (collection) {
    const element = typeName(collection.elementtype, short);
    return collection.kind === 'array' ? `${element}[]` : `{ [name]: ${element} }`;
  }
  if (union) return union.types.map((type) => typeName(type, short)).join(' | ');
  if (intersection) return intersection.types.map((type) => typeName(type, short)).join(' & ');
  return primitive!;
}

const nameIn =
  (assembly: Assembly): Name =>
  (fqn) =>
    fqn.startsWith(`${assembly.name}.`) ? fqn.slice(assembly.name.length + 1) : fqn;
