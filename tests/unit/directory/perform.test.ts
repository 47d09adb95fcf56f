import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type Actor,
  createPerform,
  type Outcome,
  type Perform,
  type Shown,
  type Snapshot,
  StoreUnavailable,
} from '../../../src/directory/index.ts';
import type { ScimRequest } from '../../../src/scim/index.ts';
import { GROUP, USER } from '../../../src/scim/index.ts';
import {
  DIRECTORY,
  edited,
  group,
  type Made,
  newId,
  openTemporary,
  put,
  set,
  type Temporary,
  user,
} from '../store/fixture.ts';
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

describe('the removal of somebody who is in many groups', () => {
  const [leaver, other] = people as [Made, Made];
  const groups = Array.from({ length: 2_500 }, (_, index) => group(`g${index}`));

  const joins = async (joined: readonly Made[]) => {
    await put(temporary.store, DIRECTORY, ...joined);
    await temporary.store.write(
      DIRECTORY,
      (transaction) =>
        transaction.commit(set(...joined.map(({ record }) => edited(record, { added: [leaver.id, other.id] })))),
      { alone: true },
    );
  };
  /** Counts the turns of the event loop that others had meanwhile. */
  const removed = async () => {
    let over = false;
    const removing = perform(actor, { kind: 'remove', type: USER, id: leaver.id }).finally(() => {
      over = true;
    });
    let turns = 0;
    for (; !over; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(await removing).toEqual({ kind: 'removed' });
    return turns;
  };

  test('takes them out of every one, in a transaction of its own in which others have their turns', async () => {
    await joins(groups);
    const [before] = await temporary.store.changesAfter(DIRECTORY, people.length + 2 * groups.length - 1, 1);
    expect(await removed()).toBeGreaterThan(groups.length);

    const reader = temporary.store.reader(DIRECTORY);
    for (const { id } of groups) {
      expect(await reader.record('Group', id)).toMatchObject({ version: 3, memberCount: 1 });
      expect((await reader.members(id, undefined, 10)).map(({ value }) => value)).toEqual([other.id]);
    }
    const history = await temporary.store.changesAfter(DIRECTORY, before?.seq ?? 0, 5_000);
    expect(history).toHaveLength(1 + groups.length);
    const [removal, ...left] = history;
    expect(JSON.parse(removal?.before ?? '')).toMatchObject({ memberOf: groups.map(({ id }) => id).sort() });
    expect(left.map(({ subject }) => subject)).toEqual(groups.map(({ id }) => id).sort());
    for (const row of left) {
      expect(row).toMatchObject({ kind: 'members', type: 'Group', cause: removal?.seq });
      expect(JSON.parse(row.before ?? '')).toEqual([leaver.id]);
    }
  });

  test('shares a commit with others, up to 1,000 groups', async () => {
    await joins(groups.slice(0, 1_000));
    const write = vi.spyOn(temporary.store, 'write');
    await removed();
    expect(write.mock.calls.map(([, , options]) => options)).toEqual([{ alone: false }]);
    const reader = temporary.store.reader(DIRECTORY);
    expect(await reader.record('Group', groups[999]?.id ?? '')).toMatchObject({ version: 3, memberCount: 1 });
  });

  test('takes a group out of the groups that it is in', async () => {
    const [inner, outer] = [group('Inner'), group('Outer')];
    await put(temporary.store, DIRECTORY, inner, outer);
    await temporary.store.write(DIRECTORY, (transaction) =>
      transaction.commit(
        set({
          kind: 'members',
          group: outer.record,
          added: [{ value: inner.id, type: 'Group' }],
          removed: [],
          version: 2,
        }),
      ),
    );
    expect(await perform(actor, { kind: 'remove', type: GROUP, id: inner.id })).toEqual({ kind: 'removed' });
    const reader = temporary.store.reader(DIRECTORY);
    expect(await reader.record('Group', outer.id)).toMatchObject({ version: 3, memberCount: 0 });
  });
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

async function done(operation: ScimRequest, kind: Outcome['kind']): Promise<Shown> {
  const outcome = await soon(() => perform(actor, operation));
  expect(outcome).toMatchObject({ kind, shown: {} });
  return 'shown' in outcome && outcome.kind !== 'listed' ? outcome.shown : (undefined as never);
}
