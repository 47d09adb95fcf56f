import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { DATABASES, openDatabase, type TestDatabase } from '../harness/index.ts';
import { edited, group, type Made, put, set, user } from '../unit/store/fixture.ts';
import { type Customer, expectRefusal, isAlive, openWorld, type World } from './world.ts';

const LONG = 10_000;

describe.each(DATABASES)('T-DOS-08 groups in groups, on %s', (name) => {
  let database: TestDatabase;
  let world: World;
  let acme: Customer;
  const chain: readonly Made[] = Array.from({ length: LONG }, (_, nth) => group(`link ${nth}`));
  const person = user('at the end');
  const link = (nth: number): string => chain[nth]?.id ?? '';

  /** Each group is a member of the one before it, and the person of the last. */
  beforeAll(async () => {
    database = await openDatabase(name);
    world = await openWorld({ database });
    acme = world.acme;
    const { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl } = database.env;
    const store = await openStore({ url, ownerUrl });
    await put(store, acme.directory, person, ...chain);
    const changes = chain.map(({ record }, nth) => edited(record, { added: [chain[nth + 1]?.id ?? person.id] }));
    await store.write(acme.directory, (transaction) => transaction.commit(set(...changes)), { alone: true });
    await store.close();
  }, 240_000);
  afterAll(async () => {
    await world.close();
    await database.remove();
  });

  const valuesOf = (elements: readonly { value: string }[] = []): string[] => elements.map(({ value }) => value);
  const membersOf = async (nth: number): Promise<string[]> =>
    valuesOf((await acme.get(`/Groups/${link(nth)}`)).body.members);
  const add = (to: number, value: string) =>
    acme.patch(`/Groups/${link(to)}`, [{ op: 'add', path: 'members', value: [{ value }] }]);

  test('a chain of 10,000: each tells its own members, and a user the groups that it is in itself', async () => {
    expect(await membersOf(0)).toEqual([link(1)]);
    expect(await membersOf(LONG - 1)).toEqual([person.id]);
    expect(valuesOf((await acme.get(`/Users/${person.id}`)).body.groups)).toEqual([link(LONG - 1)]);
    const found = await acme.get(`/Groups?filter=${encodeURIComponent(`members.value eq "${link(500)}"`)}`);
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id: link(499) }] });
    const people = await acme.get(`/Users?filter=${encodeURIComponent(`groups.value eq "${link(0)}"`)}`);
    expect(people.body.totalResults).toBe(0);
    expect((await acme.get('/Groups?count=200')).body).toMatchObject({ totalResults: LONG, itemsPerPage: 200 });
  });

  test('a group is no member of itself: 400 that says so; of another that is in it, it may be', async () => {
    expectRefusal(await add(0, link(0)), { status: 400, scimType: 'invalidValue', says: /^members/ });
    expect((await add(1, link(0))).status).toBe(204);
    expect([await membersOf(0), (await membersOf(1)).sort()]).toEqual([[link(1)], [link(0), link(2)].sort()]);
  });

  test('the chain closed to a circle: it is read, changed, and taken apart, and comes to an end each time', async () => {
    expect((await add(LONG - 1, link(0))).status).toBe(204);
    expect((await membersOf(LONG - 1)).sort()).toEqual([link(0), person.id].sort());
    const renamed = await acme.patch(`/Groups/${link(0)}`, [{ op: 'replace', path: 'displayName', value: 'first' }]);
    expect(renamed.status).toBe(204);
    const [shown] = (await acme.get(`/Groups/${link(LONG - 1)}`)).body.members.filter(
      ({ value }: { value: string }) => value === link(0),
    );
    expect(shown).toMatchObject({ type: 'Group', $ref: expect.stringContaining(`/Groups/${link(0)}`) });
    const off = await acme.patch(`/Users/${person.id}`, [{ op: 'replace', path: 'active', value: false }]);
    expect(off.status).toBe(200);
    expect((await acme.delete(`/Groups/${link(2)}`)).status).toBe(204);
    expect(await membersOf(1)).toEqual([link(0)]);
    expect((await acme.delete(`/Groups/${link(1)}`)).status).toBe(204);
    expect(await membersOf(0)).toEqual([]);
    expect(await membersOf(3)).toEqual([link(4)]);
    expect((await acme.delete(`/Users/${person.id}`)).status).toBe(204);
    expect(await membersOf(LONG - 1)).toEqual([link(0)]);
    await isAlive(acme);
  });
});
