import { describe, expect, test } from 'vitest';
import { GatheredChanges } from '../../../src/directory/holds/gathered.ts';
import { heldBy } from '../../../src/directory/holds/held.ts';
import {
  type Change,
  DEFAULT_POLICY,
  type Hold,
  type Policy,
  type StoredRecord,
} from '../../../src/directory/index.ts';
import { effectOf } from '../../../src/directory/policies/effect.ts';
import { windowBegin } from '../../../src/directory/policies/facts.ts';
import { firstRefusal, LIMITS } from '../../../src/directory/policies/index.ts';
import type { Asked, Fact, LimitFacts } from '../../../src/directory/policies/limit.ts';
import type { NewRecord } from '../../../src/directory/record.ts';
import type { Refusal } from '../../../src/directory/refusal.ts';
import { sentence } from '../../../src/directory/refusal-sentence.ts';
import type { JsonObject } from '../../../src/scim/index.ts';
import { NOW, storedGroup, storedUser, TOLERANT_DIRECTORY } from './facts.ts';

const [USER] = TOLERANT_DIRECTORY.types;
const PROVIDER = { kind: 'credential', id: 'c1', name: 'Okta' } as const;
const OPERATOR = { kind: 'operator', id: 'o1', name: 'root' } as const;
const GUARD = { users: 10, percent: 0, windowSeconds: 3600, memberships: undefined };

const bob = storedUser({ userName: 'Bob', roles: [{ value: 'admin' }] });
const asleep = storedUser({ userName: 'asleep', active: false }, { id: 'user-2' });
const team = storedGroup({ displayName: 'Team' }, { memberCount: 3 });

function updated(
  before: StoredRecord,
  attributes: JsonObject,
  difference: { before: JsonObject; after: JsonObject },
): Change {
  const resource = { ...JSON.parse(before.text), ...attributes } as NewRecord['resource'];
  const after = { type: USER, id: before.id, version: 4, created: NOW, modified: NOW, resource, text: '' } as NewRecord;
  return { kind: 'updated', before, after, difference };
}
const deactivation = updated(bob, { active: false }, { before: { active: true }, after: { active: false } });
const reactivation = updated(asleep, { active: true }, { before: { active: false }, after: { active: true } });
const left = (removed: string[], cause?: number): Change => ({
  kind: 'members',
  group: team,
  added: [],
  removed,
  version: 8,
  ...(cause === undefined ? {} : { cause }),
});
const removed = (before: StoredRecord): Change => ({ kind: 'removed', before, memberOf: [] });

describe('what a change set would do', () => {
  test.each<[string, readonly Change[], object]>([
    ['a deactivation', [deactivation], { active: -1, total: 0, deprovisioned: [{ record: bob, work: 'deactivate' }] }],
    [
      'a removal of an active user',
      [removed(bob)],
      { active: -1, total: -1, deprovisioned: [{ record: bob, work: 'remove' }] },
    ],
    ['a removal of an inactive user', [removed(asleep)], { active: 0, total: -1, deprovisioned: [] }],
    ['a reactivation', [reactivation], { active: 1, total: 0, deprovisioned: [] }],
    ['a title', [updated(bob, {}, { before: {}, after: { title: 'x' } })], { active: 0, total: 0, deprovisioned: [] }],
    ['members who leave', [left(['a']), left(['b'])], { left: [{ group: team.id, ids: ['a', 'b'], removed: false }] }],
    [
      'members who make way for others',
      [left(['a']), { ...left([]), added: [{ value: 'b', type: 'User' }] } as Change],
      { left: [{ group: team.id, ids: ['a'], joined: ['b'], removed: false }] },
    ],
    ['members who join', [{ ...left([]), added: [{ value: 'b', type: 'User' }] } as Change], { left: [] }],
    [
      'a group that goes',
      [left(['a', 'b'], 1), removed(team)],
      { left: [{ group: team.id, ids: ['a', 'b'], removed: true }], total: 0 },
    ],
    [
      'a user who goes, and so leaves',
      [removed(bob), left([bob.id], 0)],
      { left: [], deprovisioned: [{ record: bob, work: 'remove' }] },
    ],
  ])('%s', (_, changes, effect) => {
    expect(effectOf(changes)).toMatchObject(effect);
  });
});

