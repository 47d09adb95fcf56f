import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/directory/decide/index.ts';
import type { Facts } from '../../../src/directory/gather.ts';
import type { StoredRecord } from '../../../src/directory/index.ts';
import { ScimError, type ScimWrite } from '../../../src/scim/index.ts';
import {
  actorIn,
  CREATED,
  factsWith,
  GROUP,
  MODIFIED,
  NOW,
  replace,
  STRICT_DIRECTORY,
  storedGroup,
  storedUser,
  TOLERANT_DIRECTORY,
} from './facts.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const user = storedUser({ userName: 'bjensen', title: 'Guide' });
const group = storedGroup({ displayName: 'Sales' }, { memberCount: 2 });

describe('what is sent again', () => {
  test('is unchanged: no change, the same version, the same time', () => {
    const verdict = updated(user, { userName: 'bjensen', title: 'Guide' });
    expect(verdict).toEqual({ kind: 'unchanged', changes: [], at: MODIFIED, record: user });
  });

  test('is unchanged too when only the order of attributes differs', () => {
    expect(updated(user, { title: 'Guide', userName: 'bjensen' })).toMatchObject({ kind: 'unchanged' });
  });
});

describe('a change', () => {
  test('is one row: the attributes that differ, as they were and as they are; the version one higher', () => {
    const verdict = updated(user, { userName: 'bjensen', nickName: 'Babs' });
    expect(verdict).toMatchObject({
      kind: 'changed',
      at: NOW,
      record: { id: 'user-1', version: 4, created: CREATED, modified: NOW },
      changes: [
        {
          kind: 'updated',
          before: { version: 3 },
          after: { id: 'user-1', version: 4, created: CREATED, modified: NOW },
          difference: { before: { title: 'Guide', nickName: null }, after: { title: null, nickName: 'Babs' } },
        },
      ],
    });
  });

  test('of `active` moves the record out of, and back into, the active ones', () => {
    expect(updated(user, { userName: 'bjensen', active: false })).toMatchObject({ record: { active: false } });
    const off = storedUser({ userName: 'bjensen', active: false });
    expect(updated(off, { userName: 'bjensen', active: true })).toMatchObject({ record: { active: true } });
    expect(updated(off, { userName: 'bjensen' })).toMatchObject({ record: { active: true } });
  });

  test('never turns lastModified back when the clock did (T-OPS-02)', () => {
    const later = storedUser({ userName: 'bjensen' }, { modified: '2027-01-01T00:00:00.000Z' });
    expect(updated(later, { userName: 'bjensen', title: 'x' })).toMatchObject({
      at: later.modified,
      record: { modified: later.modified },
    });
  });

  test('of members alone leaves the text, and moves the version once however many rows it takes', () => {
    const added = Array.from({ length: 1500 }, (_, index) => ({ value: `user-${index}`, type: 'User' }));
    const verdict = updated(group, { displayName: 'Sales' }, { members: { added, removed: ['user-x'], unknown: [] } });
    expect(verdict).toMatchObject({
      kind: 'changed',
      record: { version: 8, memberCount: 1501, text: group.text },
      changes: [
        { kind: 'members', version: 8, added: [], removed: ['user-x'] },
        { kind: 'members', version: 8, removed: [] },
        { kind: 'members', version: 8, removed: [] },
      ],
    });
  });

  test('of a name and of members is one set with one new version', () => {
    const members = { added: [{ value: 'user-9', type: 'User' }], removed: [], unknown: [] };
    const verdict = updated(group, { displayName: 'Selling' }, { members });
    expect(verdict).toMatchObject({
      changes: [
        { kind: 'updated', after: { version: 8 } },
        { kind: 'members', version: 8 },
      ],
    });
  });
});

describe('refused, and nothing with it', () => {
  test('an id that nobody has', () => {
    const request = replace('ghost', { userName: 'x' });
    const verdict = decide(actorIn(TOLERANT_DIRECTORY), { request, facts: factsWith({}), now: NOW, newId });
    expect(verdict).toEqual({ kind: 'refused', refusal: { reason: 'not-found', type: 'User', id: 'ghost' } });
  });

  test('a version that has passed; the current one and `*` are fine', () => {
    const sent = { userName: 'bjensen', title: 'x' };
    const conditional = (ifMatch: '*' | readonly string[]) =>
      decided({ ...replace('user-1', sent), ifMatch }, user, sent);
    expect(conditional(['2'])).toMatchObject({ refusal: { reason: 'version-mismatch', id: 'user-1', version: 3 } });
    expect(conditional([])).toMatchObject({ refusal: { reason: 'version-mismatch' } });
    expect(conditional(['2', '3'])).toMatchObject({ kind: 'changed' });
    expect(conditional('*')).toMatchObject({ kind: 'changed' });
  });

  test('a name or an externalId that another has; its own is fine (conflict D8)', () => {
    const other = storedUser({ userName: 'jsmith', externalId: '00u2' }, { id: 'user-2', active: false });
    const renamed = { userName: 'jsmith', title: 'Guide' };
    expect(updated(user, renamed, { sameName: other })).toMatchObject({
      refusal: { reason: 'name-taken', attribute: 'userName', value: 'jsmith', active: false },
    });
    expect(updated(user, { userName: 'BJENSEN' }, { sameName: user })).toMatchObject({ kind: 'changed' });
    const linked = { userName: 'bjensen', externalId: '00u2' };
    expect(updated(user, linked, { sameExternalId: other })).toMatchObject({
      refusal: { reason: 'external-id-taken', externalId: '00u2' },
    });
  });

  test('unknown members, all of them named', () => {
    const members = { added: [{ value: 'user-9', type: 'User' }], removed: ['user-1'], unknown: ['a', 'b'] };
    expect(updated(group, { displayName: 'Other' }, { members })).toMatchObject({
      kind: 'refused',
      refusal: { reason: 'unknown-members', ids: ['a', 'b'] },
    });
  });

  test('a group in itself', () => {
    const members = { added: [{ value: 'group-1', type: 'Group' }], removed: [], unknown: [] };
    expect(updated(group, { displayName: 'Sales' }, { members })).toMatchObject({
      refusal: { reason: 'member-of-itself', id: 'group-1' },
    });
  });

  test('a request that does not fit what is stored, with the words of the protocol', () => {
    const error = ScimError.noTarget('emails: nothing matches.');
    const misfit = { reason: 'protocol', error } as const;
    expect(updated(user, { userName: 'bjensen' }, { misfit })).toEqual({ kind: 'refused', refusal: misfit });
  });
});

