import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listEntries } from '../../src/directory/index.ts';
import type { JsonObject } from '../../src/scim/index.ts';
import { DATABASES } from '../harness/index.ts';
import { user } from '../unit/store/fixture.ts';
import { openTemporary, type Temporary } from './temporary.ts';
import { ENTRA, type Place, placeIn } from './undoing.ts';

describe.each(DATABASES)('undo on %s', (database) => {
  let temporary: Temporary;
  beforeAll(async () => {
    temporary = await openTemporary(database);
  });
  afterAll(() => temporary.end());

  const babs = { userName: 'bjensen', externalId: '00u1', title: 'Guide', active: true, roles: [{ value: 'admin' }] };
  const version = async (place: Place, type: string, id: string): Promise<number | undefined> =>
    (await temporary.store.reader(place.directory).record(type, id))?.version;
  const body = async (place: Place, type: string, id: string): Promise<JsonObject> =>
    JSON.parse((await temporary.store.reader(place.directory).record(type, id))?.text ?? '{}');

  test('brings back who was removed, under the old id with a higher version, with memberships and roles', async () => {
    const place = placeIn(temporary);
    const id = await place.create('User', babs);
    const other = await place.create('User', { userName: 'other' });
    await place.create('Group', { displayName: 'Tour' }, [id, other]);
    await place.create('Group', { displayName: 'Team' }, [id]);
    const before = await place.state();
    const from = after(place.now());
    await place.replace('User', id, { ...babs, title: 'Leaving' });
    await place.remove('User', id);
    const { report } = await place.undoAsForetold({ from });
    expect(await place.state()).toEqual(before);
    expect(report.counts).toMatchObject({ restored: 1, putBack: 2, conflicts: 0, refused: 0 });
    const record = await temporary.store.reader(place.directory).record('User', id);
    expect(record).toMatchObject({ version: 3, created: '2026-11-22T08:00:01.000Z' });
  });

  test('T-DEP-06 undo restores who is inactive and who is gone, but not over what was changed since, which is shown', async () => {
    const place = placeIn(temporary);
    const names = ['a', 'b', 'c', 'd'];
    const ids = new Map<string, string>();
    for (const name of names) ids.set(name, await place.create('User', { userName: name, title: 'x', active: true }));
    const id = (name: string): string => ids.get(name) ?? '';
    const tour = await place.create('Group', { displayName: 'Tour' }, [...ids.values()]);
    const from = after(place.now());
    await place.replace('User', id('a'), { userName: 'a', title: 'gone', active: false });
    await place.replace('User', id('b'), { userName: 'b', title: 'gone', active: false });
    await place.remove('User', id('c'));
    await place.remove('User', id('d'));
    const to = place.now();

    place.by(ENTRA);
    await place.replace('User', id('b'), { userName: 'b', title: 'somebody else wrote this', active: false });
    // A newcomer has the name of one who was removed.
    await place.create('User', { userName: 'd', active: true });
    const { report } = await place.undoAsForetold({ by: 'okta', from, to });

    expect(await body(place, 'User', id('a'))).toMatchObject({ title: 'x', active: true });
    expect(await body(place, 'User', id('b'))).toMatchObject({ title: 'somebody else wrote this', active: true });
    expect(await body(place, 'User', id('c'))).toMatchObject({ userName: 'c' });
    expect(await body(place, 'User', id('d'))).toEqual({});
    const members = await temporary.store.reader(place.directory).members(tour, undefined, 10);
    expect(members.map(({ display }) => display).sort()).toEqual(['a', 'b', 'c']);
    expect(report.counts).toMatchObject({
      restored: 1,
      updated: 2,
      activated: 2,
      putBack: 1,
      conflicts: 2,
      refused: 1,
    });
    expect(report.left.map(({ kind, label, detail }) => [kind, label, detail])).toEqual([
      ['conflict', 'b', 'title was changed again: "gone" then, "somebody else wrote this" now'],
      ['refused', 'd', expect.stringMatching(/^userName "d" belongs to another user \(.*\) now$/)],
      ['conflict', 'Tour', `1 of its former members are not in the directory: ${id('d')}`],
    ]);
  });

  test('takes out who was created, with the memberships, unless somebody has altered them since', async () => {
    const place = placeIn(temporary);
    const tour = await place.create('Group', { displayName: 'Tour' });
    const before = await place.state();
    const from = after(place.now());
    const id = await place.create('User', babs);
    const team = await place.create('Group', { displayName: 'Team' }, [id]);
    await place.replace('Group', tour, { displayName: 'Tour' }, [id, team]);
    const done = await place.undoAsForetold({ from });
    expect(await place.state()).toEqual(before);
    expect(done.report.counts).toMatchObject({ removed: 2, restored: 0 });

    await place.undo({ requestId: done.requestId });
    await place.by(ENTRA);
    await place.replace('User', id, { ...babs, title: 'Director' });
    const { report } = await place.undoAsForetold({ by: 'okta', from });
    expect(await body(place, 'User', id)).toMatchObject({ title: 'Director' });
    expect(report.left).toMatchObject([{ kind: 'conflict', label: 'bjensen', type: 'User' }]);
    expect(report.counts).toMatchObject({ removed: 1, conflicts: 1 });
  });

  test('a group that was made, of which somebody has exchanged a member since, is left', async () => {
    const place = placeIn(temporary);
    const [a, b, c] = [
      await place.create('User', { userName: 'a' }),
      await place.create('User', { userName: 'b' }),
      await place.create('User', { userName: 'c' }),
    ];
    const from = after(place.now());
    const team = await place.create('Group', { displayName: 'Team' }, [a, b]);
    place.by(ENTRA);
    await place.replace('Group', team, { displayName: 'Team' }, [a, c]);
    const { report } = await place.undoAsForetold({ by: 'okta', from });
    expect(report.counts).toMatchObject({ removed: 0, conflicts: 1 });
    expect(report.left).toMatchObject([{ kind: 'conflict', label: 'Team', detail: 'has other members by now' }]);
    const members = await temporary.store.reader(place.directory).members(team, undefined, 10);
    expect(members.map(({ value }) => value).sort()).toEqual([a, c].sort());
  });

  test('takes back what its dry run had found, and nothing that came after that', async () => {
    const place = placeIn(temporary);
    const id = await place.create('User', { userName: 'a' });
    const from = after(place.now());
    await place.replace('User', id, { userName: 'a', title: 'x' });
    const { upTo, report } = await place.undo({ from }, { dryRun: true });
    await place.create('User', { userName: 'newcomer' });
    const done = await place.undo({ from, upTo });
    expect(done.report).toEqual(report);
    expect(done.report.counts).toMatchObject({ updated: 1, removed: 0 });
    expect(await temporary.store.userCounts(place.directory)).toMatchObject({ total: 2 });
  });

  test('who was removed twice, and brought back in between, is back with all that was there before the first', async () => {
    const place = placeIn(temporary);
    const id = await place.create('User', babs);
    await place.create('Group', { displayName: 'Tour' }, [id]);
    const there = await place.state();
    const from = after(place.now());
    await place.remove('User', id);
    await place.undo({ from });
    await place.replace('User', id, { ...babs, title: 'Director' });
    await place.remove('User', id);
    await place.undoAsForetold({ from });
    expect(await place.state()).toEqual(there);
    expect(await version(place, 'User', id)).toBe(4);
  });

  test('who joined a group and was removed with all else is back without it', async () => {
    const place = placeIn(temporary);
    const id = await place.create('User', babs);
    const tour = await place.create('Group', { displayName: 'Tour' });
    const before = await place.state();
    const from = after(place.now());
    await place.replace('Group', tour, { displayName: 'Tour' }, [id]);
    await place.remove('User', id);
    await place.undoAsForetold({ from });
    expect(await place.state()).toEqual(before);
  });

  test('one change set; one subject since a time, with its memberships and nobody else’s', async () => {
    const place = placeIn(temporary);
    const [a, b] = [await place.create('User', { userName: 'a' }), await place.create('User', { userName: 'b' })];
    const tour = await place.create('Group', { displayName: 'Tour' }, [a, b]);
    const before = await place.state();
    const from = after(place.now());
    await place.replace('Group', tour, { displayName: 'Tour' }, []);
    const last = (await temporary.store.history(place.directory).span())?.last ?? 0;
    await place.undoAsForetold({ set: last });
    expect(await place.state()).toEqual(before);

    await place.replace('Group', tour, { displayName: 'Tour' }, []);
    await place.replace('User', a, { userName: 'a', title: 'x' });
    await place.replace('User', b, { userName: 'b', title: 'x' });
    await place.undoAsForetold({ subject: a, from });
    expect(await body(place, 'User', a)).not.toHaveProperty('title');
    expect(await body(place, 'User', b)).toMatchObject({ title: 'x' });
    const members = await temporary.store.reader(place.directory).members(tour, undefined, 10);
    expect(members.map(({ value }) => value)).toEqual([a]);
  });

  test('a removed group comes back with its members, and into the groups that it was in', async () => {
    const place = placeIn(temporary);
    const a = await place.create('User', { userName: 'a' });
    const inner = await place.create('Group', { displayName: 'Inner', externalId: 'g1' }, [a]);
    await place.create('Group', { displayName: 'Outer' }, [inner]);
    const before = await place.state();
    await place.remove('Group', inner);
    await place.undoAsForetold({ subject: inner });
    // All that was ever done to it: it had been created, too, so it is gone again, or never was.
    expect(await version(place, 'Group', inner)).toBeUndefined();
    await place.undo({ set: 6 });
    expect(await place.state()).toEqual(before);
  });

  test('names that were passed on go back from hand to hand', async () => {
    const place = placeIn(temporary);
    const a = await place.create('User', { userName: 'x' });
    const b = await place.create('User', { userName: 'y', externalId: '1' });
    const before = await place.state();
    const from = after(place.now());
    await place.replace('User', a, { userName: 'z' });
    await place.replace('User', b, { userName: 'x' });
    const c = await place.create('User', { userName: 'y', externalId: '1' });
    await place.undoAsForetold({ from });
    expect(await place.state()).toEqual(before);
    expect(await version(place, 'User', c)).toBeUndefined();
  });

  test('obeys seats: who finds none is told, and the others are back', async () => {
    const seats = { limit: 4, reserve: 3, counts: 'active' } as const;
    const free = placeIn(temporary);
    const limited = placeIn(temporary, { seats }, free);
    const ids: string[] = [];
    for (let n = 0; n < 4; n += 1) ids.push(await free.create('User', { userName: `u${n}`, active: true }));
    const from = after(free.now());
    for (const [n, id] of ids.entries()) {
      if (n < 2) await free.replace('User', id, { userName: `u${n}`, active: false });
      else await free.remove('User', id);
    }
    await free.create('User', { userName: 'newcomer', active: true });
    const { report } = await limited.undoAsForetold({ from, to: before(free.now()) });
    expect(report.counts).toMatchObject({ activated: 2, restored: 1, refused: 1 });
    expect(report.left).toMatchObject([{ kind: 'refused', detail: 'all 4 seats are taken' }]);
    expect(await temporary.store.userCounts(free.directory)).toEqual({ total: 4, active: 4 });
  });

  test('what somebody changes while it runs is not lost', async () => {
    const place = placeIn(temporary);
    const ids = await place.createUsers(250);
    const from = after(place.now());
    const put = (id: string, n: number, title: string) =>
      place.replace('User', id, { userName: `u${n}`, title, active: true });
    await Promise.all(ids.map((id, n) => put(id, n, 'gone')));
    const to = place.now();
    place.by(ENTRA);
    const undoing = place.undo({ by: 'okta', from, to });
    const written = await Promise.all(ids.map((id, n) => put(id, n, 'theirs')));
    const { report } = await undoing;
    expect(new Set(written.map(({ kind }) => kind))).toEqual(new Set(['changed']));
    const titles = await Promise.all(ids.map(async (id) => (await body(place, 'User', id)).title));
    expect(new Set(titles)).toEqual(new Set(['theirs']));
    expect(report.counts.updated + report.counts.conflicts).toBe(250);
  });

  test('who owned a user is part of what goes back', async () => {
    const { store } = temporary;
    const place = placeIn(temporary, { conflict: 'link' });
    const { change, id } = user('existing');
    const after0 = { ...change.after, unowned: true } as const;
    const set = { by: ENTRA, requestId: 'import', at: place.now(), changes: [{ ...change, after: after0 }] };
    await store.write(place.directory, (transaction) => transaction.commit(set));
    const before = await place.state();
    const from = after(place.now());
    await place.replace('User', id, { userName: 'existing', title: 'linked', active: true });
    expect((await store.reader(place.directory).record('User', id))?.unowned).toBeUndefined();
    await place.remove('User', id);
    await place.undoAsForetold({ from });
    expect((await store.reader(place.directory).record('User', id))?.unowned).toBe(true);
    expect((await place.undoAsForetold({ from })).report.counts).toMatchObject({ restored: 0, updated: 0 });
    expect(before).toMatchObject({ counts: { total: 1, active: 1 } });
  });

  test('an undo is undone, and that too: history has each of them', async () => {
    const place = placeIn(temporary);
    const id = await place.create('User', babs);
    const tour = await place.create('Group', { displayName: 'Tour' }, [id]);
    const there = await place.state();
    const from = after(place.now());
    await place.remove('User', id);
    const gone = await place.state();
    const first = await place.undoAsForetold({ from });
    expect(await place.state()).toEqual(there);
    const second = await place.undoAsForetold({ requestId: first.requestId });
    expect(await place.state()).toEqual(gone);
    await place.undoAsForetold({ requestId: second.requestId });
    expect(await place.state()).toEqual(there);
    const entries = await listEntries(temporary.store, place.directory, { subject: id, limit: 100 });
    const own = entries.filter(({ subject }) => subject === id);
    expect(own.map(({ kind, by }) => [kind, by.kind])).toEqual([
      ['created', 'operator'],
      ['removed', 'operator'],
      ['created', 'operator'],
      ['removed', 'credential'],
      ['created', 'credential'],
    ]);
    expect(await version(place, 'User', id)).toBe(3);
    expect(await version(place, 'Group', tour)).toBe(5);
  });

  test('what was done once is not done twice; what was cut off goes on', async () => {
    const place = placeIn(temporary);
    const ids = await place.createUsers(250);
    await place.create('Group', { displayName: 'Everybody' }, ids);
    const state = await place.state();
    const from = after(place.now());
    await Promise.all(ids.map((id) => place.remove('User', id)));
    const to = place.now();

    const stop = new AbortController();
    const seen: number[] = [];
    const onProgress = (done: number, total: number): void => {
      seen.push(done, total);
      stop.abort();
    };
    const cut = await place.undo({ by: 'okta', from, to }, { signal: stop.signal, onProgress });
    expect(cut.ended).toBe(false);
    expect(seen).toEqual([100, 251]);
    const { report } = await place.undoAsForetold({ by: 'okta', from, to });
    expect(report.counts).toMatchObject({ restored: 150, asBefore: 100, putBack: 250, conflicts: 0 });
    expect(await place.state()).toEqual(state);
    const again = await place.undoAsForetold({ by: 'okta', from, to });
    expect(again.report.counts).toMatchObject({ restored: 0, putBack: 0, asBefore: 500, conflicts: 0 });
    // Everything since then, the undo too: together it comes to nothing.
    expect((await place.undoAsForetold({ from })).report.counts).toMatchObject({ restored: 0, removed: 0, updated: 0 });
    expect(await place.state()).toEqual(state);
  });

  test('a group of thousands is put back in slices, each once', async () => {
    const place = placeIn(temporary);
    const ids = await place.createUsers(1_200);
    const all = await place.create('Group', { displayName: 'Everybody' }, ids);
    const state = await place.state();
    const from = after(place.now());
    await place.replace('Group', all, { displayName: 'Everybody' }, []);
    const { report } = await place.undoAsForetold({ from });
    expect(report.counts).toMatchObject({ putBack: 1_200, conflicts: 0 });
    expect(await place.state()).toEqual(state);
  }, 60_000);
});

function after(at: string): string {
  return new Date(Date.parse(at) + 1).toISOString();
}

function before(at: string): string {
  return new Date(Date.parse(at) - 1).toISOString();
}
