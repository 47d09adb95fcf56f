import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Transaction } from '../../../src/directory/index.ts';
import { USER } from '../../../src/scim/index.ts';
import { openPool } from '../../../src/store/postgres/pool.ts';
import { OWNER_SCHEMAS } from '../../../src/store/postgres/prepare.ts';
import { createSequencer } from '../../../src/store/postgres/sequencer.ts';
import { AT, DIRECTORY, OTHER, set, updated, user } from '../store/fixture.ts';
import { openWrites, type Writes } from './writes.ts';

let writes: Writes;
beforeEach(async () => {
  writes = await openWrites();
});
afterEach(() => writes.end());

/** Each takes a turn on one of two processes. */
const atOnce = async <T>(count: number, work: (transaction: Transaction, nth: number) => Promise<T>): Promise<T[]> =>
  Promise.all(
    Array.from({ length: count }, (_, nth) =>
      (writes.stores[nth % 2] ?? writes.stores[0]).write(DIRECTORY, (transaction) => work(transaction, nth)),
    ),
  );

describe('what is counted behind the line stays as it was counted', () => {
  test('of sixty-four who want ten seats at once, over two processes, ten get one', async () => {
    const made = await atOnce(64, async (transaction, nth) => {
      await transaction.exclusively('activating');
      const { active } = await transaction.userCounts();
      if (active >= 10) return false;
      await transaction.commit(set(user(`u${nth}`).change));
      return true;
    });
    expect(made.filter(Boolean)).toHaveLength(10);
    expect(await writes.database.rows('SELECT 1 FROM resources')).toHaveLength(10);
  });

  test('also while a sequencer numbers what they have made', async () => {
    const owner = openPool({
      url: writes.database.env.DATABASE_OWNER_URL ?? '',
      ...{ size: 2, schemas: OWNER_SCHEMAS, onLost: () => undefined },
    });
    const log = (): void => undefined;
    const sequencer = createSequencer({ pool: owner, log, onNumbered: log, size: 3, sweepMilliseconds: 5 });
    const made = await atOnce(200, async (transaction, nth) => {
      await transaction.exclusively('activating');
      const { total, active } = await transaction.userCounts();
      if (active >= 50) return false;
      // Every third comes inactive, and takes no seat.
      await transaction.commit(set(user(`u${nth}`, { active: total % 3 > 0 }).change));
      return true;
    });
    await sequencer.close();
    await owner.close();
    const [active] = await writes.database.rows('SELECT count(*) AS n FROM resources WHERE active');
    expect(active?.n).toBe(50);
    expect(made.filter(Boolean).length).toBe(75);
  });

  test('of three hundred deprovisionings at once ten are recorded, and they know how many there were', async () => {
    const seen = await atOnce(300, async (transaction, nth) => {
      await transaction.exclusively('deprovisioning');
      const { count } = await transaction.deprovisionings({ what: 'users', since: AT });
      if (count >= 10) return undefined;
      await transaction.recordDeprovisioning({
        what: 'users',
        subject: `u${nth}`,
        at: AT,
        count: 1,
        baseline: 90 - count,
      });
      return count;
    });
    expect(seen.filter((count) => count !== undefined).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await writes.stores[1].write(DIRECTORY, async (transaction) => {
      expect(await transaction.deprovisionings({ what: 'users', since: AT })).toEqual({
        count: 10,
        baseline: 90,
      });
    });
  });
});

test('who takes another line, or another directory, waits for nobody', async () => {
  await writes.stores[0].write(DIRECTORY, async (transaction) => {
    await transaction.exclusively('activating');
    await transaction.userCounts();
    await writes.stores[1].write(DIRECTORY, async (beside) => {
      await beside.exclusively('deprovisioning');
      expect(await beside.userCounts()).toEqual({ total: 0, active: 0 });
    });
    await writes.stores[1].write(OTHER, async (beside) => {
      await beside.exclusively('activating');
      expect(await beside.userCounts()).toEqual({ total: 0, active: 0 });
    });
  });
});

test('the line, and what is asked behind it, are one way to the database', async () => {
  const one = user('a');
  await writes.put(one, user('b', { active: false }));
  const before = writes.traffic[0].trips;
  await writes.stores[0].write(DIRECTORY, async (transaction) => {
    await transaction.exclusively('deprovisioning');
    const asked = await Promise.all([
      transaction.userCounts(),
      transaction.guardState(),
      transaction.standingHold('User', one.id),
      transaction.deprovisionings({ what: 'users', since: AT }),
    ]);
    expect(asked).toEqual([
      { total: 2, active: 1 },
      { since: undefined, snoozedUntil: undefined },
      undefined,
      { count: 0, baseline: undefined },
    ]);
    await transaction.recordDeprovisioning({ what: 'users', subject: one.id, at: AT, count: 1, baseline: 1 });
    await transaction.commit(set(updated(USER, one.record, { active: false })));
  });
  // BEGIN goes with the first; what was recorded and changed; COMMIT.
  expect(writes.traffic[0].trips - before).toBeLessThanOrEqual(3);
});
