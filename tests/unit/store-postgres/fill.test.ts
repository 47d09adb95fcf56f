import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StoreUnavailable } from '../../../src/directory/index.ts';
import { GROUP, type ResourceType, USER } from '../../../src/scim/index.ts';
import { createFiller, type Filler } from '../../../src/store/filler.ts';
import type { Fill } from '../../../src/store/fills.ts';
import { fillsOf } from '../../../src/store/postgres/fill.ts';
import { openPool, type Pool } from '../../../src/store/postgres/pool.ts';
import { OWNER_SCHEMAS } from '../../../src/store/postgres/prepare.ts';
import { keyName, URN, userWith } from '../store/declared.ts';
import { DIRECTORY, type Made, make, OTHER, set, updated } from '../store/fixture.ts';
import { openWrites, type Writes } from './writes.ts';

const INDEXED = userWith({ badge: { indexed: true }, skills: { multiValued: true, indexed: true } });
const BARE = userWith({ badge: {}, skills: { multiValued: true } });

let writes: Writes;
let owner: Pool;
let fillers: Filler[];
let events: string[];
beforeEach(async () => {
  writes = await openWrites();
  const { DATABASE_OWNER_URL = '' } = writes.database.env;
  owner = openPool({ url: DATABASE_OWNER_URL, size: 4, schemas: OWNER_SCHEMAS, onLost: () => undefined });
  fillers = [];
  events = [];
  await writes.database.run("INSERT INTO organizations VALUES ('o1', 'acme', 'Acme', 'x')");
  await writes.database.run(
    `INSERT INTO directories VALUES ('${DIRECTORY}', 'o1', 'app', 'x'), ('${OTHER}', 'o1', 'board', 'x')`,
  );
});
afterEach(async () => {
  await Promise.all(fillers.map((one) => one.close()));
  await owner.close();
  await writes.end();
});

/** As in a process of its own. */
function filler(): Filler {
  const one = createFiller({ ...fillsOf(owner), log: ({ kind }) => events.push(kind) });
  fillers.push(one);
  return one;
}
const declare = (on: Filler, ...types: readonly ResourceType[]): Promise<void> =>
  on.declare([{ application: 'app', types }]);
const person = (type: ResourceType, index: number, data: object = {}): Made =>
  make(type, { userName: `u${index}`, [URN]: { badge: `B-${index}`, ...data } });
const people = (type: ResourceType, count: number, data: object = {}): readonly Made[] =>
  Array.from({ length: count }, (_, index) => person(type, index, data));
const keysFor = async (attribute: string, directory = DIRECTORY): Promise<string[]> =>
  (
    await writes.database.rows(
      'SELECT value FROM keys WHERE directory = ? AND attribute = ? ORDER BY value, subject',
      directory,
      keyName(attribute),
    )
  ).map(({ value }) => String(value));
const fillsIn = async (): Promise<readonly Fill[]> =>
  (await writes.database.rows('SELECT * FROM fills ORDER BY attribute')) as unknown as readonly Fill[];
const settled = async (...on: readonly Filler[]): Promise<void> => {
  while ((await fillsIn()).some(({ state }) => state !== 'done')) await sleep(5);
  while (!on.every((one) => one.ready()(keyName('badge')))) await sleep(5);
};

test('what was stored before has its keys afterwards, in the application that declares them', async () => {
  await writes.put(...people(BARE, 450, { skills: ['Gantt', 'GANTT', 'Kanban'] }));
  await writes.stores[0].write(OTHER, (transaction) => transaction.commit(set(person(BARE, 1).change)));
  const one = filler();
  await declare(one, INDEXED);
  expect(one.ready()(keyName('badge'))).toBe(false);
  await settled(one);
  expect(await keysFor('badge')).toEqual(Array.from({ length: 450 }, (_, index) => `b-${index}`).sort());
  expect(await keysFor('skills')).toHaveLength(900);
  expect(await keysFor('badge', OTHER)).toEqual([]);
  const [shape] = await writes.database.rows("SELECT shape ->> 'userName' AS name FROM resources LIMIT 1");
  expect(shape?.name).toMatch(/^u\d/);
  expect(events).toEqual(['keys-filled', 'keys-filled', 'keys-filled']);
});

