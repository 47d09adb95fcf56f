import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  type Actor,
  createPerform,
  type Operation,
  type Outcome,
  type Perform,
  type Shown,
  type Snapshot,
  StoreUnavailable,
} from '../../../src/directory/index.ts';
import { GROUP, USER } from '../../../src/scim/index.ts';
import { DIRECTORY, newId, openTemporary, put, type Temporary, user } from '../store/fixture.ts';
import { TOLERANT_DIRECTORY } from './facts.ts';

const people = Array.from({ length: 1_001 }, (_, index) => user(`u${index}`));
const everybody = people.map(({ id }) => ({ value: id }));
const actor: Actor = {
  directory: { ...TOLERANT_DIRECTORY, id: DIRECTORY },
  by: { kind: 'credential', id: 'c1', name: 'Okta production' },
  requestId: 'r1',
};

let temporary: Temporary;
let perform: Perform;
beforeEach(async () => {
  temporary = await openTemporary();
  perform = createPerform({ store: temporary.store, clock: () => new Date(), newId });
  await put(temporary.store, DIRECTORY, ...people);
});
afterEach(() => temporary.end());

test('a long reply that cannot be read any more does not undo what was committed, nor deny it', async () => {
  const held = await takeAll();
  const made = await done({ kind: 'create', type: GROUP, draft: draft('Everybody'), view: {} }, 'created');
  expect(made).toMatchObject({ partial: true, record: { version: 1, memberCount: 1_001 } });
  const { id } = made.record;
  const renamed = { kind: 'replace', type: GROUP, id, draft: draft('All of us'), view: {} } as const;
  expect(await done(renamed, 'changed')).toMatchObject({ partial: true, record: { version: 2 } });
  // A read says that it cannot; it has nothing to tell as done.
  const reading = { kind: 'read', type: GROUP, id, view: {} } as const;
  await expect(soon(() => perform(actor, reading))).rejects.toBeInstanceOf(StoreUnavailable);

  for (const snapshot of held) snapshot.release();
  const shown = await done(reading, 'found');
  expect(shown).not.toHaveProperty('partial');
  expect(shown.record).toMatchObject({ version: 2, memberCount: 1_001 });
  expect(JSON.parse(shown.record.text)).toMatchObject({ displayName: 'All of us' });
  const members: string[] = [];
  for await (const piece of shown.members as AsyncIterable<readonly { value: string }[]>) {
    members.push(...piece.map(({ value }) => value));
  }
  shown.release?.();
  expect(members).toEqual(people.map(({ id }) => id).sort());
});

test('a write whose reply is long streams it from what was committed', async () => {
  const made = await done({ kind: 'create', type: GROUP, draft: draft('Everybody'), view: {} }, 'created');
  expect(made).not.toHaveProperty('partial');
  expect(Array.isArray(made.members)).toBe(false);
  made.release?.();
});

test('what nobody asked to see needs no snapshot', async () => {
  const held = await takeAll();
  const create = { kind: 'create', type: GROUP, draft: draft('Everybody') } as const;
  expect(await done({ ...create, view: { attributes: [] } }, 'created')).not.toHaveProperty('partial');
  expect((await perform(actor, { kind: 'read', type: USER, id: people[0]?.id ?? '', view: {} })).kind).toBe('found');
  for (const snapshot of held) snapshot.release();
});

/** Every snapshot that the store gives out. */
async function takeAll(): Promise<readonly Snapshot[]> {
  const held: Snapshot[] = [];
  const ask = async () => held.push(await temporary.store.snapshot(DIRECTORY));
  const refused = await soon(() => Promise.allSettled(Array.from({ length: 200 }, ask)));
  expect(refused.at(-1)).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) });
  return held;
}

/** The store lets a reply wait for a snapshot for some seconds, which pass at once here. */
async function soon<T>(wait: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let isOver = false;
  const over = wait().finally(() => {
    isOver = true;
  });
  over.catch(() => undefined);
  while (!isOver) await new Promise((resolve) => setImmediate(() => resolve(vi.advanceTimersByTimeAsync(50))));
  vi.useRealTimers();
  return over;
}

function draft(displayName: string) {
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group'];
  return { attributes: { schemas, displayName }, members: everybody, cleared: [] };
}

async function done(operation: Operation, kind: Outcome['kind']): Promise<Shown> {
  const outcome = await soon(() => perform(actor, operation));
  expect(outcome).toMatchObject({ kind, shown: {} });
  return 'shown' in outcome && outcome.kind !== 'listed' ? outcome.shown : (undefined as never);
}
