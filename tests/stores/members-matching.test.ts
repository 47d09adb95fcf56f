import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Filter, GROUP, matches, readPatch, ScimError, type Target, TOLERANT } from '../../src/scim/index.ts';
import { MOST_TESTS } from '../../src/store/members-matching.ts';
import { DATABASES } from '../harness/index.ts';
import { DIRECTORY, edited, group, type Made, newId, OTHER, put, set, user } from '../unit/store/fixture.ts';
import { openTemporary, type Temporary } from './temporary.ts';

describe.each(DATABASES)('on %s', (database) => {
  const BASE = 'https://joinery.example.com/scim/v2';
  const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

  let temporary: Temporary;
  const tour = group('Tour');
  beforeEach(async () => {
    temporary = await openTemporary(database);
    await put(temporary.store, DIRECTORY, tour);
  });
  afterEach(async () => {
    await temporary.end();
  });

  /** What stands in the brackets, as a PATCH reads it. */
  function inside(text: string): Filter<Target> {
    const body = { schemas: [PATCH_OP], Operations: [{ op: 'remove', path: `members[${text}]` }] };
    const path = readPatch(GROUP, body, TOLERANT)[0]?.path;
    if (path?.kind !== 'elements') throw new Error(`${text} chooses no elements`);
    return path.filter;
  }

  async function join(...members: readonly Made[]): Promise<void> {
    await put(temporary.store, DIRECTORY, ...members);
    await temporary.store.write(DIRECTORY, (transaction) =>
      transaction.commit(set(edited(tour.record, { added: members.map(({ id }) => id) }))),
    );
  }

  const matching = (
    filters: readonly string[],
    named: readonly string[] = [],
  ): Promise<readonly (readonly string[])[]> =>
    temporary.store.write(DIRECTORY, (transaction) =>
      transaction.membersMatching({ group: tour.id, named, filters: filters.map(inside), base: BASE }),
    );

  describe('which members filters choose', () => {
    test('by each sub-attribute, as a reply shows the member', async () => {
      const [a, b] = [user('a', { displayName: 'Ann' }), user('Bob', { displayName: '' })];
      await join(a, b);
      const table: readonly [string, readonly Made[]][] = [
        [`value ne "${b.id}"`, [a]],
        ['display eq "ANN"', [a]],
        ['display eq "bob"', [b]],
        [`$ref eq "${BASE}/Users/${b.id}"`, [b]],
        ['type eq "user"', [a, b]],
        ['type eq "Group"', []],
        [`not (value eq "${newId()}")`, [a, b]],
        ['display pr and not (display sw "b")', [a]],
      ];
      for (const [filter, chosen] of table)
        expect(await matching([filter]), filter).toEqual([chosen.map(({ id }) => id)]);
    });

    test('of the named, those of the directory, as the members that they would be', async () => {
      const [a, inner, foreign] = [user('a'), group('Guides'), user('guide')];
      await put(temporary.store, DIRECTORY, a, inner);
      await put(temporary.store, OTHER, foreign);
      const named = [a.id, inner.id, foreign.id, 'nobody'];
      expect(await matching(['display sw "guide"', 'type eq "User"'], named)).toEqual([[inner.id], [a.id]]);
      expect(await matching(['not (display eq "x")'], named)).toEqual([[a.id, inner.id].sort()]);
    });

    test('what several filters match, the last of them has', async () => {
      const [a, b, c] = [user('a'), user('b'), user('c')];
      await join(a, b, c);
      expect(await matching(['value pr', `value ne "${a.id}"`, 'display eq "c"', 'display eq "d"'])).toEqual([
        [a.id],
        [b.id],
        [c.id],
        [],
      ]);
    });

    test('a thousand and more, and names that are long', async () => {
      const long = `${'x'.repeat(30_000)}ÄY`;
      const members = Array.from({ length: 2100 }, (_, index) =>
        user(`u${index}`, index % 700 === 0 ? { displayName: `${long}${index}` } : {}),
      );
      await join(...members);
      const ids = members.map(({ id }) => id);
      expect(await matching(['display co "xäy"', 'display ew "Y1400"'])).toEqual([[ids[0], ids[700]], [ids[1400]]]);
      expect((await matching(['display sw "u"']))[0]).toHaveLength(2097);
      expect(await matching(['display pr'], ids)).toEqual([[...ids, ...ids]]);
    });

    test('it is what a filter says of the member in memory', async () => {
      const labels = ['Ann', 'ann', 'Straße', 'STRASSE', 'é', 'e\u0301', "' OR 1=1 --", '%', '😀', 'ΟΔΟΣ'];
      const members = [...labels.map((displayName, index) => user(`m${index}`, { displayName })), group('Ann')];
      await join(...members);
      const shown = members.map(({ id, record }, index) => ({
        value: id,
        type: 'User',
        display: labels[index] ?? 'Ann',
        $ref: `${BASE}/Users/${id}`,
        record,
      }));
      const text = fc.constantFrom(...labels, ...shown.map(({ value }) => value), 'User', 'a', '');
      const operator = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le');
      const name = fc.constantFrom('display', 'display', 'value', 'type', '$ref');
      const test = fc.tuple(name, operator, text).map(([one, how, what]) => `${one} ${how} ${JSON.stringify(what)}`);
      const filter = fc
        .array(
          fc.tuple(test, fc.boolean()).map(([one, not]) => (not ? `not (${one})` : one)),
          { minLength: 1, maxLength: 3 },
        )
        .chain((terms) => fc.constantFrom(terms.join(' and '), terms.join(' or ')));
      await fc.assert(
        fc.asyncProperty(fc.array(filter, { minLength: 1, maxLength: 4 }), async (filters) => {
          const chosen = await matching(filters);
          const parsed = filters.map(inside);
          const expected = parsed.map((): string[] => []);
          for (const { record: _, ...element } of shown) {
            const last = parsed.findLastIndex((one) => matches(one, element));
            if (last >= 0) expected[last]?.push(element.value);
          }
          expect(chosen.map((ids) => [...ids].sort())).toEqual(expected.map((ids) => ids.sort()));
        }),
        { numRuns: 300 },
      );
    });
  });

  describe('T-DOS-03 what filters may ask of members', () => {
    const terms = (count: number, text = 'q') =>
      Array.from({ length: count }, (_, index) => `display co "${text}${index}"`).join(' or ');

    test('too much for the members that there are is refused before any is looked at', async () => {
      await join(...Array.from({ length: 500 }, (_, index) => user(`u${index}`)));
      const refused = await matching(Array.from({ length: 51 }, () => terms(200))).catch((error) => error);
      expect(refused).toBeInstanceOf(ScimError);
      expect(refused).toMatchObject({
        status: 413,
        detail: expect.stringContaining(`at most ${MOST_TESTS} comparisons`),
      });
      const named = Array.from({ length: 1000 }, (_, index) => `nobody${index}`);
      await expect(
        matching(
          Array.from({ length: 50 }, () => terms(200)),
          named,
        ),
      ).rejects.toMatchObject({ status: 413 });
      expect(await matching([terms(200)], named)).toEqual([[]]);
    });

    test('a name that is long is worth many', async () => {
      const long = `${'a'.repeat(60_000)}`;
      await join(...Array.from({ length: 40 }, (_, index) => user(`u${index}`, { displayName: `${long}${index}` })));
      expect((await matching(['display co "aaab"']))[0]).toEqual([]);
      // One search of each name, but each takes as many steps as both texts have characters, multiplied.
      const needle = `${'a'.repeat(2000)}b${'a'.repeat(2000)}`;
      await expect(matching([`display co "${needle}"`])).rejects.toMatchObject({ status: 413 });
      await expect(
        matching(Array.from({ length: 100 }, () => `display co "${'a'.repeat(250)}b"`)),
      ).rejects.toMatchObject({
        status: 413,
      });
    });
  });
});
