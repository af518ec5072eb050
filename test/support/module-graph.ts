import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import * as ts from 'typescript';
import { filesUnder } from './files';

/** Which file imports which, types included, within a directory. */
export function moduleGraph(directory: string): Map<string, string[]> {
  return new Map(filesUnder(directory, '.ts').map((file) => [file, importsOf(file)]));
}

function importsOf(file: string): string[] {
  return ts
    .preProcessFile(readFileSync(file, 'utf8'))
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => resolveImport(join(file, '..', name)));
}

function resolveImport(path: string): string {
  const file = [`${path}.ts`, join(path, 'index.ts')].find((candidate) => existsSync(candidate));
  if (!file) throw new Error(`cannot find what '${path}' is`);
  return file;
}

/** Every import cycle that a walk meets, as the files on it. */
export function cyclesIn(graph: Map<string, string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, path: string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file]);
    if (path.includes(file) || done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return cycles;
}
