import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/directory/decide/index.ts';
import type { Facts } from '../../../src/directory/gather.ts';
import type { DirectoryContext, StoredRecord } from '../../../src/directory/index.ts';
import { propose } from '../../../src/directory/propose.ts';
import type { JsonObject, ScimWrite } from '../../../src/scim/index.ts';
import {
  actorIn,
  CREATED,
  create,
  factsWith,
  GROUP,
  NOW,
  STRICT_DIRECTORY,
  storedGroup,
  storedUser,
  TOLERANT_DIRECTORY,
} from './facts.ts';

describe('a create that meets nobody', () => {
  test('is stored under a new id, as version 1, created and modified now', () => {
    const verdict = created({ userName: 'bjensen', title: 'Tour Guide' });
    expect(verdict).toMatchObject({
      kind: 'created',
      at: NOW,
      record: { type: 'User', id: 'new-id', version: 1, created: NOW, modified: NOW, active: true, memberCount: 0 },
    });
    expect(JSON.parse(verdict.record.text)).toMatchObject({ id: 'new-id', userName: 'bjensen', title: 'Tour Guide' });
    expect(verdict.changes).toHaveLength(1);
    expect(verdict.changes[0]).toMatchObject({
      kind: 'created',
      after: { id: 'new-id', resource: { id: 'new-id', userName: 'bjensen' }, text: verdict.record.text },
    });
  });

  test('is inactive when it says so', () => {
    expect(created({ userName: 'bjensen', active: false }).record.active).toBe(false);
  });

  test('has its members as changes that its creation caused, a thousand ids in each', () => {
    const added = Array.from({ length: 2001 }, (_, index) => ({ value: `user-${index}`, type: 'User' }));
    const verdict = decided(create({ displayName: 'All' }, GROUP), { members: { added, removed: [], unknown: [] } });
    if (verdict.kind !== 'created') throw new Error(verdict.kind);
    expect(verdict.record.memberCount).toBe(2001);
    expect(verdict.changes.map((change) => [change.kind, change.cause, size(change)])).toEqual([
      ['created', undefined, 0],
      ['members', 0, 1000],
      ['members', 0, 1000],
      ['members', 0, 1],
    ]);
    expect(verdict.changes.slice(1).every((change) => change.kind === 'members' && change.version === 1)).toBe(true);
  });

  test('is refused, whole, when one member is unknown', () => {
    const members = { added: [{ value: 'user-1', type: 'User' }], removed: [], unknown: ['ghost'] };
    expect(decided(create({ displayName: 'All' }, GROUP), { members })).toEqual({
      kind: 'refused',
      refusal: { reason: 'unknown-members', ids: ['ghost'] },
    });
  });
});

