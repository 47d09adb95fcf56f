import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { REWRITES } from '../../../src/dialects/index.ts';
import { ScimError, TOLERANT } from '../../../src/scim/index.ts';
import { QUIRKS, type Quirk } from './quirks.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

test('each of the 36 quirks has a row, in order', () => {
  expect(QUIRKS.map(({ quirk }) => quirk)).toEqual(Array.from({ length: 36 }, (_, index) => index + 1));
});

test.each(QUIRKS)(
  'quirk $quirk is handled by something that exists, and shown',
  ({ quirk, handledBy, alsoShownBy }) => {
    expect(handledBy.length).toBeGreaterThan(0);
    for (const handler of handledBy) {
      if ('rewrite' in handler) {
        expect(REWRITES.find(({ name }) => name === handler.rewrite)?.quirks).toContain(quirk);
      } else if ('tolerance' in handler) {
        expect(TOLERANT[handler.tolerance]).toBe(true);
      } else {
        expect(existsSync(join(root, 'src', handler.file)), handler.file).toBe(true);
      }
    }
    expect(shownBy({ quirk, alsoShownBy })).not.toEqual([]);
    if (alsoShownBy !== undefined) expect(existsSync(join(root, alsoShownBy)), alsoShownBy).toBe(true);
  },
);

test('a rewrite is named as its file is, says who sends it, and is in the row of its quirk', () => {
  const files = readdirSync(join(root, 'src/dialects'));
  for (const { name, quirks, sentBy } of REWRITES) {
    expect(files).toContain(`${name}.ts`);
    expect(sentBy).not.toBe('');
    for (const quirk of quirks) expect(QUIRKS[quirk - 1]?.handledBy).toContainEqual({ rewrite: name });
  }
  expect(new Set(REWRITES.map(({ name }) => name)).size).toBe(REWRITES.length);
});

test('quirk 29: Retry-After is whole seconds', () => {
  expect(ScimError.tooManyRequests('Slow down.', 5).headers['retry-after']).toMatch(/^\d+$/);
  expect(ScimError.unavailable('Not now.', 30).headers['retry-after']).toMatch(/^\d+$/);
});

test('docs/reference/quirks.md says the same (vitest -u writes it)', async () => {
  await expect(page()).toMatchFileSnapshot(join(root, 'docs/reference/quirks.md'));
});

function page(): string {
  const rows = QUIRKS.map((quirk) => {
    const handlers = quirk.handledBy.map((handler) =>
      'rewrite' in handler
        ? `rewrite \`${handler.rewrite}\``
        : 'tolerance' in handler
          ? `tolerance \`${handler.tolerance}\``
          : `\`src/${handler.file}\``,
    );
    return `| ${quirk.quirk} | ${cell(quirk.what)} | ${handlers.join(', ')} | ${shownBy(quirk).join(', ')} |`;
  });
  const rewrites = REWRITES.map(
    ({ name, quirks, sentBy }) =>
      `| [\`${name}\`](../../src/dialects/${name}.ts) | ${quirks.join(', ')} | ${cell(sentBy)} |`,
  );
  return `# What identity providers send, and what becomes of it

Written by \`tests/unit/dialects/quirks.test.ts\` from the table in \`quirks.ts\`; \`vitest run tests/unit/dialects -u\` writes it anew.
The numbers are the rows of \`idp-clients\` §4, the other § are that page's. "Shown by" are conversations in \`tests/wire\`.
A *rewrite* changes what was sent before the engine reads it; a *tolerance* is asked where stored state counts. By default
all of them apply to every caller; a directory that is \`strict\` has none.

## The 36 quirks

| # | what is sent or needed | handled by | shown by |
| --- | --- | --- | --- |
${rows.join('\n')}

## The rewrites, in the order in which they are tried

| rewrite | quirks | sent by |
| --- | --- | --- |
${rewrites.join('\n')}
`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

/** The conversations whose source names the quirk: `quirk 4`, `quirks 1, 25, 26`. */
function shownBy({ quirk, alsoShownBy }: Pick<Quirk, 'quirk'> & { alsoShownBy?: string | undefined }): string[] {
  const conversations = (CONVERSATIONS.get(quirk) ?? []).slice(0, 4);
  return alsoShownBy === undefined ? conversations : [...conversations, `\`${alsoShownBy}\``];
}

const CONVERSATIONS = conversationsByQuirk(join(root, 'tests/wire'));

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
