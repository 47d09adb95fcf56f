import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GROUP, parseFilter, type ResourceType, resolveFilter, USER } from '../../../src/scim/index.ts';
import { openStore, type Store, type StoreEvent } from '../../../src/store/index.ts';
import { type Connection, openConnection } from '../../../src/store/sqlite/connection.ts';
import { DELETE_KEYS, ROWS_AFTER, UPDATE_SHAPE } from '../../../src/store/sqlite/fill.ts';
import { plan } from '../../../src/store/sqlite/plan.ts';
import { keyName, URN, userWith } from './declared.ts';
import {
  AT,
  CONTEXT,
  DIRECTORY,
  make,
  OTHER,
  of,
  openTemporary,
  put,
  set,
  type Temporary,
  updated,
} from './fixture.ts';

/** What is declared indexed is found by an index, whenever it was declared, and whatever happened meanwhile. */
const INDEXED = userWith({
  badge: { indexed: true },
  level: { type: 'integer', indexed: true },
  skills: { multiValued: true, indexed: true },
});
const BARE = userWith({ badge: {}, level: { type: 'integer' }, skills: { multiValued: true } });
const ORGANIZATION = { id: 'o1', slug: 'acme', name: 'Acme', created: AT };

let temporary: Temporary;
let reads: Connection;
beforeEach(async () => {
  temporary = await openTemporary();
  reads = openConnection(temporary.file, { readOnly: true });
  const directory = (id: string, application: string) => ({ id, organization: 'o1', application, created: AT });
  await temporary.store.createOrganization(ORGANIZATION, [directory(DIRECTORY, 'app'), directory(OTHER, 'board')]);
});
afterEach(async () => {
  reads.close();
  await temporary.end();
});

const person = (type: ResourceType, index: number, data: object = {}) =>
  make(type, { userName: `u${index}`, [URN]: { badge: `B-${index}`, level: index, ...data } });
const people = (type: ResourceType, count: number, data: object = {}) =>
  Array.from({ length: count }, (_, index) => person(type, index, data));
const keysFor = (attribute: string, directory = DIRECTORY): string[] =>
  reads.database
    .prepare('SELECT value FROM keys WHERE directory = ? AND attribute = ? ORDER BY value')
    .all(directory, keyName(attribute))
    .map(({ value }) => String(value));
const statesIn = (): string[] =>
  reads.database
    .prepare('SELECT attribute, state FROM fills ORDER BY attribute')
    .all()
    .map(({ attribute, state }) => `${String(attribute).split(':').at(-1)} ${state}`);

const declare = (store: Store, type: ResourceType) => store.declare([{ application: 'app', types: [type] }]);
/** Resolves when all that was declared is filled in, or taken out. */
const settled = async (): Promise<void> => {
  while (statesIn().some((one) => !one.endsWith(' done'))) await sleep(5);
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
  expect([keysFor('badge'), keysFor('level'), keysFor('skills')]).toEqual([['b-7'], ['7'], ['gantt', 'kanban']]);
  await store.write(DIRECTORY, (transaction) =>
    transaction.commit(
      set(updated(INDEXED, one.record, { [URN]: { badge: 'B-7', level: 8, skills: ['Kanban', 'Scrum'] } })),
    ),
  );
  expect([keysFor('badge'), keysFor('level'), keysFor('skills')]).toEqual([['b-7'], ['8'], ['kanban', 'scrum']]);
  const now = await store.reader(DIRECTORY).record('User', one.id);
  if (now === undefined) throw new Error('gone');
  await store.write(DIRECTORY, (transaction) =>
    transaction.commit(set({ kind: 'removed', before: now, memberOf: [] })),
  );
  expect([keysFor('badge'), keysFor('level'), keysFor('skills')]).toEqual([[], [], []]);
});

test('a removal takes the keys along of what is indexed no more', async () => {
  const { store } = temporary;
  const one = person(INDEXED, 7);
  await put(store, DIRECTORY, one);
  expect(keysFor('badge')).toEqual(['b-7']);
  await store.write(DIRECTORY, (transaction) =>
    transaction.commit(set({ kind: 'removed', before: one.record, memberOf: [] })),
  );
  expect(keysFor('badge')).toEqual([]);
});

test('what was stored before is found all the while, and by the index afterwards', async () => {
  const { store, events } = temporary;
  await put(store, DIRECTORY, ...people(BARE, 500));
  await put(store, OTHER, ...people(BARE, 3));
  expect(keysFor('badge')).toEqual([]);
  await declare(store, INDEXED);
  expect(await found(store, INDEXED, '@badge eq "b-77"')).toEqual(['u77']);
  const during = person(INDEXED, 501);
  await put(store, DIRECTORY, during);
  await settled();
  expect(keysFor('badge')).toHaveLength(501);
  expect(keysFor('level')).toHaveLength(501);
  // Another application has not declared it.
  expect(keysFor('badge', OTHER)).toEqual([]);
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
  const { store, file } = temporary;
  await put(store, DIRECTORY, ...people(INDEXED, 3));
  await declare(store, INDEXED);
  await settled();
  const other = openConnection(file, { readOnly: false });
  other.database.exec(`DELETE FROM keys WHERE attribute = '${keyName('badge')}'`);
  other.close();
  expect(await found(store, INDEXED, '@badge eq "b-1"')).toEqual([]);
  expect(await found(store, BARE, '@badge eq "b-1"')).toEqual(['u1']);
});

