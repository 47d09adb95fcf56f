export { median } from './figures.ts';

/** To the terminal: the first column to the left, figures to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  print(head, rows, (column) => (column === 0 ? 'padEnd' : 'padStart'));
}

/** To the terminal: every column to the left. */
export function wordTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  print(head, rows, () => 'padEnd');
}

function print(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  pad: (column: number) => 'padEnd' | 'padStart',
): void {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  for (const row of [head, ...rows]) {
    const cells = row.map((cell, column) => cell[pad(column)](widths[column] ?? 0));
    console.log(cells.join('  ').trimEnd());
  }
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}