describe('who is asked what', () => {
  const policies: [string, Partial<Policy>, readonly Change[], readonly Fact[]][] = [
    ['nothing is limited', {}, [deactivation], []],
    ['seats, and none is taken', { seats: { limit: 5, reserve: 0, counts: 'active' } }, [deactivation], []],
    [
      'seats, and one is taken',
      { seats: { limit: 5, reserve: 0, counts: 'active' } },
      [reactivation],
      ['activating', 'counts'],
    ],
    ['seats of everybody', { seats: { limit: 5, reserve: 0, counts: 'all' } }, [reactivation], []],
    ['a guard', { guard: GUARD }, [deactivation], ['deprovisioning', 'hold', 'counts', 'window']],
    ['a guard that counts no memberships', { guard: GUARD }, [left(['a'])], []],
    [
      'a guard that does',
      { guard: { ...GUARD, memberships: 3 } },
      [left(['a'])],
      ['deprovisioning', 'hold', 'counts', 'window'],
    ],
    [
      'named ones',
      { protect: { ...DEFAULT_POLICY.protect, users: new Set(['bob']), existing: true } },
      [deactivation],
      [],
    ],
    [
      'a last one',
      { protect: { ...DEFAULT_POLICY.protect, lastWithRole: 'admin' } },
      [deactivation],
      ['deprovisioning', 'role'],
    ],
  ];
  test.each(policies)('%s', (_, policy, changes, needs) => {
    const asked = askedWith({ policy, effect: effectOf(changes) });
    expect([...new Set(LIMITS.flatMap((limit) => limit.needs(asked)))].sort()).toEqual([...needs].sort());
  });

  test('an operator is asked for seats alone', () => {
    const policy = {
      guard: GUARD,
      protect: { ...DEFAULT_POLICY.protect, atLeast: 3, lastWithRole: 'admin', users: new Set(['bob']) },
    };
    const asked = askedWith({ policy, by: OPERATOR });
    expect(LIMITS.flatMap((limit) => limit.needs(asked))).toEqual([]);
    expect(firstRefusal(asked, factsWith({ roleStays: true, counts: { total: 1, active: 1 } }))).toBeUndefined();
  });
});

describe('the guard', () => {
  const outcome = (given: Partial<Asked>, facts: Partial<LimitFacts>) =>
    firstRefusal(askedWith(given), factsWith(facts));
  const window = (count: number, baseline = 100, state: Partial<LimitFacts['window']['state']> = {}) => ({
    window: { count, baseline, state: { since: undefined, snoozedUntil: undefined, ...state } },
  });

  test.each([
    [10, 0, 100, 9, false],
    [10, 0, 100, 10, true],
    [10, 20, 100, 19, false],
    [10, 20, 100, 20, true],
    [10, 12.5, 100, 12, true],
    [10, 12.5, 100, 11, false],
    [0, 0, 100, 0, true],
    [0, 100, 5, 4, false],
  ])(
    'of %i users or %f %% of %4$i: %i counted, and one more is held: %s',
    (users, percent, baseline, count, isHeld) => {
      const refusal = outcome({ policy: { guard: { ...GUARD, users, percent } } as never }, window(count, baseline));
      expect(refusal?.reason === 'held').toBe(isHeld);
    },
  );

  test('a snooze lets through what is open, not what was rejected', () => {
    const snoozed = window(50, 100, { snoozedUntil: '2026-11-21T13:00:00.000Z' });
    const policy = { guard: GUARD } as Partial<Policy> as Policy;
    expect(outcome({ policy }, snoozed)).toBeUndefined();
    expect(outcome({ policy }, { ...snoozed, hold: hold('open') })).toBeUndefined();
    expect(outcome({ policy }, { ...snoozed, hold: hold('rejected') })).toMatchObject({
      reason: 'held',
      rejected: NOW,
    });
    // It has ended.
    expect(outcome({ policy }, window(50, 100, { snoozedUntil: NOW }))).toMatchObject({ reason: 'held' });
  });

  test('what stands refuses the same though the window is empty; another member of the group is measured anew', () => {
    const policy = { guard: { ...GUARD, memberships: 3 } } as Partial<Policy> as Policy;
    const standing = { ...hold('open'), type: 'Group', work: { kind: 'removeMembers', ids: ['a'] } } as Hold;
    const leaving = (id: string) =>
      outcome({ policy, effect: effectOf([left([id])]), record: team }, { ...window(0), hold: standing });
    expect(leaving('a')).toMatchObject({ reason: 'held', work: 'removeMembers' });
    expect(leaving('b')).toBeUndefined();
    expect(outcome({ policy }, { ...window(0), hold: hold('open') })).toMatchObject({ reason: 'held', since: NOW });
  });

  test('members beyond those that were rejected are decided on again, with them', () => {
    const standing = { ...hold('rejected'), type: 'Group', work: { kind: 'removeMembers', ids: ['a'] } } as Hold;
    const asked = askedWith({
      policy: { guard: { ...GUARD, memberships: 0 } },
      effect: effectOf([left(['a', 'b'])]),
      record: team,
    });
    const refusal = firstRefusal(asked, factsWith({ hold: standing })) as Refusal;
    expect(sentence(refusal)).toMatch(/it is held since/);
    const given = { asked, refusal, standing, requestId: 'r', now: NOW, newId: () => 'new' };
    expect(heldBy(given)).toMatchObject({ hold: { id: 'new', work: { ids: ['a', 'b'] } }, instead: standing });
    const same = askedWith({
      policy: { guard: { ...GUARD, memberships: 0 } },
      effect: effectOf([left(['a'])]),
      record: team,
    });
    expect(heldBy({ ...given, asked: same })).toMatchObject({ hold: { id: standing.id, work: { ids: ['a'] } } });
    expect(heldBy({ ...given, asked: same })).not.toHaveProperty('instead');
  });

  test('a group that was to go and is wanted again is held for the members whom it is to lose, if for anything', () => {
    const standing = { ...hold('open'), type: 'Group', work: { kind: 'remove' } } as Hold;
    const asked = (memberships: number) =>
      askedWith({
        policy: { guard: { ...GUARD, memberships } },
        effect: effectOf([left(['a'])]),
        record: team,
        wanted: { subject: true, members: ['b'] },
      });
    expect(firstRefusal(asked(1), factsWith({ hold: standing }))).toBeUndefined();
    const refusal = firstRefusal(asked(0), factsWith({ hold: standing })) as Refusal;
    expect(refusal).toMatchObject({ reason: 'held', work: 'removeMembers', tripped: { count: 0 } });
    const given = { asked: asked(0), refusal, standing, requestId: 'r', now: NOW, newId: () => 'new' };
    const work = { kind: 'removeMembers', ids: ['a'] };
    expect(heldBy(given)).toMatchObject({ hold: { id: 'new', work }, instead: standing });
  });

  test.each([
    ['never lifted', undefined, '2026-11-21T11:00:00.000Z'],
    ['lifted within the window', '2026-11-21T11:30:00.000Z', '2026-11-21T11:30:00.000Z'],
    ['lifted just now', NOW, NOW],
    ['lifted before it', '2026-11-20T11:00:00.000Z', '2026-11-21T11:00:00.000Z'],
    ['T-OPS-02 lifted by a clock that was ahead', '2026-11-21T12:00:00.001Z', '2026-11-21T11:00:00.000Z'],
  ])('%s, it counts from %2$s', (_, since, begin) => {
    expect(windowBegin(GUARD, { state: { since, snoozedUntil: undefined }, now: NOW })).toBe(begin);
  });

  test('what protects is said before anything is held', () => {
    const protect = { ...DEFAULT_POLICY.protect, users: new Set(['bob']) };
    expect(outcome({ policy: { guard: GUARD, protect } as never }, window(50))).toMatchObject({
      reason: 'protected-user',
    });
  });
});