describe('a manager whom nobody knows', () => {
  const sent = { userName: 'bjensen', [ENTERPRISE]: { manager: { value: 'ghost', $ref: 'Users/ghost' } } };

  test('is kept without a reference that would lead nowhere', () => {
    const verdict = updated(user, sent, { managerKnown: false });
    if (verdict.kind !== 'changed') throw new Error(verdict.kind);
    expect(JSON.parse(verdict.record.text)[ENTERPRISE]).toEqual({ manager: { value: 'ghost' } });
  });

  test('is refused in a strict directory', () => {
    const request = replace('user-1', sent);
    const facts = factsWith({ current: user, proposal: proposalOf(user, sent), managerKnown: false });
    expect(decide(actorIn(STRICT_DIRECTORY), { request, facts, now: NOW, newId })).toEqual({
      kind: 'refused',
      refusal: { reason: 'unknown-manager', id: 'ghost' },
    });
  });
});

describe('a removal', () => {
  const remove = (id: string, type = replace('', {}).type): Extract<ScimWrite, { kind: 'remove' }> => ({
    kind: 'remove',
    type,
    id,
  });

  test('takes the memberships with it: each group changes, because of it', () => {
    const groups = [storedGroup({}, { id: 'g1', version: 4 }), storedGroup({}, { id: 'g2', version: 9 })];
    const facts = factsWith({ current: user, memberOf: groups });
    expect(decide(actorIn(TOLERANT_DIRECTORY), { request: remove('user-1'), facts, now: NOW, newId })).toMatchObject({
      kind: 'removed',
      changes: [
        { kind: 'removed', before: { id: 'user-1' }, memberOf: ['g1', 'g2'] },
        { kind: 'members', group: { id: 'g1' }, version: 5, added: [], removed: ['user-1'], cause: 0 },
        { kind: 'members', group: { id: 'g2' }, version: 10, added: [], removed: ['user-1'], cause: 0 },
      ],
    });
  });

  test('of a group lets its members out first, because of it', () => {
    const removed = Array.from({ length: 1001 }, (_, index) => `user-${index}`);
    const facts = factsWith({ current: group, members: { added: [], removed, unknown: [] } });
    const verdict = decide(actorIn(TOLERANT_DIRECTORY), { request: remove('group-1', GROUP), facts, now: NOW, newId });
    if (verdict.kind !== 'removed') throw new Error(verdict.kind);
    expect(verdict.changes.map(({ kind, cause }) => [kind, cause])).toEqual([
      ['members', 2],
      ['members', 2],
      ['removed', undefined],
    ]);
  });

  test('is not earlier than what it changes', () => {
    const later = storedGroup({}, { id: 'g1', modified: '2027-01-01T00:00:00.000Z' });
    const facts = factsWith({ current: user, memberOf: [later] });
    const verdict = decide(actorIn(TOLERANT_DIRECTORY), { request: remove('user-1'), facts, now: NOW, newId });
    expect(verdict).toMatchObject({ at: later.modified });
  });

  test('of nobody, or of a version that has passed, is refused', () => {
    expect(
      decide(actorIn(TOLERANT_DIRECTORY), { request: remove('ghost'), facts: factsWith({}), now: NOW, newId }),
    ).toMatchObject({ refusal: { reason: 'not-found', id: 'ghost' } });
    const request = { ...remove('user-1'), ifMatch: ['1'] };
    const facts = factsWith({ current: user });
    expect(decide(actorIn(TOLERANT_DIRECTORY), { request, facts, now: NOW, newId })).toMatchObject({
      refusal: { reason: 'version-mismatch' },
    });
  });
});

function updated(current: StoredRecord, sent: Readonly<Record<string, unknown>>, given: Partial<Facts> = {}) {
  const type = current.type === 'Group' ? GROUP : replace('', {}).type;
  return decided(replace(current.id, sent as never, type), current, sent, given);
}

function decided(
  request: ScimWrite,
  current: StoredRecord,
  sent: Readonly<Record<string, unknown>>,
  given: Partial<Facts> = {},
) {
  const facts = factsWith({ current, proposal: proposalOf(current, sent), ...given });
  return decide(actorIn(TOLERANT_DIRECTORY), { request, facts, now: NOW, newId });
}

function proposalOf(current: StoredRecord, sent: Readonly<Record<string, unknown>>) {
  const before = JSON.parse(current.text);
  return { before, after: { schemas: before.schemas, id: current.id, ...sent }, memberEdits: [] } as never;
}

function newId(): string {
  throw new Error('an update needs no new id');
}
