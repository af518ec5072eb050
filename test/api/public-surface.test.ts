import { readFileSync } from 'fs';
import { Assembly, Property, readAssembly } from './assembly';
import { publicSurface, SURFACE_FILE } from './public-surface';

test('the public API is the reviewed one; after a change, run `npm run surface` and review the difference', () => {
  expect(publicSurface(readAssembly())).toEqual(readFileSync(SURFACE_FILE, 'utf8').trim().split('\n'));
});

const SIZE: Property = { name: 'size', type: { primitive: 'number' }, optional: true, immutable: true };

function small(size: Property = SIZE): Assembly {
  const types: Assembly['types'] = {
    'lib.Store': {
      kind: 'class',
      name: 'Store',
      base: 'constructs.Construct',
      interfaces: ['lib.IStore'],
      initializer: { parameters: [{ name: 'props', optional: true, type: { fqn: 'lib.StoreProps' } }] },
      methods: [
        {
          name: 'of',
          static: true,
          parameters: [{ name: 'names', variadic: true, type: { primitive: 'string' } }],
          returns: { type: { collection: { kind: 'array', elementtype: { fqn: 'lib.IStore' } } } },
        },
        { name: 'close', protected: true, docs: { deprecated: 'it closes by itself' } },
      ],
    },
    'lib.IStore': { kind: 'interface', name: 'IStore', properties: [{ name: 'id', type: { primitive: 'string' } }] },
    'lib.StoreProps': {
      kind: 'interface',
      datatype: true,
      name: 'StoreProps',
      properties: [
        size,
        {
          name: 'tags',
          immutable: true,
          type: {
            collection: {
              kind: 'map',
              elementtype: { union: { types: [{ primitive: 'any' }, { fqn: 'lib.Color' }] } },
            },
          },
        },
      ],
    },
    'lib.Color': { kind: 'enum', name: 'Color', members: [{ name: 'RED' }] },
  };
  return { name: 'lib', types };
}

test('each member is a line, with its type and whether it may be left out', () => {
  expect(publicSurface(small())).toEqual([
    'Color.RED',
    'Color: enum',
    'IStore.id: string (writable)',
    'IStore: interface',
    'Store.new(props?: StoreProps)',
    'Store.protected close(): void (deprecated)',
    'Store.static of(...names: string): IStore[]',
    'Store: class of constructs.Construct, IStore',
    'StoreProps.size?: number',
    'StoreProps.tags: { [name]: any | Color }',
    'StoreProps: struct',
  ]);
});

test.each<[string, Property, string]>([
  ['requires a prop', { ...SIZE, optional: false }, 'StoreProps.size: number'],
  ['changes its type', { ...SIZE, type: { primitive: 'string' } }, 'StoreProps.size?: string'],
  ['renames it', { ...SIZE, name: 'sizes' }, 'StoreProps.sizes?: number'],
  ['deprecates it', { ...SIZE, docs: { deprecated: 'no' } }, 'StoreProps.size?: number (deprecated)'],
])('a change that %s is a different line', (_name, size, line) => {
  const before = publicSurface(small());
  const after = publicSurface(small(size));
  expect(after.filter((one) => !before.includes(one))).toEqual([line]);
});
