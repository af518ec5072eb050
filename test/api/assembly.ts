import { existsSync, readFileSync, statSync } from 'fs';
import { filesUnder } from '../support/files';

/** What the tests read of a jsii assembly: the public API as every language sees it. */
export interface Assembly {
  readonly name: string;
  readonly docs?: Docs;
  readonly keywords?: string[];
  readonly license?: string;
  readonly targets?: object;
  readonly types: { readonly [fqn: string]: Type };
}

export interface Docs {
  readonly summary?: string;
  readonly remarks?: string;
  readonly default?: string;
  readonly deprecated?: string;
  readonly stability?: string;
}

export interface TypeReference {
  readonly fqn?: string;
  readonly primitive?: string;
  readonly collection?: { readonly kind: string; readonly elementtype: TypeReference };
  readonly union?: { readonly types: TypeReference[] };
  readonly intersection?: { readonly types: TypeReference[] };
}

export interface OptionalValue {
  readonly optional?: boolean;
  readonly type: TypeReference;
}

export interface Parameter extends OptionalValue {
  readonly name: string;
  readonly variadic?: boolean;
}

export interface Property extends OptionalValue {
  readonly name: string;
  readonly docs?: Docs;
  readonly static?: boolean;
  readonly protected?: boolean;
  readonly immutable?: boolean;
}

export interface Method {
  readonly name: string;
  readonly docs?: Docs;
  readonly static?: boolean;
  readonly protected?: boolean;
  readonly abstract?: boolean;
  readonly parameters?: Parameter[];
  readonly returns?: OptionalValue;
}

export interface Type {
  readonly kind: string;
  readonly name: string;
  readonly docs?: Docs;
  readonly abstract?: boolean;
  /** Whether an interface is a struct. */
  readonly datatype?: boolean;
  readonly base?: string;
  readonly interfaces?: string[];
  readonly initializer?: { readonly parameters?: Parameter[]; readonly protected?: boolean };
  readonly properties?: Property[];
  readonly methods?: Method[];
  /** Of an enum. */
  readonly members?: { readonly name: string; readonly docs?: Docs }[];
}

/** Whether the assembly is missing, or older than the sources: it would let a test pass for what is gone. */
export function isStale(): boolean {
  const changed = Math.max(...filesUnder('src', '.ts').map((file) => statSync(file).mtimeMs));
  return !existsSync('.jsii') || statSync('.jsii').mtimeMs < changed;
}

export function readAssembly(): Assembly {
  if (isStale()) throw new Error('the sources are newer than their jsii assembly; run `npx projen compile` first');
  return JSON.parse(readFileSync('.jsii', 'utf8'));
}
