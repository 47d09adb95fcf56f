import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Actor,
  createPerform,
  type DecideHolds,
  type HeldWork,
  type HoldDecided,
  type NewHold,
} from '../../src/directory/index.ts';
import { DATABASES } from '../harness/index.ts';
import { TOLERANT_DIRECTORY } from '../unit/directory/facts.ts';
import { AT, DIRECTORY, edited, group, type Made, newId, put, set, user } from '../unit/store/fixture.ts';
import { openTemporary, type Temporary } from './temporary.ts';

const APPROVER: Actor = {
  directory: { ...TOLERANT_DIRECTORY, id: DIRECTORY },
  by: { kind: 'operator', id: 'command-line', name: 'root' },
  requestId: 'approval',
};

describe.each(DATABASES)('on %s', (database) => {
  let temporary: Temporary;
  beforeEach(async () => {
    temporary = await openTemporary(database);
  });
  afterEach(() => temporary.end());

  const held = async (of: Made, work: HeldWork): Promise<NewHold> => {
    const hold: NewHold = {
      id: newId(),
      type: of.record.type,
      subject: of.id,
      label: 'somebody',
      work,
      why: 'Too many.',
      by: { kind: 'credential', id: 'c1', name: 'Okta' },
      requestId: 'r1',
      at: AT,
    };
    await temporary.store.write(DIRECTORY, (transaction) => transaction.recordHold(hold));
    return hold;
  };
  const decide = (kind: DecideHolds['kind'], ...holds: readonly NewHold[]): Promise<readonly HoldDecided[]> =>
    createPerform({ store: temporary.store, clock: () => new Date(), newId })(APPROVER, { kind, holds });
  const became = (results: readonly HoldDecided[]) => results.map((one) => one.became);
  const joins = (members: readonly Made[], ...groups: readonly Made[]) =>
    temporary.store.write(
      DIRECTORY,
      (transaction) =>
        transaction.commit(set(...groups.map(({ record }) => edited(record, { added: members.map(({ id }) => id) })))),
      { alone: true },
    );
  const record = (of: Made) => temporary.store.reader(DIRECTORY).record(of.record.type, of.id);
  const historyAfter = async (seq: number) => {
    const rows = await temporary.store.changesAfter(DIRECTORY, seq, 10_000);
    return rows.map(({ seq, set, cause, kind, subject }) => ({ seq, set, cause, kind, subject }));
  };

  test('holds that meet in one group become one set, in which each membership ends once', async () => {
    const [bob, ann, eve] = [user('bob'), user('ann'), user('eve')];
    const [team, gone] = [group('Team'), group('Gone')];
    await put(temporary.store, DIRECTORY, bob, ann, eve, team, gone);
    await joins([bob, ann, eve], team, gone);
    const holds = [
      await held(bob, { kind: 'remove' }),
      await held(gone, { kind: 'remove' }),
      await held(team, { kind: 'removeMembers', ids: [bob.id, ann.id, newId()] }),
      await held(ann, { kind: 'remove' }),
      await held(eve, { kind: 'deactivate' }),
    ];
    expect(became(await decide('approve-holds', ...holds))).toEqual(Array(5).fill('applied'));
    expect(await record(bob)).toBeUndefined();
    expect(await record(ann)).toBeUndefined();
    expect(await record(gone)).toBeUndefined();
    expect(await record(team)).toMatchObject({ memberCount: 1, version: 3 });
    expect(await record(eve)).toMatchObject({ active: false });
    expect((await temporary.store.reader(DIRECTORY).members(team.id, undefined, 9)).map(({ value }) => value)).toEqual([
      eve.id,
    ]);
    const rows = await historyAfter(7);
    expect(new Set(rows.map(({ set }) => set))).toEqual(new Set([8]));
    expect(rows.filter(({ kind }) => kind === 'removed').map(({ subject }) => subject)).toEqual([
      bob.id,
      gone.id,
      ann.id,
    ]);
    for (const { cause, subject } of rows) {
      const of = rows.find(({ seq }) => seq === cause);
      if (cause !== undefined) expect(of?.kind, subject).toBe('removed');
    }
    expect(await temporary.store.userCounts(DIRECTORY)).toEqual({ total: 1, active: 0 });
  });

  test('a group with more members than a shared commit waits for', async () => {
    const people = Array.from({ length: 1_001 }, (_, index) => user(`u${index}`));
    const [whole, some] = [group('Whole'), group('Some')];
    await put(temporary.store, DIRECTORY, ...people, whole, some);
    await joins(people, whole, some);
    const ids = people.map(({ id }) => id);
    const holds = [await held(whole, { kind: 'remove' }), await held(some, { kind: 'removeMembers', ids })];
    expect(became(await decide('approve-holds', ...holds))).toEqual(['applied', 'applied']);
    expect(await record(whole)).toBeUndefined();
    expect(await record(some)).toMatchObject({ memberCount: 0 });
  });

  test('what is done already, decided already, or gone, is told as that; twice is no error', async () => {
    const [asleep, gone, bob] = [user('asleep', { active: false }), user('gone'), user('bob')];
    await put(temporary.store, DIRECTORY, asleep, bob);
    const holds = [
      await held(asleep, { kind: 'deactivate' }),
      await held(gone, { kind: 'remove' }),
      await held(bob, { kind: 'deactivate' }),
    ];
    const [first, second, third] = holds as [NewHold, NewHold, NewHold];
    expect(became(await decide('reject-holds', third))).toEqual(['rejected']);
    expect(became(await decide('reject-holds', third))).toEqual(['rejected']);
    expect(await record(bob)).toMatchObject({ active: true });
    expect(became(await decide('approve-holds', first, second, third))).toEqual([
      'done-before',
      'done-before',
      'applied',
    ]);
    expect(became(await decide('approve-holds', ...holds))).toEqual(Array(3).fill('not-standing'));
    expect(became(await decide('reject-holds', ...holds))).toEqual(Array(3).fill('not-standing'));
    const kept = await temporary.store.holds(DIRECTORY, { states: ['approved'], after: undefined, limit: 9 });
    expect(kept.map(({ id, decided }) => [id, decided?.by.name])).toEqual(holds.map(({ id }) => [id, 'root']));
  });

  const onPostgres = database === 'postgres' ? test : () => undefined;
  onPostgres('one who approves waits for the record first, as a provider does', async () => {
    const bob = user('bob');
    await put(temporary.store, DIRECTORY, bob);
    const hold = await held(bob, { kind: 'deactivate' });
    const waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    const approved = await temporary.store.write(DIRECTORY, async (transaction) => {
      await transaction.record('User', bob.id);
      const results = decide('approve-holds', hold);
      await expect.poll(() => temporary.database.rows(waiting), { timeout: 20_000 }).toHaveLength(1);
      // A provider who asks again would wait here for a hold whose holder waits for them.
      expect(await temporary.database.rows('SELECT 1 FROM holds FOR UPDATE NOWAIT')).toHaveLength(1);
      return { results };
    });
    expect(became(await approved.results)).toEqual(['applied']);
  });

  test('two who approve the same at once: it is applied once', async () => {
    const bob = user('bob');
    await put(temporary.store, DIRECTORY, bob);
    const hold = await held(bob, { kind: 'deactivate' });
    const results = await Promise.all([decide('approve-holds', hold), decide('approve-holds', hold)]);
    expect(results.flatMap(became).filter((one) => one === 'applied')).toHaveLength(1);
    expect(await record(bob)).toMatchObject({ active: false, version: 2 });
  });
});
