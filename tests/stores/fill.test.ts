import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GROUP, parseFilter, type ResourceType, resolveFilter, USER } from '../../src/scim/index.ts';
import type { Store, StoreEvent } from '../../src/store/index.ts';
import { DATABASES } from '../harness/index.ts';
import { keyName, URN, userWith } from '../unit/store/declared.ts';
import { AT, CONTEXT, DIRECTORY, make, OTHER, of, put, set, updated } from '../unit/store/fixture.ts';
import { openTemporary, type Temporary } from './temporary.ts';

describe.each(DATABASES)('on %s', (database) => {
  /** What is declared indexed is found by an index, whenever it was declared, and whatever happened meanwhile. */
  const INDEXED = userWith({
    badge: { indexed: true },
    level: { type: 'integer', indexed: true },
    skills: { multiValued: true, indexed: true },
  });
  const BARE = userWith({ badge: {}, level: { type: 'integer' }, skills: { multiValued: true } });
  const ORGANIZATION = { id: 'o1', slug: 'acme', name: 'Acme', created: AT };

  let temporary: Temporary;
  beforeEach(async () => {
    temporary = await openTemporary(database);
    const directory = (id: string, application: string) => ({ id, organization: 'o1', application, created: AT });
    await temporary.store.createOrganization(ORGANIZATION, [directory(DIRECTORY, 'app'), directory(OTHER, 'board')]);
  });
  afterEach(async () => {
    await temporary.end();
  });

  const person = (type: ResourceType, index: number, data: object = {}) =>
    make(type, { userName: `u${index}`, [URN]: { badge: `B-${index}`, level: index, ...data } });
  const people = (type: ResourceType, count: number, data: object = {}) =>
    Array.from({ length: count }, (_, index) => person(type, index, data));
  const keysFor = async (attribute: string, directory = DIRECTORY): Promise<string[]> =>
    (
      await temporary.database.rows(
        'SELECT value FROM keys WHERE directory = ? AND attribute = ? ORDER BY value',
        directory,
        keyName(attribute),
      )
    ).map(({ value }) => String(value));
  const keysOf = (...attributes: readonly string[]) => Promise.all(attributes.map((each) => keysFor(each)));
  const statesIn = async (): Promise<string[]> =>
    (await temporary.database.rows('SELECT attribute, state FROM fills ORDER BY attribute')).map(
      ({ attribute, state }) => `${String(attribute).split(':').at(-1)} ${state}`,
    );

  const urls = (): readonly string[] => {
    const { DATABASE_URL, DATABASE_OWNER_URL } = temporary.database.env;
    return [DATABASE_URL, DATABASE_OWNER_URL ?? ''];
  };

  const declare = (store: Store, type: ResourceType) => store.declare([{ application: 'app', types: [type] }]);
  /** Resolves when all that was declared is filled in, or taken out. */
  const settled = async (): Promise<void> => {
    while ((await statesIn()).some((one) => !one.endsWith(' done'))) await sleep(5);
    await sleep(20);
  };
  const found = async (store: Store, type: ResourceType, filter: string): Promise<string[]> => {
    const options = { unquotedValues: false };
    const resolved = resolveFilter(parseFilter(filter.replaceAll('@', `${URN}:`), options), type, options);
    const page = await store
      .reader(DIRECTORY)
      .page(of(type, { filter: resolved }), { startIndex: 1, count: 100 }, CONTEXT);
    return page.records.map(({ text }) => JSON.parse(text).userName);
  };

  test('what is written has its keys at once; an update moves them, a removal takes them along', async () => {
    const { store } = temporary;
    await declare(store, INDEXED);
    const one = person(INDEXED, 7, { skills: ['Gantt', 'Kanban'] });
    await put(store, DIRECTORY, one);
    expect(await keysOf('badge', 'level', 'skills')).toEqual([['b-7'], ['7'], ['gantt', 'kanban']]);
    await store.write(DIRECTORY, (transaction) =>
      transaction.commit(
        set(updated(INDEXED, one.record, { [URN]: { badge: 'B-7', level: 8, skills: ['Kanban', 'Scrum'] } })),
      ),
    );
    expect(await keysOf('badge', 'level', 'skills')).toEqual([['b-7'], ['8'], ['kanban', 'scrum']]);
    const now = await store.reader(DIRECTORY).record('User', one.id);
    if (now === undefined) throw new Error('gone');
    await store.write(DIRECTORY, (transaction) =>
      transaction.commit(set({ kind: 'removed', before: now, memberOf: [] })),
    );
    expect(await keysOf('badge', 'level', 'skills')).toEqual([[], [], []]);
  });

  test('a removal takes the keys along of what is indexed no more', async () => {
    const { store } = temporary;
    const one = person(INDEXED, 7);
    await put(store, DIRECTORY, one);
    expect(await keysFor('badge')).toEqual(['b-7']);
    await store.write(DIRECTORY, (transaction) =>
      transaction.commit(set({ kind: 'removed', before: one.record, memberOf: [] })),
    );
    expect(await keysFor('badge')).toEqual([]);
  });

  test('what was stored before is found all the while, and by the index afterwards', async () => {
    const { store, events } = temporary;
    await put(store, DIRECTORY, ...people(BARE, 500));
    await put(store, OTHER, ...people(BARE, 3));
    expect(await keysFor('badge')).toEqual([]);
    await declare(store, INDEXED);
    expect(await found(store, INDEXED, '@badge eq "b-77"')).toEqual(['u77']);
    const during = person(INDEXED, 501);
    await put(store, DIRECTORY, during);
    await settled();
    expect(await keysFor('badge')).toHaveLength(501);
    expect(await keysFor('level')).toHaveLength(501);
    // Another application has not declared it.
    expect(await keysFor('badge', OTHER)).toEqual([]);
    for (const filter of ['@badge eq "b-77"', '@level eq 77', '@level eq 77.0 and @badge sw "B"']) {
      expect(await found(store, INDEXED, filter)).toEqual(['u77']);
    }
    expect(events.filter(({ kind }) => kind !== 'keys-filled')).toEqual([]);
    expect(events.map((event) => ('attribute' in event ? event.attribute : ''))).toEqual([
      '',
      keyName('badge'),
      keyName('level'),
      keyName('skills'),
    ]);
  });

  test('once it is filled in the index is what is read: rows that it lacks are not found', async () => {
    const { store } = temporary;
    await put(store, DIRECTORY, ...people(INDEXED, 3));
    await declare(store, INDEXED);
    await settled();
    await temporary.database.run('DELETE FROM keys WHERE attribute = ?', keyName('badge'));
    expect(await found(store, INDEXED, '@badge eq "b-1"')).toEqual([]);
    expect(await found(store, BARE, '@badge eq "b-1"')).toEqual(['u1']);
  });

  test('the same configuration is not worked through again', async () => {
    const { store, another } = temporary;
    await put(store, DIRECTORY, ...people(INDEXED, 3));
    await declare(store, INDEXED);
    await settled();
    await store.close();
    await temporary.database.run('DELETE FROM keys');
    const again = await another();
    await declare(again, INDEXED);
    await sleep(50);
    expect(await keysFor('badge')).toEqual([]);
    await again.close();
  });

  test('another definition of the attribute folds its values anew', async () => {
    const { store, another } = temporary;
    await put(store, DIRECTORY, ...people(INDEXED, 200));
    await declare(store, INDEXED);
    await settled();
    await store.close();
    const exact = userWith({ badge: { indexed: true, caseExact: true }, level: { type: 'integer' } });
    const again = await another();
    await declare(again, exact);
    await settled();
    expect((await keysFor('badge')).filter((value) => value.startsWith('b'))).toEqual([]);
    expect(await keysFor('badge')).toHaveLength(200);
    expect(await found(again, exact, '@badge eq "B-7"')).toEqual(['u7']);
    expect(await found(again, exact, '@badge eq "b-7"')).toEqual([]);
    // Without an index too: the shapes were folded as before.
    expect(await found(again, userWith({ badge: { caseExact: true } }), '@badge eq "B-7"')).toEqual(['u7']);
    await again.close();
  });

  test('what is indexed no more is taken out, in slices, and nothing of it is left', async () => {
    const { store, another } = temporary;
    await put(store, DIRECTORY, ...people(INDEXED, 450, { skills: ['a', 'b'] }));
    await declare(store, INDEXED);
    await settled();
    await store.close();
    const again = await another();
    await declare(
      again,
      userWith({ badge: { indexed: true }, level: { type: 'integer' }, skills: { multiValued: true } }),
    );
    await settled();
    expect((await keysOf('badge', 'level', 'skills')).map(({ length }) => length)).toEqual([450, 0, 0]);
    await again.declare([{ application: 'app', types: [USER, GROUP] }]);
    while ((await statesIn()).length > 0) await sleep(5);
    expect(await keysFor('badge')).toEqual([]);
    expect(await found(again, BARE, '@level eq 7')).toEqual(['u7']);
    await again.close();
  });

  test('it is declared no more, and then again before it was taken out', async () => {
    const { store } = temporary;
    await put(store, DIRECTORY, ...people(INDEXED, 300));
    await declare(store, INDEXED);
    await declare(store, BARE);
    await put(store, DIRECTORY, person(BARE, 300));
    await declare(store, INDEXED);
    await settled();
    expect(await keysFor('badge')).toHaveLength(301);
  });

  test('a server that is killed while it fills in goes on where it was', async () => {
    const { store, another } = temporary;
    for (let from = 0; from < 3000; from += 500) {
      await put(store, DIRECTORY, ...Array.from({ length: 500 }, (_, index) => person(BARE, from + index)));
    }
    await store.close();
    for (const enough of [100, 1000]) {
      const script = fileURLToPath(new URL('../unit/store/processes/fill.ts', import.meta.url));
      const child = spawn(process.execPath, [script, ...urls()], { stdio: ['ignore', 'pipe', 'inherit'] });
      const closed = once(child, 'close');
      await once(child.stdout, 'data');
      while ((await keysFor('badge')).length < enough) await sleep(2);
      child.kill('SIGKILL');
      expect(await closed).toEqual([null, 'SIGKILL']);
      expect((await keysFor('badge')).length).toBeLessThan(3000);
    }
    const badge = userWith({ badge: { indexed: true } });
    const [place] = await temporary.database.rows("SELECT seq FROM fills WHERE attribute <> '' AND state = 'fill'");
    expect(Number(place?.seq)).toBeGreaterThan(0);
    const again = await another();
    await declare(again, badge);
    expect(await found(again, badge, '@badge eq "b-2999"')).toEqual(['u2999']);
    await settled();
    expect(new Set(await keysFor('badge')).size).toBe(3000);
    expect(await found(again, badge, '@badge eq "b-2999"')).toEqual(['u2999']);
    await again.close();
  });

  test('another process writes meanwhile, and so does this one', async () => {
    const { store, events } = temporary;
    await put(store, DIRECTORY, ...people(BARE, 1000));
    const script = fileURLToPath(new URL('../unit/store/processes/create-users.ts', import.meta.url));
    const child = spawn(process.execPath, [script, ...urls()], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.stdout.resume();
    await declare(store, INDEXED);
    for (let index = 1000; index < 1100; index += 1) await put(store, DIRECTORY, person(INDEXED, index));
    // It writes as fast as it can, and on two cores might never be caught up with.
    await sleep(1_000);
    child.kill('SIGKILL');
    await once(child, 'close');
    await settled();
    expect(new Set(await keysFor('badge')).size).toBe(1100);
    expect(events.filter(({ kind }: StoreEvent) => kind === 'fill-failed' || kind === 'commit-failed')).toEqual([]);
  });

  test('a snapshot goes on with what was filled in at its moment', async () => {
    const { store } = temporary;
    await put(store, DIRECTORY, ...people(BARE, 300));
    await declare(store, INDEXED);
    const snapshot = await store.snapshot(DIRECTORY);
    await settled();
    const options = { unquotedValues: false };
    const filter = resolveFilter(parseFilter(`${URN}:badge eq "b-299"`, options), INDEXED, options);
    const page = await snapshot.page(of(INDEXED, { filter }), { startIndex: 1, count: 10 }, CONTEXT);
    expect(page.records).toHaveLength(1);
    snapshot.release();
  });

  test('a user without the extension has no keys, and one with more values than one has each once', async () => {
    const { store } = temporary;
    await put(store, DIRECTORY, make(BARE, { userName: 'bare' }), person(BARE, 1, { skills: ['x', 'y', 'X'] }));
    await declare(store, INDEXED);
    await settled();
    expect(await keysOf('badge', 'skills')).toEqual([['b-1'], ['x', 'y']]);
  });
});
