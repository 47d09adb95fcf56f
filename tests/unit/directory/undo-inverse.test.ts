import { describe, expect, test } from 'vitest';
import type { HistoryRow, StoredRecord } from '../../../src/directory/index.ts';
import { inverseOf } from '../../../src/directory/undo/inverse.ts';
import { netOf } from '../../../src/directory/undo/net.ts';
import type { JsonObject } from '../../../src/scim/index.ts';
import { storedGroup, storedUser } from './facts.ts';

let seq = 0;

function row(kind: HistoryRow['kind'], before: unknown, after: unknown, type = 'User'): HistoryRow {
  seq += 1;
  const text = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));
  const by = { kind: 'credential', id: 'okta', name: 'Okta' };
  const at = '2026-11-22T08:00:00.000Z';
  const about = { type, subject: type === 'User' ? 'user-1' : 'group-1', before: text(before), after: text(after) };
  return { seq, set: seq, cause: undefined, at, by, requestId: 'r', kind, ...about };
}

const created = (resource: JsonObject) => row('created', undefined, { schemas: [], id: 'user-1', ...resource });
const updated = (before: JsonObject, after: JsonObject) => row('updated', before, after);
const removed = (resource: JsonObject, rest: JsonObject = {}) =>
  row('removed', { resource: { schemas: [], id: 'user-1', ...resource }, memberOf: [], ...rest }, undefined);
const now = (attributes: JsonObject, given: Partial<StoredRecord> = {}) => storedUser(attributes, given);

