import { Token } from 'aws-cdk-lib';

/** Where a token begins and ends in a string: its value is known only at deployment and cannot be escaped here. */
const TOKENS = /(\$\{Token\[[^\]]*\]\})/;

/**
 * The lines of a file that systemd reads variables from (`EnvironmentFile=`); a shell reads the same from it.
 *
 * Tokens stand in single quotes: their values can have anything but a single quote.
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

/** A command line of a unit: nothing in the arguments is a specifier, a variable or a quote to systemd. */
export function execLine(argv: readonly string[]): string {
  return argv.map(quoteArgument).join(' ');
}

function quoteArgument(argument: string): string {
  const plain = argument
    .split(TOKENS)
    .map((part) => (Token.isUnresolved(part) ? part : part.replace(/%/g, '%%').replace(/\$/g, '$$$$')))
    .join('');
  if (/^[\w@%+=:,./$-]+$/.test(plain)) return plain;
  const escaped = plain.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t');
  return `"${escaped}"`;
}
