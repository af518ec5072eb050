/** Expressions and blocks of Terraform's language, in the layout of `terraform fmt`. */

/** A text as a literal: nothing in it is a template. */
export function text(value: string): string {
  return JSON.stringify(value).replace(/([$%])(?=\{)/g, '$1$1');
}

export function list(expressions: readonly string[]): string {
  return `[${expressions.join(', ')}]`;
}

export type Attributes = readonly (readonly [name: string, expression: string])[];

/** A block: groups of attributes and inner blocks, with an empty line between each two. */
export function block(header: string, ...parts: readonly (Attributes | string)[]): string {
  const groups = parts.map((part) => (typeof part === 'string' ? part : aligned(part))).filter((part) => part !== '');
  return `${header} {\n${indent(groups.join('\n\n'))}\n}`;
}

/** An attribute with a value of several lines. */
export function map(name: string, attributes: Attributes): string {
  return block(`${name} =`, attributes);
}

export function file(...blocks: readonly string[]): string {
  return `${HEADER}\n\n${blocks.join('\n\n')}\n`;
}

const HEADER = '# Made by `npm run templates` from the constructs: change those, not this file.';

function aligned(attributes: Attributes): string {
  const width = Math.max(...attributes.map(([name]) => name.length), 0);
  return attributes.map(([name, expression]) => `${name.padEnd(width)} = ${expression}`).join('\n');
}

function indent(lines: string): string {
  return lines.replace(/^(?=.)/gm, '  ');
}
