import { readFileSync } from 'fs';
import * as ts from 'typescript';
import { filesUnder } from './files';

export interface MessageTemplate {
  readonly file: string;
  /** The fixed parts of the text, in order. */
  readonly fragments: string[];
}

/** The text of every error that the sources can throw, without what is filled in. */
export function messageTemplates(root: string): MessageTemplate[] {
  return filesUnder(root, '.ts').flatMap((file) => {
    const found: MessageTemplate[] = [];
    const visit = (node: ts.Node, inMessage: boolean): void => {
      const message = inMessage || isThrown(node) || isRequired(node);
      const fragments = message ? fragmentsOf(node) : [];
      if (fragments.length > 0) found.push({ file, fragments });
      ts.forEachChild(node, (child) => visit(child, message));
    };
    visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true), false);
    return found;
  });
}

/** The argument of `new Error()`. */
function isThrown(node: ts.Node): boolean {
  return ts.isNewExpression(node) && node.expression.getText() === 'Error';
}

/** The second argument of `problems.require()`. */
function isRequired(node: ts.Node): boolean {
  return (
    ts.isArrowFunction(node) && ts.isCallExpression(node.parent) && /\.require$/.test(node.parent.expression.getText())
  );
}

function fragmentsOf(node: ts.Node): string[] {
  const texts = ts.isTemplateExpression(node)
    ? [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)]
    : ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)
      ? [node.text]
      : [];
  // Separators such as ', ' and '\n- ' are no messages.
  return texts.filter((text) => /[a-z]{2}/.test(text));
}
