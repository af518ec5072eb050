import { LocalRunFailure } from '../failure';

/** The files that a boot script writes by itself: `cat > PATH <<'END'`, lines, `END`. */
export function filesOf(userData: string): Record<string, string> {
  const files: Record<string, string> = {};
  const lines = userData.split('\n');
  for (let start = 0; start < lines.length; start++) {
    const [, path, delimiter] = /^cat > (\S+) <<'(\w+)'$/.exec(lines[start]) ?? [];
    if (path === undefined) continue;
    const end = lines.indexOf(delimiter, start + 1);
    if (end < 0) throw new LocalRunFailure(`the user data does not end the file ${path}`);
    files[path] = lines
      .slice(start + 1, end)
      .map((line) => `${line}\n`)
      .join('');
    start = end;
  }
  return files;
}

/** The values of a directive of a systemd unit, in order; a value that begins with `-` may be absent. */
export function directives(unit: string, name: string): string[] {
  return unit
    .split('\n')
    .filter((line) => line.startsWith(`${name}=`))
    .map((line) => line.slice(name.length + 1));
}

/** A command line of a unit, as systemd splits it. */
export function splitCommand(line: string): string[] {
  const words = line.match(/"(?:[^"\\]|\\.)*"|[^\s"]+/g) ?? [];
  return words.map((word) =>
    (word.startsWith('"')
      ? word.slice(1, -1).replace(/\\(.)/g, (_, letter) => ({ n: '\n', t: '\t' })[letter as string] ?? letter)
      : word
    )
      .replace(/%%/g, '%')
      .replace(/\$\$/g, '$'),
  );
}

/** The variables of a file that systemd reads with `EnvironmentFile=`. */
export function parseEnvironmentFile(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  const assignment = /^([A-Za-z_]\w*)=((?:"(?:[^"\\]|\\[\s\S])*"|'[^']*')*)$/gm;
  let rest = text;
  for (const [whole, name, value] of text.matchAll(assignment)) {
    variables[name] = value.replace(/"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'/g, (_, double, single) =>
      double === undefined ? single : double.replace(/\\(["\\`$])/g, '$1'),
    );
    rest = rest.replace(whole, () => '');
  }
  if (rest.trim() !== '') throw new LocalRunFailure(`not a line of variables: ${rest.trim().split('\n')[0]}`);
  return variables;
}
