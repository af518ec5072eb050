/** One word of a shell command that stands for exactly this text, whatever is in it. */
export function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`;
}

/**
 * Shell commands that write a file. The content is not touched by the shell, nor are values in it that are known only at
 * deployment.
 */
export function writeFile(path: string, content: string): string {
  const text = content.endsWith('\n') || content === '' ? content : `${content}\n`;
  const end = delimiterFor(text);
  return `cat > ${shellQuote(path)} <<'${end}'\n${text}${end}`;
}

/** A line that does not occur in the text. */
function delimiterFor(text: string): string {
  const lines = new Set(text.split('\n'));
  let delimiter = 'END';
  while (lines.has(delimiter)) delimiter += '_';
  return delimiter;
}
