import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Deprovisioning, DeprovisioningsAsked, StoredRecord, Transaction } from '../../src/directory/index.ts';
import { declaredTypes, type ResourceType, TOLERANT, USER } from '../../src/scim/index.ts';
import { DATABASES } from '../harness/index.ts';
import { AT, DIRECTORY, edited, group, make, OTHER, put, set, updated, user } from '../unit/store/fixture.ts';
import { openTemporary, type Temporary } from './temporary.ts';

describe.each(DATABASES)('on %s', (database) => {
  let temporary: Temporary;
  beforeEach(async () => {
    temporary = await openTemporary(database);
  });
  afterEach(() => temporary.end());

  const inside = <T>(work: (transaction: Transaction) => Promise<T>, directory = DIRECTORY): Promise<T> =>
    temporary.store.write(directory, work);
  const later = (milliseconds: number): string => new Date(Date.parse(AT) + milliseconds).toISOString();

  describe('the users of a directory are counted as they come, go, and are switched on and off', () => {
    const counts = async (directory = DIRECTORY) => {
      const within = await inside((transaction) => transaction.userCounts(), directory);
      expect(await temporary.store.userCounts(directory)).toEqual(within);
      return within;
    };

    test('none, active ones, inactive ones; groups are no users, and another directory counts its own', async () => {
      expect(await counts()).toEqual({ total: 0, active: 0 });
      const [on, off] = [user('on'), user('off', { active: false })];
      await put(temporary.store, DIRECTORY, on, off, group('Sales'));
      expect(await counts()).toEqual({ total: 2, active: 1 });
      await inside((transaction) => transaction.commit(set(updated(USER, on.record, { active: false }))));
      expect(await counts()).toEqual({ total: 2, active: 0 });
      await inside((transaction) => transaction.commit(set(updated(USER, off.record, { active: true }))));
      await inside((transaction) =>
        transaction.commit(set({ kind: 'removed', before: { ...on.record, active: false }, memberOf: [] })),
      );
      expect(await counts()).toEqual({ total: 1, active: 1 });
      expect(await counts(OTHER)).toEqual({ total: 0, active: 0 });
    });

    test('within the transaction that alters them; and what is undone was never counted', async () => {
      const seen = await inside(async (transaction) => {
        await transaction.commit(set(user('a').change, user('b', { active: false }).change));
        return transaction.userCounts();
      });
      expect(seen).toEqual({ total: 2, active: 1 });
      const undone = inside(async (transaction) => {
        await transaction.commit(set(user('c').change));
        throw new Error('refused');
      });
      await expect(undone).rejects.toThrow('refused');
      expect(await counts()).toEqual({ total: 2, active: 1 });
    });

    test('whatever happens, in whatever order, they are what a look at every user would count', async () => {
      const step = fc.record({ who: fc.nat(5), what: fc.constantFrom('create', 'on', 'off', 'retitle', 'remove') });
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 8 }), async (calls) => {
          const directory = `d${Math.random()}`;
          const there = new Map<number, StoredRecord>();
          for (const call of calls) {
            await inside(async (transaction) => {
              for (const { who, what } of call) await play(transaction, there, { who, what });
            }, directory);
            const active = [...there.values()].filter((record) => record.active).length;
            expect(await counts(directory)).toEqual({ total: there.size, active });
          }
        }),
        { numRuns: database === 'sqlite' ? 40 : 15 },
      );
    });

    async function play(
      transaction: Transaction,
      there: Map<number, StoredRecord>,
      { who, what }: { who: number; what: string },
    ): Promise<void> {
      const record = there.get(who);
      if (record === undefined) {
        const made = user(`u${who}`, what === 'off' ? { active: false } : {});
        await transaction.commit(set(made.change));
        there.set(who, made.record);
        return;
      }
      if (what === 'remove') {
        await transaction.commit(set({ kind: 'removed', before: record, memberOf: [] }));
        there.delete(who);
        return;
      }
      const active = what === 'on' || (what !== 'off' && record.active);
      const change = updated(USER, record, { active, title: what });
      await transaction.commit(set(change));
      const text = JSON.stringify({ ...JSON.parse(record.text), active, title: what });
      there.set(who, { ...record, version: record.version + 1, active, text });
    }

    test('what is counted after `exclusively` stays as it was counted until the end: one seat is given once', async () => {
      const limit = 3;
      const outcomes = await Promise.all(
        Array.from({ length: 24 }, (_, index) =>
          inside(async (transaction) => {
            await transaction.exclusively('activating');
            const { active } = await transaction.userCounts();
            if (active >= limit) return false;
            await transaction.commit(set(user(`u${index}`).change));
            return true;
          }),
        ),
      );
      expect(outcomes.filter((given) => given)).toHaveLength(limit);
      expect(await counts()).toEqual({ total: limit, active: limit });
    });

    test('no directory waits for another one, and no line for the other', async () => {
      const counted = await inside(async (transaction) => {
        await transaction.exclusively('activating');
        await transaction.exclusively('deprovisioning');
        return transaction.userCounts();
      });
      expect(counted).toEqual({ total: 0, active: 0 });
    });
  });

  describe('deprovisionings are counted within a window', () => {
    const record = (given: Partial<Deprovisioning>, directory = DIRECTORY) =>
      inside(
        (transaction) =>
          transaction.recordDeprovisioning({
            what: 'users',
            subject: 'u1',
            at: AT,
            count: 1,
            baseline: 100,
            ...given,
          }),
        directory,
      );
    const counted = (given: Partial<DeprovisioningsAsked>, directory = DIRECTORY) =>
      inside((transaction) => transaction.deprovisionings({ what: 'users', since: AT, ...given }), directory);

    test('from a moment on, with how many were active at the first of them', async () => {
      expect(await counted({})).toEqual({ count: 0, baseline: undefined });
      for (let index = 0; index < 5; index += 1) {
        await record({ subject: `u${index}`, at: later(index * 1000), baseline: 100 - index });
      }
      expect(await counted({})).toEqual({ count: 5, baseline: 100 });
      expect(await counted({ since: later(1) })).toEqual({ count: 4, baseline: 99 });
      expect(await counted({ since: later(4000) })).toEqual({ count: 1, baseline: 96 });
      expect(await counted({ since: later(4001) })).toEqual({ count: 0, baseline: undefined });
    });

    test('one that says that it is several counts as several; memberships and other directories are apart', async () => {
      await record({ what: 'memberships', subject: 'g', count: 40 });
      await record({ what: 'memberships', subject: 'g', count: 2, at: later(10) });
      await record({});
      await record({}, OTHER);
      expect(await counted({ what: 'memberships' })).toMatchObject({ count: 42 });
      expect(await counted({ what: 'memberships', since: later(1) })).toMatchObject({ count: 2 });
      expect(await counted({})).toMatchObject({ count: 1 });
      expect(await counted({}, OTHER)).toMatchObject({ count: 1 });
    });

    test('none is lost when the clock is set back between two of them', async () => {
      await record({ at: later(5000) });
      await record({ at: later(6000) });
      await record({ at: later(1000) });
      expect(await counted({ since: AT })).toMatchObject({ count: 3 });
      await record({ at: later(7000) });
      expect(await counted({ since: AT })).toMatchObject({ count: 4 });
    });

    test('what is older than a day is forgotten, a little at a time', async () => {
      await inside(async (transaction) => {
        for (let index = 0; index < 40; index += 1) {
          await transaction.recordDeprovisioning({
            what: 'users',
            subject: `u${index}`,
            at: AT,
            count: 1,
            baseline: 1,
          });
        }
      });
      const kept = async () =>
        Number((await temporary.database.rows('SELECT count(*) AS kept FROM deprovisionings'))[0]?.kept);
      const day = 86_400_000;
      for (let index = 1; index <= 10; index += 1) await record({ at: later(day + index * 1000), baseline: 7 });
      expect(await kept()).toBe(10);
      expect(await counted({ since: later(day) })).toEqual({ count: 10, baseline: 7 });
    });

    test('what was undone is not counted', async () => {
      const undone = inside(async (transaction) => {
        await transaction.recordDeprovisioning({ what: 'users', subject: 'u', at: AT, count: 1, baseline: 1 });
        throw new Error('refused');
      });
      await expect(undone).rejects.toThrow('refused');
      expect(await counted({})).toMatchObject({ count: 0 });
    });
  });

  describe('whether another active user has a role', () => {
    const PERSON = declaredTypes(TOLERANT, { extensions: [], entitlements: [], indexed: ['roles'] })[0] as ResourceType;
    const person = (userName: string, attributes: object = {}) => make(PERSON, { userName, ...attributes });
    const admin = (userName: string, attributes: object = {}) =>
      person(userName, { roles: [{ value: 'Admin' }], ...attributes });
    const another = (except: string, groups: readonly string[] = []) =>
      inside((transaction) => transaction.anotherHasRole({ role: 'Admin', groups, except }));

    test('by an element of roles, in whatever case, as long as it is there and the user active', async () => {
      const [one, two] = [admin('one'), admin('two', { roles: [{ value: 'viewer' }, { value: 'ADMIN' }] })];
      await put(temporary.store, DIRECTORY, one, two, person('three', { roles: [{ value: 'viewer' }] }));
      await put(temporary.store, OTHER, admin('theirs'));
      expect(await another(one.id)).toBe(true);
      expect(await another(two.id)).toBe(true);
      await inside((transaction) => transaction.commit(set(updated(PERSON, two.record, { active: false }))));
      expect(await another(one.id)).toBe(false);
      expect(await another('nobody')).toBe(true);
    });

    test('not any more once it was taken away, or the user removed; again once it is given', async () => {
      const [one, two] = [admin('one'), admin('two')];
      await put(temporary.store, DIRECTORY, one, two);
      await inside((transaction) => transaction.commit(set(updated(PERSON, two.record, { roles: [] }))));
      expect(await another(one.id)).toBe(false);
      const bare = { ...two.record, version: 2, text: JSON.stringify({ ...JSON.parse(two.record.text), roles: [] }) };
      const given = updated(PERSON, bare, { roles: [{ value: 'admin' }] });
      await inside((transaction) => transaction.commit(set(given)));
      expect(await another(one.id)).toBe(true);
      await inside((transaction) =>
        transaction.commit(set({ kind: 'removed', before: { ...two.record, version: 3 }, memberOf: [] })),
      );
      expect(await another(one.id)).toBe(false);
      const left = await temporary.database.rows('SELECT subject FROM keys WHERE directory = ?', DIRECTORY);
      expect(left.map(({ subject }) => subject)).toEqual([one.id]);
    });

    test('as a member of a group that gives it', async () => {
      const [one, two, admins, sales] = [person('one'), person('two'), group('Admins'), group('Sales')];
      await put(temporary.store, DIRECTORY, one, two, admins, sales);
      const add = (of: StoredRecord, ...added: string[]) =>
        inside((transaction) => transaction.commit(set(edited(of, { added }))));
      await add(admins.record, one.id);
      await add(sales.record, two.id);
      expect(await another(one.id, ['admins'])).toBe(false);
      expect(await another(two.id, ['admins'])).toBe(true);
      expect(await another(two.id, [])).toBe(false);
      expect(await another(one.id, ['admins', 'sales', 'nothing'])).toBe(true);
      await inside((transaction) => transaction.commit(set(updated(PERSON, two.record, { active: false }))));
      expect(await another(one.id, ['admins', 'sales'])).toBe(false);
    });

    test('also where roles was declared indexed only after the users were stored', async () => {
      const { store } = temporary;
      await store.createOrganization({ id: 'o1', slug: 'acme', name: 'Acme', created: AT }, [
        { id: DIRECTORY, organization: 'o1', application: 'app', created: AT },
      ]);
      await put(store, DIRECTORY, user('one', { roles: [{ value: 'Admin' }] }));
      expect(await another('nobody')).toBe(false);
      await store.declare([{ application: 'app', types: [PERSON] }]);
      await expect.poll(() => another('nobody')).toBe(true);
    });
  });
});
