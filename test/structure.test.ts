import { readFileSync } from 'fs';
import { basename, dirname } from 'path';
import * as ts from 'typescript';
import { assertionsOf, nonNullAssertionsIn } from './support/assertions';
import { filesUnder } from './support/files';
import { cyclesIn, moduleGraph } from './support/module-graph';

const SOURCES = filesUnder('src', '.ts');
const GRAPH = moduleGraph('src');
const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n');

const ROOT = { server: ['src/server/index.ts', 'src/server'], private: ['src/private'] };
const GROUND = [...ROOT.server, ...ROOT.private];
const OF_COMPUTES = ['src/compute', 'src/compute/common', 'src/endpoint', 'src/network', ...GROUND];

/**
 * The house from top to bottom: a folder or a file, and what it may import beside its own files. Each file belongs to the
 * longest path that it begins with.
 */
const MAY_IMPORT: [place: string, below: string[]][] = [
  [
    'src/index.ts',
    [
      ...['src/mlflow-tracking-server.ts', 'src/mlflow-tracking-server-props.ts', 'src/monitoring'],
      ...['src/mlflow-tracking-server-interface.ts', 'src/compute/index.ts', 'src/endpoint/index.ts'],
      ...['src/backend-store', 'src/artifact-store', 'src/authentication', 'src/network', 'src/server/index.ts'],
    ],
  ],
  [
    'src/mlflow-tracking-server.ts',
    [
      ...[
        'src/core',
        'src/mlflow-tracking-server-props.ts',
        'src/monitoring',
        'src/mlflow-tracking-server-interface.ts',
      ],
      ...['src/compute', 'src/network', ...GROUND],
    ],
  ],
  [
    'src/core',
    [
      ...['src/mlflow-tracking-server-props.ts', 'src/mlflow-tracking-server-interface.ts'],
      ...['src/compute/index.ts', 'src/compute', 'src/endpoint/index.ts', 'src/endpoint'],
      ...['src/backend-store', 'src/artifact-store', 'src/authentication', 'src/network', ...GROUND],
    ],
  ],
  [
    'src/mlflow-tracking-server-props.ts',
    [
      ...['src/compute', 'src/endpoint', 'src/backend-store', 'src/artifact-store', 'src/authentication'],
      ...ROOT.server,
    ],
  ],
  ['src/monitoring', ['src/compute', 'src/endpoint', 'src/backend-store', ...ROOT.private]],
  ['src/mlflow-tracking-server-interface.ts', ['src/compute']],

  [
    'src/compute/index.ts',
    [
      ...['src/compute/compute.ts', 'src/compute/ec2', 'src/compute/ecs-on-ec2', 'src/compute/eks'],
      ...['src/compute/fargate', 'src/compute/sage-maker', 'src/compute/ecs', 'src/compute', 'src/compute/common'],
    ],
  ],
  [
    'src/compute/compute.ts',
    [
      ...['src/compute/ec2', 'src/compute/ecs-on-ec2', 'src/compute/eks', 'src/compute/fargate'],
      ...['src/compute/sage-maker'],
    ],
  ],
  ['src/compute/ec2', OF_COMPUTES],
  ['src/compute/ecs-on-ec2', ['src/compute/ecs', ...OF_COMPUTES]],
  ['src/compute/eks', OF_COMPUTES],
  ['src/compute/fargate', ['src/compute/ecs', ...OF_COMPUTES]],
  ['src/compute/sage-maker', ['src/artifact-store', ...OF_COMPUTES]],
  ['src/compute/ecs', OF_COMPUTES],
  // The contract: what a compute is, whichever it is.
  ['src/compute', ['src/endpoint', 'src/artifact-store', ...ROOT.server]],
  ['src/compute/common', GROUND],

  ['src/endpoint/index.ts', ['src/endpoint/endpoint.ts', 'src/endpoint/load-balancer', 'src/endpoint']],
  ['src/endpoint/endpoint.ts', ['src/endpoint/load-balancer', 'src/endpoint']],
  ['src/endpoint/load-balancer', ['src/endpoint', 'src/network', ...GROUND]],
  ['src/endpoint', GROUND],
  ['src/backend-store', ['src/network', ...GROUND]],
  ['src/network', GROUND],
  ['src/artifact-store', GROUND],
  ['src/authentication', GROUND],

  ['src/server/index.ts', ['src/server/image', 'src/server']],
  ['src/server/image', ['src/server', ...ROOT.private]],
  ['src/server', []],
  ['src/private', []],
];

