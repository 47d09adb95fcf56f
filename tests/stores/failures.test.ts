import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Failure, FailurePlace } from '../../src/directory/index.ts';
import { FAILURES_A_LOOK, MOST_FAILURES } from '../../src/store/failure-row.ts';
import { DATABASES } from '../harness/index.ts';
import { AT, DIRECTORY, group, OTHER, put, set, user } from '../unit/store/fixture.ts';
import { openTemporary, type Temporary } from './temporary.ts';

describe.each(DATABASES)('on %s', (database) => {
  let temporary: Temporary;
  beforeEach(async () => {
    temporary = await openTemporary(database);
  });
  afterEach(() => temporary.end());

  const failureAt = (subject: string, at: string, reason = 'name-taken'): Failure => ({
    type: 'User',
    subject,
    label: subject,
    operation: 'create',
    reason,
    detail: 'The userName is taken.',
    requestId: 'r1',
    at,
  });
  const second = (count: number): string => new Date(Date.parse(AT) + count * 1000).toISOString();

  async function record(directory: string, failures: readonly Failure[]): Promise<void> {
    // One row that is altered ten thousand times in one transaction of PostgreSQL is as many rows to look through.
    for (let from = 0; from < failures.length; from += 200) {
      await temporary.store.write(directory, async (transaction) => {
        for (const failure of failures.slice(from, from + 200)) await transaction.recordFailure(failure);
      });
    }
  }

  describe('T-DOS-06 a directory has a bounded number of failures', () => {
    test('of ever new subjects the newest stay; those of another directory are its own', async () => {
      await record(OTHER, [failureAt('theirs', AT)]);
      const count = MOST_FAILURES + 3 * FAILURES_A_LOOK;
      await record(
        DIRECTORY,
        Array.from({ length: count }, (_, index) => failureAt(`s${index}`, second(index))),
      );
      const kept = (await temporary.store.failures(DIRECTORY)).map(({ subject }) => subject);
      expect(kept.length).toBeLessThan(MOST_FAILURES + FAILURES_A_LOOK);
      expect(kept.length).toBeGreaterThanOrEqual(MOST_FAILURES);
      expect(kept).toContain(`s${count - 1}`);
      expect(kept).not.toContain('s0');
      expect(await temporary.store.failures(OTHER)).toHaveLength(1);
    });

    test('one that goes on failing is among the newest', async () => {
      await record(DIRECTORY, [failureAt('again', AT)]);
      const others = Array.from({ length: MOST_FAILURES + FAILURES_A_LOOK }, (_, index) => index);
      await record(
        DIRECTORY,
        others.flatMap((index) => [failureAt(`s${index}`, second(index)), failureAt('again', second(index))]),
      );
      const [again] = (await temporary.store.failures(DIRECTORY)).filter(({ subject }) => subject === 'again');
      expect(again).toMatchObject({ first: AT, times: others.length + 1 });
    });

    test('what is about people who are long gone is cleared; what is not, stays', async () => {
      const month = 31 * 86_400;
      await record(DIRECTORY, [failureAt('gone', AT, 'not-found'), failureAt('refused', AT)]);
      await record(
        DIRECTORY,
        Array.from({ length: FAILURES_A_LOOK }, (_, index) => failureAt(`s${index}`, second(month))),
      );
      const subjects = (await temporary.store.failures(DIRECTORY)).map(({ subject }) => subject);
      expect(subjects).toContain('refused');
      expect(subjects).not.toContain('gone');
    });
  });

  describe('pages of failures', () => {
    test('have each row once, though others come and go between them, and names are long', async () => {
      const subjects = Array.from({ length: 250 }, (_, index) => `${index % 3 === 0 ? 'é'.repeat(600) : 's'}${index}`);
      await record(
        DIRECTORY,
        subjects.flatMap((subject, index) => [
          failureAt(subject, second(index)),
          { ...failureAt(subject, second(index)), type: 'Group', count: 3 },
        ]),
      );
      await record(OTHER, [failureAt('theirs', AT)]);
      const seen: string[] = [];
      for (let after: FailurePlace | undefined, page = 0; ; page += 1) {
        const rows = await temporary.store.failurePage(DIRECTORY, { after, limit: 40 });
        seen.push(...rows.map(({ type, subject }) => `${type} ${subject}`));
        after = rows.at(-1);
        // One that fails again, one that has not failed before, and one that is over.
        await record(DIRECTORY, [failureAt('s1', second(9_000 + page)), failureAt(`~${page}`, second(page))]);
        await temporary.store.write(DIRECTORY, (transaction) =>
          transaction.clearFailures('Group', () => [seen.at(-1)?.replace('Group ', '') ?? '']),
        );
        if (rows.length < 40) break;
      }
      expect(new Set(seen).size).toBe(seen.length);
      for (const subject of subjects)
        expect(seen).toEqual(expect.arrayContaining([`User ${subject}`, `Group ${subject}`]));
      expect(seen).not.toContain('User theirs');
    });

    test('a failure may stand for several calls', async () => {
      await record(DIRECTORY, [
        { ...failureAt('many', AT), count: 40 },
        { ...failureAt('many', second(1)), count: 2 },
      ]);
      const page = await temporary.store.failurePage(DIRECTORY, { after: undefined, limit: 5 });
      expect(page).toMatchObject([{ subject: 'many', times: 42, first: AT, last: second(1) }]);
    });
  });

  describe('the name of what was removed', () => {
    test('is known to its directory and type, while history has it; of what is there, or never was, none is', async () => {
      const { store } = temporary;
      const [babs, sales, stays] = [user('BJensen', { displayName: 'Barbara' }), group('Sales'), user('stays')];
      await put(store, DIRECTORY, babs, sales, stays);
      for (const { record: before } of [babs, sales]) {
        await store.write(DIRECTORY, (transaction) =>
          transaction.commit(set({ kind: 'removed', before, memberOf: [] })),
        );
      }
      const nameOf = (directory: string, type: string, id: string) =>
        store.write(directory, (transaction) => transaction.removedName(type, id));
      expect(await nameOf(DIRECTORY, 'User', babs.id)).toBe('BJensen');
      expect(await nameOf(DIRECTORY, 'Group', sales.id)).toBe('Sales');
      expect(await nameOf(DIRECTORY, 'Group', babs.id)).toBeUndefined();
      expect(await nameOf(OTHER, 'User', babs.id)).toBeUndefined();
      expect(await nameOf(DIRECTORY, 'User', stays.id)).toBeUndefined();
      expect(await nameOf(DIRECTORY, 'User', 'nobody')).toBeUndefined();
    });
  });
});
