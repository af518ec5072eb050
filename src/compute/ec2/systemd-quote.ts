import { Token } from 'aws-cdk-lib';
import { replaceKnown, TOKENS } from '../../private/tokens';

/**
 * The content of a file with environment variables for systemd (`EnvironmentFile=`), which a shell reads in the same way.
 *
 * Tokens are in single quotes, because their values can contain any character except a single quote.
 */
export function environmentFile(variables: { readonly [name: string]: string }): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quoteValue(value)}\n`)
    .join('');
}

function quoteValue(value: string): string {
  const parts = value.split(TOKENS).filter((part) => part !== '');
  const quoted = parts.map((part) =>
    Token.isUnresolved(part) ? `'${part}'` : `"${part.replace(/["\\`$]/g, '\\$&')}"`,
  );
  return quoted.join('') || '""';
}

/** A command line of a unit, in which systemd finds no specifiers, variables or quotes in the arguments. */
export function execLine(argv: readonly string[]): string {
  return argv.map(quoteArgument).join(' ');
}

function quoteArgument(argument: string): string {
  const plain = replaceKnown(argument, (part) => part.replace(/%/g, '%%').replace(/\$/g, '$$$$'));
  if (/^[\w@%+=:,./$-]+$/.test(plain)) return plain;
  const escaped = plain.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t');
  return `"${escaped}"`;
}