/** Who may name a compute, beside the folder of its own. */
const KNOWN_BY: [name: string, words: RegExp, folders: string[], lines: [file: string, line: RegExp][]][] = [
  [
    'Fargate',
    /fargate/i,
    ['src/compute/fargate'],
    [
      ['src/core/resolve-props.ts', /compute = Compute\.fargate\(\)|Compute\.fargate\(/],
      ['src/mlflow-tracking-server-props.ts', /^\s+\* @default Compute\.fargate\(\)$/],
      // Pods of Amazon EKS may be on AWS Fargate as well, which is not the compute of that name.
      ['src/compute/eks/eks-compute-props.ts', /Fargate/],
      ['src/compute/eks/validate.ts', /Fargate/],
    ],
  ],
  ['EKS', /eks/i, ['src/compute/eks'], []],
  ['managed MLflow', /sage-?maker/i, ['src/compute/sage-maker'], []],
  [
    'EC2',
    /Ec2|EC2/,
    ['src/compute/ec2', 'src/compute/ecs-on-ec2', 'src/endpoint'],
    [['src/network/isolated-vpc.ts', /Compute\.ecsOnEc2\(\)/]],
  ],
];

const isIn = (file: string, place: string) => file === place || file.startsWith(`${place}/`);

/** What a file belongs to. */
function placeOf(file: string): string | undefined {
  const places = MAY_IMPORT.map(([place]) => place).filter((place) => isIn(file, place));
  return places.sort((left, right) => right.length - left.length)[0];
}

const IMPORTS = [...GRAPH].flatMap(([file, imported]) => imported.map((other) => [file, other] as const));

describe('files stay small', () => {
  test.each(SOURCES)('%s', (file) => {
    const limit = basename(file) === 'contract.ts' ? 120 : 250;
    // The last line is the empty one after the last line break.
    expect(linesOf(file).length - 1).toBeLessThanOrEqual(limit);
  });
});

describe('every import leads downwards', () => {
  test.each(MAY_IMPORT)('from %s', (place, below) => {
    const wrong = IMPORTS.filter(([file]) => placeOf(file) === place).filter(
      ([, imported]) => ![place, ...below].includes(placeOf(imported)!),
    );
    expect(wrong.map(([file, imported]) => `${file} imports ${imported}`)).toEqual([]);
  });

  test('what a place may import stands below it', () => {
    const places = MAY_IMPORT.map(([place]) => place);
    const upwards = MAY_IMPORT.flatMap(([place, below], at) =>
      below.filter((other) => places.indexOf(other) <= at).map((other) => `${place} may import ${other}`),
    );
    expect(upwards).toEqual([]);
  });

  test('no file imports the index of its own folder', () => {
    const own = IMPORTS.filter(([file, imported]) => imported === `${dirname(file)}/index.ts`);
    expect(own).toEqual([]);
  });

  test('every file has a place, and every place a file', () => {
    expect(SOURCES.filter((file) => !placeOf(file))).toEqual([]);
    const places = new Set(SOURCES.map(placeOf));
    expect(MAY_IMPORT.map(([place]) => place).filter((place) => !places.has(place))).toEqual([]);
  });
});

describe('non-null assertions', () => {
  test('are at most 15, because what cannot be there is said in the types', () => {
    const found = SOURCES.flatMap(nonNullAssertionsIn);
    expect(found.length > 15 ? found : []).toEqual([]);
  });

  test('are found wherever they stand, and nothing else is', () => {
    expect(assertionsOf('a!.b;\nc!(d!);\nclass E { f!: G }\nlet h!: I;\n!j; k != l; m !== n; "o!";')).toEqual([
      1, 2, 2, 3, 4,
    ]);
  });
});

describe('import cycles', () => {
  test('there are none, not even of types', () => {
    expect(cyclesIn(GRAPH)).toEqual([]);
  });

  test('the whole library was looked at', () => {
    expect([...GRAPH.keys()]).toEqual(SOURCES);
    expect(IMPORTS.length).toBeGreaterThan(SOURCES.length);
  });

  test('one would be found', () => {
    const directory = 'test/fixtures/cycle';
    expect(cyclesIn(moduleGraph(directory))).toEqual([
      ['first', 'second', 'third', 'first'].map((name) => `${directory}/${name}.ts`),
    ]);
  });
});

describe.each(KNOWN_BY)('only the compute’s own files and its factory know %s', (_name, words, folders, lines) => {
  const own = (file: string) =>
    ['src/compute/compute.ts', 'src/compute/index.ts', ...folders].some((place) => isIn(file, place));
  const mentions = SOURCES.flatMap((file) =>
    linesOf(file)
      .filter((line) => words.test(line))
      .map((line): [string, string] => [file, line]),
  );

  test('nothing else mentions it', () => {
    const others = mentions.filter(
      ([file, line]) => !own(file) && !lines.some(([other, allowed]) => other === file && allowed.test(line)),
    );
    expect(others).toEqual([]);
  });

  test('the factory does, and the exceptions exist', () => {
    expect(mentions.map(([file]) => file)).toContain('src/compute/compute.ts');
    const unused = lines.filter(
      ([other, allowed]) => !mentions.some(([file, line]) => file === other && allowed.test(line)),
    );
    expect(unused).toEqual([]);
  });
});

describe('the public API', () => {
  /** The files whose names a file passes on, itself included. */
  const exportedFrom = (file: string): string[] => {
    const { statements } = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
    const from = statements.flatMap((statement) =>
      ts.isExportDeclaration(statement) && statement.moduleSpecifier
        ? [(statement.moduleSpecifier as ts.StringLiteral).text]
        : [],
    );
    const next = GRAPH.get(file)!.filter((imported) =>
      from.some((name) =>
        [`${dirname(file)}/${name.slice(2)}.ts`, `${dirname(file)}/${name.slice(2)}/index.ts`].includes(imported),
      ),
    );
    return [file, ...next.flatMap(exportedFrom)];
  };

  test('has nothing of what is private', () => {
    const files = exportedFrom('src/index.ts');
    expect(files).toEqual(
      expect.arrayContaining(['src/compute/ec2/ec2-compute.ts', 'src/server/image/server-image.ts']),
    );
    expect(files.filter((file) => isIn(file, 'src/private') || isIn(file, 'src/core'))).toEqual([]);
  });
});
