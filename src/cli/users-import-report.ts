import type { App } from '../app.ts';
import { printable } from './printable.ts';

export type Imported = Extract<Awaited<ReturnType<App['users']['import']>>, { kind: 'imported' }>;
type Report = Imported['report'];

/** What an import did, or would do: counts, and the first of each kind. */
export function importLines({ counts, examples }: Report, dryRun: boolean): string[] {
  const { created, changed, unchanged, managed, refused } = counts;
  const would = dryRun ? 'would be ' : '';
  const lines = [
    `${created} ${would}created, ${changed} ${would}changed, ${unchanged} unchanged, ${managed} left to the identity provider that manages them, ${refused} not taken.`,
  ];
  for (const kind of ['created', 'changed', 'managed'] as const) {
    const some = examples.filter((example) => example.kind === kind);
    if (some.length === 0) continue;
    lines.push(
      '',
      `${HEADS[kind]}${counts[kind] > some.length ? ` (the first ${some.length} of ${counts[kind]})` : ''}:`,
    );
    for (const { line, userName, differences = [] } of some) {
      const how = differences
        .map(({ name, before, after }) => `${name}: ${shown(before)} → ${shown(after)}`)
        .join('; ');
      lines.push(printable(`  line ${line}: ${userName}${how === '' ? '' : `  ${how}`}`));
    }
  }
  return lines;
}

const HEADS = { created: 'New', changed: 'Changed', managed: 'Left to the identity provider' } as const;
const MOST_SHOWN = 80;

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN).toWellFormed()}…` : text;
}
