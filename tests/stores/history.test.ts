import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { findSubject, listEntries } from '../../src/directory/index.ts';
import { createRetention } from '../../src/store/history-retention.ts';
import { DATABASES } from '../harness/index.ts';
import { openTemporary, type Temporary } from './temporary.ts';
import { ENTRA, placeIn } from './undoing.ts';

describe.each(DATABASES)('history on %s', (database) => {
  let temporary: Temporary;
  beforeAll(async () => {
    temporary = await openTemporary(database);
  });
  afterAll(() => temporary.end());

  test('is read backwards: who did what, and what it was before, with names', async () => {
    const { store } = temporary;
    const place = placeIn(temporary);
    const id = await place.create('User', { userName: 'bjensen', title: 'Guide' });
    const tour = await place.create('Group', { displayName: 'Tour' }, [id]);
    place.by(ENTRA);
    await place.replace('User', id, { userName: 'bjensen', title: 'Director', nickName: 'Babs' });
    await place.remove('User', id);

    const entries = await listEntries(store, place.directory, { limit: 100 });
    expect(entries.map(({ seq, set, kind, label, by }) => [seq, set, kind, label, by.name])).toEqual([
      [6, 5, 'members', 'Tour', 'Entra'],
      [5, 5, 'removed', 'bjensen', 'Entra'],
      [4, 4, 'updated', id, 'Entra'],
      [3, 2, 'members', 'Tour', 'Okta production'],
      [2, 2, 'created', 'Tour', 'Okta production'],
      [1, 1, 'created', 'bjensen', 'Okta production'],
    ]);
    expect(entries[2]?.attributes).toEqual([
      { name: 'title', before: 'Guide', after: 'Director' },
      { name: 'nickName', before: null, after: 'Babs' },
    ]);
    expect(entries[0]).toMatchObject({ cause: 5, left: [{ id }], joined: [] });
    expect(entries[1]?.attributes).toContainEqual({ name: 'userName', before: 'bjensen', after: null });

    const pages = [await listEntries(store, place.directory, { limit: 4 })];
    pages.push(await listEntries(store, place.directory, { limit: 4, before: pages[0]?.at(-1)?.seq }));
    expect(pages.flat()).toEqual(entries);
    const since = entries[2]?.at;
    expect((await listEntries(store, place.directory, { limit: 9, since })).map(({ seq }) => seq)).toEqual([6, 5, 4]);

    const babs = await listEntries(store, place.directory, { limit: 100, subject: id });
    expect(babs.map(({ seq }) => seq)).toEqual([6, 5, 4, 3, 1]);
    const few = await listEntries(store, place.directory, { limit: 2, subject: id });
    expect(few.map(({ seq }) => seq)).toEqual([6, 5]);
    const group = await listEntries(store, place.directory, { limit: 100, subject: tour });
    expect(group.map(({ seq }) => seq)).toEqual([6, 3, 2]);
  });

  test('finds who was removed by the name that they had, but first who has it now', async () => {
    const { store } = temporary;
    const place = placeIn(temporary);
    const find = (name: string, type: 'User' | 'Group' = 'User') => findSubject(store, place.directory, { type, name });
    expect(await find('bjensen')).toBeUndefined();
    const first = await place.create('User', { userName: 'BJensen' });
    expect(await find('bjensen')).toBe(first);
    expect(await find(first)).toBe(first);
    expect(await find('bjensen', 'Group')).toBeUndefined();
    await place.remove('User', first);
    expect(await find('bjensen')).toBe(first);
    expect(await find(first)).toBe(first);
    const second = await place.create('User', { userName: 'bjensen' });
    expect(await find('bjensen')).toBe(second);
    await place.remove('User', second);
    expect(await find('bjensen')).toBe(second);
  });

  test('is forgotten from its old end when it is too old: what is left has no gaps, and can still be undone', async () => {
    const { store } = temporary;
    const place = placeIn(temporary);
    const { directory } = place;
    await store.createOrganization({ id: directory, slug: `h-${directory}`, name: 'Acme', created: place.now() }, [
      { id: directory, organization: directory, application: 'app', created: place.now() },
    ]);
    await place.createUsers(450);
    const kept = place.now();
    place.wait(1000);
    const id = await place.create('User', { userName: 'late' });
    const state = await place.state();
    await place.remove('User', id);
    await store.history(directory).span();
    // As many days as have passed since everything was made, and a few hours more.
    const before = new Date(Date.parse(kept) + 500);
    store.keepHistory((Date.now() - before.getTime()) / 86_400_000);
    await vi.waitFor(async () => expect((await store.history(directory).span())?.first).toBe(451), { timeout: 20_000 });
    const rows = await temporary.database.rows('SELECT seq FROM changes WHERE directory = ? ORDER BY seq', directory);
    expect(rows).toEqual([{ seq: 451 }, { seq: 452 }]);
    await place.undoAsForetold({ set: 452 });
    expect(await place.state()).toEqual(state);
    expect((await store.changesAfter(directory, 0, 10)).map(({ seq }) => seq)).toEqual([451, 452, 453]);
  });
});

test('a database that cannot forget says so, and is asked again', async () => {
  const told: unknown[] = [];
  let asked = 0;
  const retention = createRetention({
    directories: async () => ['one'],
    forget: async () => {
      asked += 1;
      throw new Error('disk');
    },
    log: (event) => told.push(event.kind),
  });
  retention.begin(400);
  await vi.waitFor(() => expect(told).toEqual(['forgetting-failed']));
  await retention.close();
  expect(asked).toBe(1);
});
