import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { USER } from '../../../src/scim/index.ts';
import { DIRECTORY, of, openTemporary, set, type Temporary, user } from './fixture.ts';

let temporary: Temporary;
beforeEach(async () => {
  temporary = await openTemporary();
});
afterEach(() => temporary.end());

/** Of SQLite alone: PostgreSQL's writes have a transaction each. */
describe('a shared commit', () => {
  test('a write sees what its neighbours before it have written', async () => {
    const { store } = temporary;
    const one = user('first');
    const first = store.write(DIRECTORY, (transaction) => transaction.commit(set(one.change)));
    const second = store.write(DIRECTORY, (transaction) => transaction.byName('User', 'first'));
    await first;
    expect((await second)?.id).toBe(one.id);
  });

  test('a write that awaits anything else is undone, and what it does later is refused', async () => {
    const { store, events } = temporary;
    const [before, strayed, after] = [user('before'), user('strayed'), user('after')];
    let late: Promise<unknown> = Promise.resolve();
    const outcomes = await Promise.allSettled([
      store.write(DIRECTORY, (transaction) => transaction.commit(set(before.change))),
      store.write(DIRECTORY, async (transaction) => {
        await transaction.commit(set(strayed.change));
        late = sleep(20).then(() => transaction.commit(set(user('late').change)));
        await late;
      }),
      store.write(DIRECTORY, (transaction) => transaction.commit(set(after.change))),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await expect(late).rejects.toThrow('after its end');
    expect((await page()).records.map(({ id }) => id)).toEqual([before.id, after.id]);
    expect(events).toContainEqual({ kind: 'write-strayed' });
  });

  async function page() {
    return temporary.store.reader(DIRECTORY).page(of(USER), { startIndex: 1, count: 100 }, { base: '', walker: 'w' });
  }
});
