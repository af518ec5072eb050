/** One comparison; without a bound it is for information. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly other: string;
  readonly ratio: number;
  readonly atMost?: number;
  readonly atLeast?: number;
}

export function isMissed({ ratio, atMost = Infinity, atLeast = -Infinity }: Row): boolean {
  return !(ratio <= atMost && ratio >= atLeast);
}

export function render(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.what,
    row.ours,
    row.other,
    row.ratio.toFixed(2),
    row.atMost !== undefined ? `<= ${row.atMost}` : row.atLeast !== undefined ? `>= ${row.atLeast}` : '',
    isMissed(row) ? 'MISSED' : '',
  ]);
  const all = [['', 'ours', 'other', 'ratio', 'bound', ''], ...cells];
  const widths = all[0].map((_, column) => Math.max(...all.map((line) => line[column].length)));
  return all
    .map((line) =>
      line.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[0]))).join('  '),
    )
    .join('\n');
}
