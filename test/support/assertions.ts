import { readFileSync } from 'fs';
import * as ts from 'typescript';

/** Where a file says `!`: that something is there of which the types do not say it. */
export function nonNullAssertionsIn(file: string): string[] {
  return assertionsOf(readFileSync(file, 'utf8')).map((line) => `${file}:${line}`);
}

/** The lines of the assertions in a text, of expressions and of properties. */
export function assertionsOf(text: string): number[] {
  const source = ts.createSourceFile('text.ts', text, ts.ScriptTarget.Latest, true);
  const lines: number[] = [];
  const visit = (node: ts.Node): void => {
    const asserted =
      ts.isNonNullExpression(node) ||
      ((ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) && node.exclamationToken !== undefined);
    if (asserted) lines.push(source.getLineAndCharacterOfPosition(node.getStart()).line + 1);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return lines;
}
