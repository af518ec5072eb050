import { Token } from 'aws-cdk-lib';

/** A token in a string. Its value is known only at deployment and cannot be escaped here. */
export const TOKENS = /(\$\{Token\[[^\]]*\]\})/;

const ONE_TOKEN = new RegExp(`^${TOKENS.source}$`);

/** Whether a text is a single token and nothing else. */
export function isOneToken(text: string): boolean {
  return ONE_TOKEN.test(text);
}

/** Replaces the parts of a text that are known at synthesis, and leaves its tokens as they are. */
export function replaceKnown(text: string, replace: (part: string) => string): string {
  return text
    .split(TOKENS)
    .map((part) => (Token.isUnresolved(part) ? part : replace(part)))
    .join('');
}
