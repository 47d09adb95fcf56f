import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { shownBy } from '../../../scripts/pages/quirks.ts';
import { REWRITES } from '../../../src/dialects/index.ts';
import { ScimError, TOLERANT } from '../../../src/scim/index.ts';
import { QUIRKS } from './quirks.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

test('each of the 36 quirks has a row, in order', () => {
  expect(QUIRKS.map(({ quirk }) => quirk)).toEqual(Array.from({ length: 36 }, (_, index) => index + 1));
});

test.each(QUIRKS)('quirk $quirk is handled by something that exists, and shown', (given) => {
  const { quirk, handledBy, alsoShownBy } = given;
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
  expect(shownBy(given)).not.toEqual([]);
  if (alsoShownBy !== undefined) expect(existsSync(join(root, alsoShownBy)), alsoShownBy).toBe(true);
});

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