/** Decision 31, line by line: when POST brings an inactive record back, and when it is a clash. */
describe('a create that meets a record (decision 31)', () => {
  type By = 'userName' | 'externalId' | 'both' | 'two records';
  interface Case {
    readonly met: By;
    readonly kept: { readonly active: boolean; readonly externalId?: string };
    readonly sent: JsonObject;
    readonly becomes: 'revived' | 'name-taken' | 'external-id-taken' | 'two-matches';
  }
  const inactive = { active: false };
  const cases: readonly Case[] = [
    { met: 'userName', kept: inactive, sent: {}, becomes: 'revived' },
    { met: 'userName', kept: inactive, sent: { active: true }, becomes: 'revived' },
    { met: 'userName', kept: inactive, sent: { active: false }, becomes: 'name-taken' },
    { met: 'userName', kept: { active: true }, sent: {}, becomes: 'name-taken' },
    { met: 'userName', kept: { active: true }, sent: { active: false }, becomes: 'name-taken' },
    { met: 'userName', kept: { active: false, externalId: '00u1' }, sent: {}, becomes: 'revived' },
    { met: 'userName', kept: inactive, sent: { externalId: '00u1' }, becomes: 'revived' },
    {
      met: 'userName',
      kept: { active: false, externalId: '00u1' },
      sent: { externalId: '00u2' },
      becomes: 'name-taken',
    },
    // caseExact: another spelling is another person's.
    { met: 'userName', kept: { active: false, externalId: 'ABC' }, sent: { externalId: 'abc' }, becomes: 'name-taken' },
    { met: 'both', kept: { active: false, externalId: '00u1' }, sent: { externalId: '00u1' }, becomes: 'revived' },
    { met: 'both', kept: { active: true, externalId: '00u1' }, sent: { externalId: '00u1' }, becomes: 'name-taken' },
    {
      met: 'both',
      kept: { active: false, externalId: '00u1' },
      sent: { externalId: '00u1', active: false },
      becomes: 'name-taken',
    },
    {
      met: 'externalId',
      kept: { active: false, externalId: '00u1' },
      sent: { externalId: '00u1' },
      becomes: 'revived',
    },
    {
      met: 'externalId',
      kept: { active: true, externalId: '00u1' },
      sent: { externalId: '00u1' },
      becomes: 'external-id-taken',
    },
    {
      met: 'externalId',
      kept: { active: false, externalId: '00u1' },
      sent: { externalId: '00u1', active: false },
      becomes: 'external-id-taken',
    },
    { met: 'two records', kept: inactive, sent: { externalId: '00u9' }, becomes: 'two-matches' },
    { met: 'two records', kept: { active: true }, sent: { externalId: '00u9' }, becomes: 'two-matches' },
  ];

  for (const { met, kept, sent, becomes } of cases) {
    test(`by ${met}: stored ${JSON.stringify(kept)}, sent ${JSON.stringify(sent)} → ${becomes}`, () => {
      const record = storedUser({ userName: met === 'externalId' ? 'old.name' : 'bjensen', ...kept });
      const other = storedUser({ userName: 'other', externalId: '00u9' }, { id: 'user-2' });
      const verdict = decided(create({ userName: 'BJensen', ...sent }), {
        current: record,
        sameName: met === 'externalId' ? undefined : record,
        sameExternalId: met === 'two records' ? other : met === 'userName' ? undefined : record,
      });
      if (becomes !== 'revived') {
        expect(verdict).toMatchObject({ kind: 'refused', refusal: { reason: becomes } });
        return;
      }
      expect(verdict).toMatchObject({
        kind: 'created',
        record: { id: 'user-1', version: 4, created: CREATED, modified: NOW, active: true },
      });
    });
  }

  test('the refusal says whether the record that holds the name is active', () => {
    for (const active of [true, false]) {
      const record = storedUser({ userName: 'bjensen', active });
      const verdict = decided(create({ userName: 'bjensen', active: false }), { current: record, sameName: record });
      expect(verdict).toMatchObject({ refusal: { reason: 'name-taken', attribute: 'userName', active } });
    }
  });

  test('brought back, a record is what the create says (PUT semantics), under its old id', () => {
    const record = storedUser({ userName: 'bjensen', title: 'Old', nickName: 'Babs', active: false });
    const verdict = decided(create({ userName: 'BJensen', title: 'New' }), { current: record, sameName: record });
    if (verdict.kind !== 'created') throw new Error(verdict.kind);
    const resource = JSON.parse(verdict.record.text) as JsonObject;
    expect(resource).toMatchObject({ id: 'user-1', userName: 'BJensen', title: 'New' });
    expect(resource).not.toHaveProperty('nickName');
    expect(resource.active).not.toBe(false);
    expect(verdict.changes).toHaveLength(1);
    expect(verdict.changes[0]).toMatchObject({
      kind: 'updated',
      before: { version: 3 },
      difference: { before: { title: 'Old', nickName: 'Babs' }, after: { title: 'New', nickName: null } },
    });
  });
});

describe('a group whose name another has', () => {
  const record = storedGroup({ displayName: 'Sales' });

  test('is a clash by default', () => {
    const verdict = decided(create({ displayName: 'sales' }, GROUP), { current: record, sameName: record });
    expect(verdict).toMatchObject({ kind: 'refused', refusal: { reason: 'name-taken', attribute: 'displayName' } });
  });

  test('is created in a strict directory, whose store is not asked for the name', () => {
    const verdict = decided(create({ displayName: 'sales' }, GROUP), {}, STRICT_DIRECTORY);
    expect(verdict).toMatchObject({ kind: 'created', record: { id: 'new-id' } });
  });
});

function created(attributes: JsonObject) {
  const verdict = decided(create(attributes), {});
  if (verdict.kind !== 'created') throw new Error(verdict.kind);
  return verdict;
}

function decided(
  request: Extract<ScimWrite, { kind: 'create' }>,
  given: Partial<Facts>,
  directory: DirectoryContext = TOLERANT_DIRECTORY,
) {
  const current: StoredRecord | undefined = given.current;
  const actor = actorIn(directory);
  const proposal = propose(request, { current, id: current?.id ?? '', actor });
  return decide(actor, { request, facts: factsWith({ proposal, ...given }), now: NOW, newId: () => 'new-id' });
}

function size(change: { kind: string; added?: readonly unknown[] }): number {
  return change.added?.length ?? 0;
}
