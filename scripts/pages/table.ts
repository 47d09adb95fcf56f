/** A table in Markdown; a `|` inside a cell is escaped, and what nobody sees (controls, marks of direction) is spelt out. */
export function table(names: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [names, names.map(() => '---'), ...rows.map((row) => row.map(cell))];
  return lines.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function cell(value: string | number): string {
  return String(value)
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ')
    .replaceAll(/(?!\u200d)[\p{Cc}\p{Cf}]/gu, (unseen) => `U+${unseen.codePointAt(0)?.toString(16).toUpperCase()}`);
}
