import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { NOT_REWRITTEN, REWRITES } from '../../../src/dialects/index.ts';
import { STRICT, TOLERANT } from '../../../src/scim/index.ts';
import { SHAPES } from './shapes.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Of a conversation in `tests/wire`, which `wire.test.ts` holds against a default and a strict application. */
interface Exchange {
  readonly rewrites?: readonly string[];
  readonly strict?: { readonly status: number };
}

function exchangesOf(name: string): readonly Exchange[] {
  const conversation = JSON.parse(readFileSync(`${root}tests/wire/${name}.json`, 'utf8'));
  return [conversation, ...(conversation.afterwards ?? [])];
}

describe('a shape that idp-clients names', () => {
  test.each(SHAPES)('$told: $what', ({ outcome, shownBy }) => {
    for (const name of shownBy) {
      const path = name.includes('.') ? name : `tests/wire/${name}.json`;
      expect(existsSync(`${root}${path}`), path).toBe(true);
    }
    const conversations = shownBy.filter((name) => !name.includes('.')).map(exchangesOf);
    if (outcome === 'legal') {
      expect(shownBy).not.toEqual([]);
      // A strict application answers at least one of the exchanges as any other does.
      for (const exchanges of conversations) {
        expect(exchanges.some(({ rewrites, strict }) => rewrites === undefined && strict === undefined)).toBe(true);
      }
    } else if ('rewrites' in outcome) {
      expect(conversations).not.toEqual([]);
      for (const exchanges of conversations) {
        const differing = exchanges.filter(({ strict }) => strict !== undefined);
        for (const name of outcome.rewrites) {
          expect(
            exchanges.some(({ rewrites }) => rewrites?.includes(name)),
            name,
          ).toBe(true);
        }
        expect(differing).not.toEqual([]);
      }
    } else if ('tolerance' in outcome) {
      expect(TOLERANT[outcome.tolerance]).toBe(true);
      expect(STRICT[outcome.tolerance]).toBe(false);
      expect(conversations).not.toEqual([]);
      for (const exchanges of conversations) expect(exchanges.some(({ strict }) => strict !== undefined)).toBe(true);
    } else expect(Object.keys(NOT_REWRITTEN)).toContain(outcome.not);
  });
});

test('every reason is the reason of a shape', () => {
  const given = SHAPES.flatMap(({ outcome }) => (outcome !== 'legal' && 'not' in outcome ? [outcome.not] : []));
  expect(Object.keys(NOT_REWRITTEN).toSorted()).toEqual([...new Set(given)].toSorted());
});

test('every rewrite is met in a conversation', () => {
  const met = new Set(
    SHAPES.flatMap(({ outcome }) => (outcome !== 'legal' && 'rewrites' in outcome ? outcome.rewrites : [])),
  );
  const elsewhere = REWRITES.map(({ name }) => name).filter((name) => !met.has(name));
  // Told in §1, or by nobody: shown by these.
  const shown = new Set(
    [
      'okta/create-with-numbers-for-strings',
      'others/names-the-base-schema-in-keys',
      'others/sends-one-for-a-list',
    ].flatMap((name) => exchangesOf(name).flatMap(({ rewrites = [] }) => rewrites)),
  );
  expect(elsewhere.filter((name) => !shown.has(name))).toEqual(['number-as-string']);
});