test('the same configuration is not worked through again', async () => {
  const { store, url, file } = temporary;
  await put(store, DIRECTORY, ...people(INDEXED, 3));
  await declare(store, INDEXED);
  await settled();
  await store.close();
  const before = openConnection(file, { readOnly: false });
  before.database.exec('DELETE FROM keys');
  before.close();
  const again = await openStore({ url });
  await declare(again, INDEXED);
  await sleep(50);
  expect(keysFor('badge')).toEqual([]);
  await again.close();
});

test('another definition of the attribute folds its values anew', async () => {
  const { store, url } = temporary;
  await put(store, DIRECTORY, ...people(INDEXED, 200));
  await declare(store, INDEXED);
  await settled();
  await store.close();
  const exact = userWith({ badge: { indexed: true, caseExact: true }, level: { type: 'integer' } });
  const again = await openStore({ url });
  await declare(again, exact);
  await settled();
  expect(keysFor('badge').filter((value) => value.startsWith('b'))).toEqual([]);
  expect(keysFor('badge')).toHaveLength(200);
  expect(await found(again, exact, '@badge eq "B-7"')).toEqual(['u7']);
  expect(await found(again, exact, '@badge eq "b-7"')).toEqual([]);
  // Without an index too: the shapes were folded as before.
  expect(await found(again, userWith({ badge: { caseExact: true } }), '@badge eq "B-7"')).toEqual(['u7']);
  await again.close();
});

test('what is indexed no more is taken out, in slices, and nothing of it is left', async () => {
  const { store, url } = temporary;
  await put(store, DIRECTORY, ...people(INDEXED, 450, { skills: ['a', 'b'] }));
  await declare(store, INDEXED);
  await settled();
  await store.close();
  const again = await openStore({ url });
  await declare(
    again,
    userWith({ badge: { indexed: true }, level: { type: 'integer' }, skills: { multiValued: true } }),
  );
  await settled();
  expect([keysFor('badge').length, keysFor('level').length, keysFor('skills').length]).toEqual([450, 0, 0]);
  await again.declare([{ application: 'app', types: [USER, GROUP] }]);
  while (statesIn().length > 0) await sleep(5);
  expect(keysFor('badge')).toEqual([]);
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
  expect(keysFor('badge')).toHaveLength(301);
});

test('a server that is killed while it fills in goes on where it was', async () => {
  const { store, url } = temporary;
  for (let from = 0; from < 3000; from += 500) {
    await put(store, DIRECTORY, ...Array.from({ length: 500 }, (_, index) => person(BARE, from + index)));
  }
  await store.close();
  for (const enough of [100, 1000]) {
    const script = fileURLToPath(new URL('processes/fill.ts', import.meta.url));
    const child = spawn(process.execPath, [script, url], { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(child, 'close');
    await once(child.stdout, 'data');
    while (keysFor('badge').length < enough) await sleep(2);
    child.kill('SIGKILL');
    expect(await closed).toEqual([null, 'SIGKILL']);
    expect(keysFor('badge').length).toBeLessThan(3000);
  }
  const badge = userWith({ badge: { indexed: true } });
  const [place] = reads.database.prepare("SELECT seq FROM fills WHERE attribute <> '' AND state = 'fill'").all();
  expect(Number(place?.seq)).toBeGreaterThan(0);
  const again = await openStore({ url });
  await declare(again, badge);
  expect(await found(again, badge, '@badge eq "b-2999"')).toEqual(['u2999']);
  await settled();
  expect(new Set(keysFor('badge')).size).toBe(3000);
  expect(await found(again, badge, '@badge eq "b-2999"')).toEqual(['u2999']);
  await again.close();
});

test('another process writes meanwhile, and so does this one', async () => {
  const { store, url, events } = temporary;
  await put(store, DIRECTORY, ...people(BARE, 1000));
  const script = fileURLToPath(new URL('processes/create-users.ts', import.meta.url));
  const child = spawn(process.execPath, [script, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.stdout.resume();
  await declare(store, INDEXED);
  for (let index = 1000; index < 1100; index += 1) await put(store, DIRECTORY, person(INDEXED, index));
  await settled();
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(new Set(keysFor('badge')).size).toBe(1100);
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
  expect([keysFor('badge'), keysFor('skills')]).toEqual([['b-1'], ['x', 'y']]);
});

describe('each statement is a search in an index', () => {
  const steps = (sql: string): string[] =>
    reads.database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => String(detail));

  test.each(Object.entries({ DELETE_KEYS, ROWS_AFTER, UPDATE_SHAPE }))('%s', (_, sql) => {
    const searches = steps(sql).filter((step) => !/^LIST SUBQUERY \d+$/.test(step));
    expect(searches).not.toEqual([]);
    for (const step of searches) expect(step).toMatch(/^SEARCH \w+ USING (COVERING )?(INDEX|PRIMARY KEY)/);
  });

  test.each(['@badge eq "x"', '@level eq 7', '@skills eq "x" and userName sw "a"'])(
    'the filter %s goes by keys',
    (text) => {
      const options = { unquotedValues: false };
      const filter = resolveFilter(parseFilter(text.replaceAll('@', `${URN}:`), options), INDEXED, options);
      const asked = { directory: DIRECTORY, selection: { index: 0, type: INDEXED, filter }, base: CONTEXT.base };
      const ready = plan({ ...asked, ready: () => true });
      expect(steps(ready.find.sql)[0]).toBe(
        'SEARCH k USING PRIMARY KEY (directory=? AND type=? AND attribute=? AND value=?)',
      );
      expect(ready.probe).toBeDefined();
      expect(plan({ ...asked, ready: () => false }).probe).toBeUndefined();
    },
  );
});
