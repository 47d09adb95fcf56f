import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  attributesOf,
  type Filter,
  GROUP_SHARING_NAMES,
  matches,
  type ResourceType,
  type Target,
  USER,
} from '../../src/scim/index.ts';
import { DATABASES } from '../harness/index.ts';
import { TEXTS } from '../unit/store/filters.ts';
import { CONTEXT, make, newId, of, set } from '../unit/store/fixture.ts';
import { openTemporary, type Temporary } from './temporary.ts';

describe.each(DATABASES)('on %s', (database) => {
  let temporary: Temporary;
  beforeAll(async () => {
    temporary = await openTemporary(database);
  });
  afterAll(() => temporary.end());

  /** That SQL finds what memory does is in `tests/fuzz`; here is what it must not be talked into. */
  async function found(directory: string, type: ResourceType, filter: Filter<Target>): Promise<string[]> {
    const { reader } = temporary.store;
    const query = { startIndex: 1, count: 100 };
    const { total, records } = await reader(directory).page(of(type, { filter }), query, CONTEXT);
    expect(total).toBe(records.length);
    return records.map(({ id }) => id);
  }

  test('T-FIL-03 what means something to SQL, JSON paths or LIKE is only ever a value', async () => {
    const directory = newId();
    const hostile = TEXTS.filter((text) => /[^A-Za-z]/.test(text) && text.trim() !== '');
    const all = hostile.map((text, index) => make(USER, { userName: `u${index}`, title: text }));
    await temporary.store.write(directory, (transaction) =>
      transaction.commit(set(...all.map(({ change }) => change))),
    );
    const title = attributesOf(USER).find(({ name }) => name === 'title');
    if (title === undefined) throw new Error('no title');
    for (const value of [...hostile, "x' OR '1'='1", '"; DROP TABLE resources; --', '%%', '__', '$."userName"']) {
      for (const operator of ['eq', 'co', 'sw', 'ew'] as const) {
        const key = value.toLowerCase();
        const filter: Filter<Target> = { kind: 'compare', path: { attribute: title }, operator, value, key };
        const expected = all.filter(({ change }) => matches(filter, change.after.resource)).map(({ id }) => id);
        expect(await found(directory, USER, filter)).toEqual(expected);
      }
    }
    expect((await temporary.store.reader(directory).page(of(USER), { startIndex: 1, count: 1 }, CONTEXT)).total).toBe(
      hostile.length,
    );
  });

  test('of groups that share a displayName, all are found by it', async () => {
    const directory = newId();
    const all = ['Tour', 'TOUR', 'Other', 'tour'].map((displayName) => make(GROUP_SHARING_NAMES, { displayName }));
    await temporary.store.write(directory, (transaction) =>
      transaction.commit(set(...all.map(({ change }) => change))),
    );
    const path = { attribute: attributesOf(GROUP_SHARING_NAMES).find(({ name }) => name === 'displayName') as never };
    const filter: Filter<Target> = { kind: 'compare', path, operator: 'eq', value: 'Tour', key: 'tour' };
    expect(await found(directory, GROUP_SHARING_NAMES, filter)).toEqual(
      all.filter((_, index) => index !== 2).map(({ id }) => id),
    );
  });
});
