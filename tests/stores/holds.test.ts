import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Hold, HoldDecision, NewHold, Transaction } from '../../src/directory/index.ts';
import { DECIDED_A_LOOK, DECIDED_DAYS, MOST_DECIDED } from '../../src/store/hold-row.ts';
import { DATABASES } from '../harness/index.ts';
import { AT, DIRECTORY, LATER, newId, OTHER } from '../unit/store/fixture.ts';
import { openTemporary, type Temporary } from './temporary.ts';

describe.each(DATABASES)('on %s', (database) => {
  let temporary: Temporary;
  beforeEach(async () => {
    temporary = await openTemporary(database);
  });
  afterEach(() => temporary.end());

  const OKTA = { kind: 'credential', id: 'c1', name: 'Okta production' } as const;
  const ANNA = { kind: 'operator', id: 'anna', name: 'Anna' } as const;
  const newHold = (given: Partial<NewHold> = {}): NewHold => ({
    id: newId(),
    type: 'User',
    subject: 'u1',
    label: 'babs@example.com',
    work: { kind: 'deactivate' },
    why: 'More than 10 users were deprovisioned within an hour.',
    by: OKTA,
    requestId: 'r1',
    at: AT,
    ...given,
  });
  const inside = <T>(work: (transaction: Transaction) => Promise<T>, directory = DIRECTORY): Promise<T> =>
    temporary.store.write(directory, work);
  const record = (hold: NewHold, directory = DIRECTORY) =>
    inside((transaction) => transaction.recordHold(hold), directory);
  const standing = (subject = 'u1', { type = 'User', directory = DIRECTORY } = {}) =>
    inside((transaction) => transaction.standingHold(type, subject), directory);
  const decide = (ids: readonly string[], given: Partial<HoldDecision> = {}, directory = DIRECTORY) =>
    inside(
      (transaction) => transaction.decideHolds(ids, { state: 'approved', by: ANNA, at: LATER, ...given }),
      directory,
    );
  const ALL = ['open', 'rejected', 'approved', 'withdrawn'] as const;
  const listed = (
    states: readonly Hold['state'][] = ALL,
    { after = undefined as string | undefined, limit = 100 } = {},
  ) => temporary.store.holds(DIRECTORY, { states, after, limit });

  test('is found by its subject while it stands, by its id always, and in its directory only', async () => {
    const hold = newHold();
    await record(hold);
    const { at, ...held } = hold;
    const stored = { ...held, first: at, last: at, times: 1, state: 'open' };
    expect(await standing()).toEqual(stored);
    expect(await listed()).toEqual([stored]);
    expect(await temporary.store.holdById(hold.id)).toEqual({ hold: stored, directory: DIRECTORY });
    expect(await temporary.store.holdById(newId())).toBeUndefined();
    expect(await standing('u2')).toBeUndefined();
    expect(await standing('u1', { type: 'Group' })).toBeUndefined();
    expect(await standing('u1', { directory: OTHER })).toBeUndefined();
  });

  test('asked for again it is the same one, once more, with what was asked last', async () => {
    const first = newHold();
    await record(first);
    const again = { why: 'Still.', by: { ...OKTA, id: 'c2' }, requestId: 'r2', label: 'Babs' };
    await record(newHold({ ...again, work: { kind: 'remove' }, at: LATER }));
    const bumped = {
      ...again,
      id: first.id,
      work: { kind: 'remove' },
      first: AT,
      last: LATER,
      times: 2,
      state: 'open',
    };
    expect(await listed()).toEqual([{ type: 'User', subject: 'u1', ...bumped }]);
  });

  test('many at the same time of one subject are one', async () => {
    await Promise.all(Array.from({ length: 12 }, () => record(newHold())));
    expect((await listed()).map(({ times }) => times)).toEqual([12]);
  });

  test('rejected, it stands, and stays rejected however often it is asked for', async () => {
    const hold = newHold();
    await record(hold);
    await decide([hold.id], { state: 'rejected' });
    await record(newHold({ at: LATER }));
    expect(await standing()).toMatchObject({
      id: hold.id,
      state: 'rejected',
      times: 2,
      decided: { by: ANNA, at: LATER },
    });
    await decide([hold.id], { state: 'withdrawn', by: OKTA });
    expect(await standing()).toBeUndefined();
  });

  test.each(['approved', 'withdrawn'] as const)('%s, it stands no more; the next one is another', async (state) => {
    const [first, second] = [newHold(), newHold({ at: LATER })];
    await record(first);
    await decide([first.id], { state });
    expect(await standing()).toBeUndefined();
    await record(second);
    expect(await standing()).toMatchObject({ id: second.id, times: 1, state: 'open' });
    expect((await listed()).map(({ id }) => id)).toEqual([first.id, second.id]);
    // What is decided is not decided again.
    await decide([first.id], { state: 'rejected', at: AT });
    expect((await temporary.store.holdById(first.id))?.hold).toMatchObject({ state, decided: { by: ANNA, at: LATER } });
  });

  test('those that are named are decided, and of this directory alone', async () => {
    const mine = ['a', 'b', 'c'].map((subject) => newHold({ subject }));
    const theirs = newHold();
    for (const hold of mine) await record(hold);
    await record(theirs, OTHER);
    await decide([mine[0]?.id ?? '', mine[2]?.id ?? '', theirs.id, 'nothing']);
    expect((await listed(['open'])).map(({ subject }) => subject)).toEqual(['b']);
    expect((await temporary.store.holdById(theirs.id))?.hold.state).toBe('open');
    await decide([]);
    expect(await listed(['open'])).toHaveLength(1);
  });

  test('they are listed in order, by state, a page after another', async () => {
    const holds = Array.from({ length: 7 }, (_, index) => newHold({ subject: `u${index}` }));
    for (const hold of holds) await record(hold);
    await decide([holds[1]?.id ?? '', holds[4]?.id ?? ''], { state: 'rejected' });
    await decide([holds[2]?.id ?? '']);
    const subjects = (found: readonly Hold[]) => found.map(({ subject }) => subject).join(' ');
    expect(subjects(await listed())).toBe('u0 u1 u2 u3 u4 u5 u6');
    expect(subjects(await listed(['open', 'rejected'], { limit: 3 }))).toBe('u0 u1 u3');
    expect(subjects(await listed(['open', 'rejected'], { after: holds[3]?.id, limit: 3 }))).toBe('u4 u5 u6');
    expect(subjects(await listed(['rejected', 'rejected']))).toBe('u1 u4');
    expect(subjects(await listed([]))).toBe('');
    expect(await temporary.store.holds(OTHER, { states: ALL, after: undefined, limit: 10 })).toEqual([]);
  });

  test('a hold keeps the memberships that it is about, however many', async () => {
    const ids = Array.from({ length: 20_000 }, () => newId());
    await record(newHold({ type: 'Group', subject: 'g1', work: { kind: 'removeMembers', ids } }));
    expect((await standing('g1', { type: 'Group' }))?.work).toEqual({ kind: 'removeMembers', ids });
  });

  test('one that was refused to be kept is not there', async () => {
    const undone = inside(async (transaction) => {
      await transaction.recordHold(newHold());
      throw new Error('refused');
    });
    await expect(undone).rejects.toThrow('refused');
    expect(await listed()).toEqual([]);
  });

  describe('T-DOS-06 of what is decided a bounded number is kept', () => {
    const holds = (count: number) => Array.from({ length: count }, (_, index) => newHold({ subject: `s${index}` }));
    async function decideAll(all: readonly NewHold[], at: (index: number) => string): Promise<void> {
      for (let from = 0; from < all.length; from += DECIDED_A_LOOK) {
        const slice = all.slice(from, from + DECIDED_A_LOOK);
        await inside(async (transaction) => {
          for (const hold of slice) await transaction.recordHold(hold);
          const ids = slice.map(({ id }) => id);
          await transaction.decideHolds(ids, { state: 'withdrawn', by: OKTA, at: at(from) });
        });
      }
    }

    test('the newest, and all that stand', async () => {
      const open = newHold({ subject: 'stands' });
      await record(open);
      const all = holds(MOST_DECIDED + 3 * DECIDED_A_LOOK);
      await decideAll(all, (index) => new Date(Date.parse(AT) + index * 1000).toISOString());
      const kept = await temporary.store.holds(DIRECTORY, { states: ALL, after: undefined, limit: 20_000 });
      expect(kept.length).toBeGreaterThan(MOST_DECIDED);
      expect(kept.length).toBeLessThanOrEqual(MOST_DECIDED + DECIDED_A_LOOK + 1);
      expect(kept.map(({ id }) => id)).toContain(open.id);
      expect(kept.map(({ id }) => id)).toContain(all.at(-1)?.id);
      expect(kept.map(({ id }) => id)).not.toContain(all[0]?.id);
    });

    test('for more than a year', async () => {
      const [old, young] = [holds(1), holds(2 * DECIDED_A_LOOK)];
      await decideAll(old, () => AT);
      await decideAll(young, () => new Date(Date.parse(AT) + (DECIDED_DAYS + 1) * 86_400_000).toISOString());
      const kept = (await listed(ALL, { limit: 1000 })).map(({ id }) => id);
      expect(kept).not.toContain(old[0]?.id);
      expect(kept).toHaveLength(young.length);
    });
  });
});