describe('the inverse of what changes made of a user', () => {
  test.each<[string, readonly HistoryRow[], StoredRecord | undefined, object]>([
    [
      'a value that stands as it was set goes back',
      [updated({ title: 'A' }, { title: 'B' })],
      now({ userName: 'u', title: 'B' }),
      { kind: 'update', values: new Map([['title', 'A']]), conflicts: [] },
    ],
    [
      'one that was set where there was nothing goes away',
      [updated({ title: null }, { title: 'B' })],
      now({ userName: 'u', title: 'B' }),
      { kind: 'update', values: new Map([['title', null]]) },
    ],
    [
      'several changes are one: from before the first to after the last',
      [updated({ title: 'A' }, { title: 'B' }), updated({ title: 'B' }, { title: 'C' })],
      now({ userName: 'u', title: 'C' }),
      { kind: 'update', values: new Map([['title', 'A']]) },
    ],
    [
      'what came to nothing is nothing',
      [updated({ title: 'A' }, { title: 'B' }), updated({ title: 'B' }, { title: 'A' })],
      now({ userName: 'u', title: 'A' }),
      { kind: 'nothing' },
    ],
    [
      'what somebody else had set in between is what it goes back to',
      [updated({ title: 'A' }, { title: 'B' }), updated({ title: 'theirs' }, { title: 'C' })],
      now({ userName: 'u', title: 'C' }),
      { kind: 'update', values: new Map([['title', 'theirs']]) },
    ],
    [
      'what was changed again since is left, and the rest goes back',
      [updated({ title: 'A', active: true }, { title: 'B', active: false })],
      now({ userName: 'u', title: 'theirs', active: false }),
      {
        kind: 'update',
        values: new Map([['active', true]]),
        conflicts: [{ kind: 'attribute', name: 'title', set: 'B', now: 'theirs' }],
      },
    ],
    [
      'what somebody has put back already is as before',
      [updated({ title: 'A' }, { title: 'B' })],
      now({ userName: 'u', title: 'A' }),
      { kind: 'as-before' },
    ],
    [
      'an object is the same whatever the order of its members',
      [updated({ name: { givenName: 'A' } }, { name: { givenName: 'B', familyName: 'C' } })],
      now({ userName: 'u', name: { familyName: 'C', givenName: 'B' } }),
      { kind: 'update', values: new Map([['name', { givenName: 'A' }]]) },
    ],
    [
      'a user who is gone by now is a conflict',
      [updated({ title: 'A' }, { title: 'B' })],
      undefined,
      { kind: 'leave', conflicts: [{ kind: 'gone' }] },
    ],
    ['who was created is removed', [created({ userName: 'u' })], now({ userName: 'u' }), { kind: 'remove' }],
    ['who was created and is gone is as before', [created({ userName: 'u' })], undefined, { kind: 'as-before' }],
    [
      'who was created and altered since stays',
      [created({ userName: 'u' })],
      now({ userName: 'u', title: 'theirs' }),
      { kind: 'leave', conflicts: [{ kind: 'attribute', name: 'title', set: null, now: 'theirs' }] },
    ],
    [
      'who was created, altered and removed, all by what is taken back, never was',
      [created({ userName: 'u' }), updated({ title: null }, { title: 'B' }), removed({ userName: 'u', title: 'B' })],
      undefined,
      { kind: 'nothing' },
    ],
    [
      'who was altered and removed comes back as before both',
      [updated({ title: 'A' }, { title: 'B' }), removed({ userName: 'u', title: 'B', active: true })],
      undefined,
      { kind: 'restore', resource: { userName: 'u', title: 'A', active: true } },
    ],
    [
      'who was removed and is there again, the same, is as before',
      [removed({ userName: 'u' })],
      now({ userName: 'u' }),
      { kind: 'as-before' },
    ],
    [
      'who was removed and is there again, otherwise, is a conflict',
      [removed({ userName: 'u' })],
      now({ userName: 'u', title: 'new' }),
      { kind: 'leave', conflicts: [{ kind: 'back' }] },
    ],
    [
      'who was removed and brought back differs by what differs',
      [removed({ userName: 'u', title: 'A' }), created({ userName: 'u', title: 'B' })],
      now({ userName: 'u', title: 'B' }),
      { kind: 'update', values: new Map([['title', 'A']]) },
    ],
    [
      'an owner who took over gives back',
      [row('owner', { owned: false }, { owned: true })],
      now({ userName: 'u' }),
      { kind: 'update', owned: false, values: new Map() },
    ],
    [
      'unless it was given back already',
      [row('owner', { owned: false }, { owned: true })],
      now({ userName: 'u' }, { unowned: true }),
      { kind: 'as-before' },
    ],
    [
      'who was brought in by an import, and taken over by the provider since, stays',
      [row('created', { owned: false }, { id: 'user-1', userName: 'u' })],
      now({ userName: 'u' }),
      { kind: 'leave', conflicts: [{ kind: 'owner' }] },
    ],
    ['a password is not known', [row('password', undefined, undefined)], now({ userName: 'u' }), { kind: 'nothing' }],
  ])('%s', (_, rows, current, expected) => {
    expect(inverseOf(netOf(rows), current)).toMatchObject(expected);
  });

  test('of memberships: who joined and left is nothing, and of one member only that one is asked', () => {
    const rows = [
      row('members', undefined, ['a', 'b'], 'Group'),
      row('members', ['b', 'c'], undefined, 'Group'),
      row('members', undefined, ['c'], 'Group'),
    ];
    const { members } = netOf(rows);
    expect([...members]).toEqual([
      ['a', { was: false, is: true }],
      ['b', { was: false, is: false }],
      ['c', { was: true, is: true }],
    ]);
    expect([...netOf(rows, 'a').members.keys()]).toEqual(['a']);
  });

  test('a created group with other members than it was given stays', () => {
    const rows = [
      row('created', undefined, { id: 'group-1', displayName: 'Tour' }, 'Group'),
      row('members', undefined, ['a'], 'Group'),
    ];
    const current = (memberCount: number) => storedGroup({ displayName: 'Tour' }, { memberCount });
    expect(inverseOf(netOf(rows), current(1))).toEqual({ kind: 'remove' });
    expect(inverseOf(netOf(rows), current(2))).toEqual({ kind: 'leave', conflicts: [{ kind: 'members' }] });
  });

  test('a removal that was written before it said its version is followed by a higher one', () => {
    expect(netOf([removed({ userName: 'u' })]).removal).toMatchObject({ version: undefined, seq });
    const told = removed({ userName: 'u' }, { version: 7, created: 'then', owned: false });
    expect(netOf([told]).removal).toMatchObject({ version: 7, created: 'then' });
    expect(netOf([told]).owned).toEqual({ was: false, is: false });
  });
});
