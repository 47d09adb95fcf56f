import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NOT_REWRITTEN, REWRITES } from '../../src/dialects/index.ts';
import { QUIRKS, type Quirk } from '../../tests/unit/dialects/quirks.ts';
import { SHAPES, type Shape } from '../../tests/unit/dialects/shapes.ts';
import { table } from './table.ts';

export function quirksPage(): string {
  return `# What identity providers send, and what becomes of it

Written by \`npm run generate\` from the tables in \`tests/unit/dialects\` and \`src/dialects\`.
The numbers are the rows of \`idp-clients\` §4, the other § are that page's. "Shown by" are conversations in \`tests/wire\`.
A *rewrite* changes what was sent before the engine reads it; a *tolerance* is asked where stored state counts. By default
all of them apply to every caller; a directory that is \`strict\` has none.

## The 36 quirks

${table(['#', 'what is sent or needed', 'handled by', 'shown by'], QUIRKS.map(rowOf))}

## The rewrites, in the order in which they are tried

${table(
  ['rewrite', 'quirks', 'sent by'],
  REWRITES.map(({ name, quirks, sentBy }) => [
    `[\`${name}\`](../../src/dialects/${name}.ts)`,
    quirks.join(', '),
    sentBy,
  ]),
)}

The line that the log has of a request names those that were used: \`"rewrites":["boolean-as-string"]\`. The reply shows nothing
of them.

## Not rewritten, because

${table(
  ['', 'what', 'sent by', 'because'],
  Object.entries(NOT_REWRITTEN).map(([name, { what, sentBy, because }]) => [name, what, sentBy, because]),
)}

## What §2 and §3 name, one by one

${countedShapes()}

A legal shape is answered by a strict application as by any other. What is rewritten or tolerated has another answer there,
which the conversation that shows it has as well.

${table(['told in', 'what', 'outcome', 'shown by'], SHAPES.map(rowOfShape))}
`;
}

function countedShapes(): string {
  const counts = Map.groupBy(SHAPES, ({ outcome }) =>
    outcome === 'legal' ? 'legal' : (Object.keys(outcome)[0] ?? ''),
  );
  const count = (kind: string) => counts.get(kind)?.length ?? 0;
  return `${SHAPES.length} shapes: ${count('legal')} are legal, ${count('rewrites')} are rewritten, ${count('tolerance')} are tolerated, ${count('not')} are left as the standard has them.`;
}

function rowOfShape({ told, what, outcome, shownBy }: Shape): string[] {
  return [
    told,
    what,
    outcomeText(outcome),
    shownBy.map((name) => (name.includes('.') ? `\`${name}\`` : name)).join(', '),
  ];
}

function outcomeText(outcome: Shape['outcome']): string {
  if (outcome === 'legal') return 'legal';
  if ('rewrites' in outcome) return outcome.rewrites.map((name) => `rewrite \`${name}\``).join(', ');
  if ('tolerance' in outcome) return `tolerance \`${outcome.tolerance}\``;
  return `not rewritten: ${outcome.not}`;
}

function rowOf(quirk: Quirk): (string | number)[] {
  const handlers = quirk.handledBy.map((handler) =>
    'rewrite' in handler
      ? `rewrite \`${handler.rewrite}\``
      : 'tolerance' in handler
        ? `tolerance \`${handler.tolerance}\``
        : `\`src/${handler.file}\``,
  );
  return [quirk.quirk, quirk.what, handlers.join(', '), shownBy(quirk).join(', ')];
}

/** The conversations whose source names the quirk: `quirk 4`, `quirks 1, 25, 26`. */
export function shownBy({ quirk, alsoShownBy }: Quirk): string[] {
  const conversations = (CONVERSATIONS.get(quirk) ?? []).slice(0, 4);
  return alsoShownBy === undefined ? conversations : [...conversations, `\`${alsoShownBy}\``];
}

const CONVERSATIONS = conversationsByQuirk(fileURLToPath(new URL('../../tests/wire', import.meta.url)));

function conversationsByQuirk(folder: string): ReadonlyMap<number, string[]> {
  const found = new Map<number, string[]>();
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (!path.endsWith('.json')) continue;
    const { source } = JSON.parse(readFileSync(join(folder, path), 'utf8')) as { source: string };
    for (const [, numbers = ''] of source.matchAll(/quirks? (\d+(?:(?:, | and )\d+)*)/g)) {
      for (const number of numbers.split(/, | and /)) {
        found.set(Number(number), [
          ...(found.get(Number(number)) ?? []),
          `${dirname(path)}/${basename(path, '.json')}`,
        ]);
      }
    }
  }
  return found;
}