test('what is altered meanwhile has the keys of what it is', async () => {
  const all = people(BARE, 600);
  await writes.put(...all);
  const one = filler();
  await declare(one, INDEXED);
  await Promise.all(
    all.slice(0, 200).map(({ record }, index) =>
      writes.stores[index % 2 === 0 ? 0 : 1].write(DIRECTORY, async (transaction) => {
        const current = await transaction.record('User', record.id);
        if (current === undefined) throw new Error('gone');
        await transaction.commit(set(updated(INDEXED, current, { [URN]: { badge: `N-${index}` } })));
      }),
    ),
  );
  await settled(one);
  const expected = all.map((_, index) => (index < 200 ? `n-${index}` : `b-${index}`));
  expect(await keysFor('badge')).toEqual(expected.sort());
});

test('several processes that declare the same fill it together, once', async () => {
  await writes.put(...people(BARE, 1_000));
  const all = [filler(), filler(), filler()];
  await Promise.all(all.map((one) => declare(one, INDEXED)));
  await settled(...all);
  expect(await keysFor('badge')).toHaveLength(1_000);
  // One that comes later finds it done, and does nothing of it again.
  await writes.database.run('DELETE FROM keys');
  const late = filler();
  await declare(late, INDEXED);
  expect(late.ready()(keyName('badge'))).toBe(true);
  await sleep(50);
  expect(await keysFor('badge')).toEqual([]);
  expect(events).not.toContain('fill-failed');
});

test('another definition folds the values anew; what is declared no more is taken out', async () => {
  await writes.put(...people(INDEXED, 300, { skills: ['a', 'b'] }));
  const one = filler();
  await declare(one, INDEXED);
  await settled(one);
  await declare(one, userWith({ badge: { indexed: true, caseExact: true }, skills: { multiValued: true } }));
  await settled(one);
  expect(await keysFor('badge')).toEqual(Array.from({ length: 300 }, (_, index) => `B-${index}`).sort());
  expect(await keysFor('skills')).toEqual([]);
  await declare(one, USER, GROUP);
  while ((await fillsIn()).length > 0) await sleep(5);
  expect(await keysFor('badge')).toEqual([]);
});

test('a process that declares what another one has replaced waits, and alters nothing of it', async () => {
  await writes.put(...people(BARE, 10));
  const { stored, slice } = fillsOf(owner);
  const old = filler();
  await declare(old, INDEXED);
  await settled(old);
  const [, mine] = await stored('app');
  if (mine === undefined) throw new Error('nothing is stored');
  await old.close();
  const next = filler();
  const exact = userWith({ badge: { indexed: true, caseExact: true } });
  await declare(next, exact);
  await expect(slice({ ...mine, state: 'clean' }, INDEXED)).rejects.toBeInstanceOf(StoreUnavailable);
  await settled(next);
  expect((await keysFor('badge'))[0]).toBe('B-0');
});

test('rows that are large come one by one, and those of one value go together', async () => {
  const heavy = 'x'.repeat(700_000);
  await writes.put(...Array.from({ length: 4 }, (_, index) => person(BARE, index, { skills: [heavy], badge: 'same' })));
  await writes.put(...Array.from({ length: 1_500 }, (_, index) => person(BARE, 10 + index, { badge: 'same' })));
  const one = filler();
  await declare(one, userWith({ badge: { indexed: true }, skills: { multiValued: true } }));
  await settled(one);
  expect(await keysFor('badge')).toHaveLength(1_504);
  await declare(one, BARE);
  while ((await fillsIn()).some(({ attribute }) => attribute !== '')) await sleep(5);
  expect(await keysFor('badge')).toEqual([]);
});