test('writes that are gathered into one set do once what each of them would do', () => {
  const together = new GatheredChanges();
  together.add([removed(bob), left([bob.id], 0)], '2026-01-01');
  together.add([left([bob.id, 'x'])], '2026-01-03');
  together.add([left([bob.id], 1), removed(team)], '2026-01-02');
  together.add([removed(asleep), left([asleep.id], 0)], '2026-01-02');
  expect(together.at).toBe('2026-01-03');
  expect(together.changes).toEqual([removed(bob), left([bob.id], 0), left(['x']), removed(team), removed(asleep)]);
});

test('a cause is that of the same write, wherever it comes to stand', () => {
  const together = new GatheredChanges();
  together.add([removed(asleep)], '');
  together.add([left(['x'], 1), removed(team)], '');
  expect(together.changes.map(({ cause }) => cause)).toEqual([undefined, 2, undefined]);
});

function askedWith({ policy, ...given }: Partial<Omit<Asked, 'policy'>> & { policy?: Partial<Policy> }): Asked {
  return {
    policy: { ...DEFAULT_POLICY, ...policy },
    effect: effectOf([deactivation]),
    by: PROVIDER,
    approval: undefined,
    record: bob,
    wanted: { subject: false, members: [] },
    now: NOW,
    ...given,
  };
}

function factsWith(given: Partial<LimitFacts>): LimitFacts {
  return {
    counts: { total: 100, active: 100 },
    roleStays: true,
    window: { state: { since: undefined, snoozedUntil: undefined }, count: 0, baseline: undefined },
    hold: undefined,
    ...given,
  };
}

function hold(state: Hold['state']): Hold {
  const times = { first: NOW, last: NOW, times: 1 };
  const who = { id: 'h1', type: 'User', subject: bob.id, label: 'Bob', by: PROVIDER, requestId: 'r1' };
  return { ...who, ...times, work: { kind: 'deactivate' }, why: 'Held.', state };
}
