import { Step } from './steps';

const COLUMNS = ['built', 'installed', 'synthesised', 'template equal'];

/** The table of the languages, the other checks below it, and why something was not run. */
export function table(steps: Step[]): string {
  const groups = [...new Set(steps.map(({ group }) => group))];
  const rows = groups.map((group) => {
    const own = steps.filter((step) => step.group === group);
    const cells = COLUMNS.map((column) => own.find(({ name }) => name === column)?.outcome ?? '-');
    const seconds = own.reduce((sum, step) => sum + step.seconds, 0).toFixed(0);
    return { group, line: [group, ...cells, seconds], isLanguage: cells.some((cell) => cell !== '-') };
  });
  const languages = rows.filter(({ isLanguage }) => isLanguage).map(({ line }) => line);
  const others = steps.filter(({ name }) => !COLUMNS.includes(name));
  const checks = others.map(({ group, name, outcome, seconds }) => [`${group}: ${name}`, outcome, seconds.toFixed(0)]);
  const remarks = steps
    .filter(({ outcome, detail }) => outcome !== 'failed' && detail)
    .map(({ group, name, outcome, detail }) => `${group}, ${name}: ${outcome === 'ok' ? '' : `${outcome}: `}${detail}`);
  return [
    ...aligned([['language', ...COLUMNS, 'seconds'], ...languages]),
    '',
    ...aligned([['check', 'outcome', 'seconds'], ...checks]),
    '',
    ...remarks,
  ].join('\n');
}

/** A test for each step that was run. What was not run is in the table, and counts as nothing. */
export function junit(steps: Step[]): string {
  const counted = steps.filter(({ outcome }) => outcome !== 'not run');
  const failures = counted.filter(({ outcome }) => outcome === 'failed').length;
  const cases = counted.map(({ group, name, outcome, seconds, detail }) => {
    const failure = outcome === 'failed' ? `<failure>${escaped(detail ?? '')}</failure>` : '';
    return `  <testcase classname="${escaped(group)}" name="${escaped(name)}" time="${seconds}">${failure}</testcase>`;
  });
  const open = `<testsuite name="languages" tests="${counted.length}" failures="${failures}" errors="0" skipped="0">`;
  return ['<?xml version="1.0" encoding="UTF-8"?>', open, ...cases, '</testsuite>', ''].join('\n');
}

function aligned(rows: string[][]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
}

const escaped = (text: string) =>
  text
    // XML has no place for other control characters, such as those that color a terminal.
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
