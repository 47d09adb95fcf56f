import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyPatch,
  type Filter,
  foldMemberEdits,
  GROUP,
  type JsonObject,
  type JsonValue,
  type MemberEdit,
  matches,
  readPatch,
  type Target,
  TOLERANT,
} from '../../../src/scim/index.ts';
import { frozen, GROUP_URN, patchOp, refusal } from './resources.ts';

const TOURISTS: JsonObject = { schemas: [GROUP_URN], id: 'g1', displayName: 'Tourists' };

function edits(...operations: JsonValue[]): readonly MemberEdit[] {
  const { after, memberEdits } = applyPatch(
    GROUP,
    frozen(TOURISTS),
    readPatch(GROUP, frozen(patchOp(...operations)), TOLERANT),
    TOLERANT,
  );
  expect(after).toEqual(TOURISTS);
  return memberEdits;
}

describe('operations on members become edits', () => {
  test.each<[string, JsonObject, MemberEdit]>([
    [
      'add',
      { op: 'add', path: 'members', value: [{ value: 'u1', display: null }] },
      { kind: 'add', members: [{ value: 'u1' }] },
    ],
    [
      'add one',
      { op: 'Add', path: 'MEMBERS', value: { value: 'u1', type: 'User' } },
      { kind: 'add', members: [{ value: 'u1', type: 'User' }] },
    ],
    [
      'add without a path',
      { op: 'add', value: { members: [{ value: 'u1' }] } },
      { kind: 'add', members: [{ value: 'u1' }] },
    ],
    ['add nothing', { op: 'add', path: 'members', value: null }, { kind: 'add', members: [] }],
    [
      'PAT-58 replace',
      { op: 'replace', path: 'members', value: [{ value: 'u1' }, { value: 'u1' }] },
      { kind: 'set', members: [{ value: 'u1' }] },
    ],
    ['replace without a path', { op: 'replace', value: { members: [] } }, { kind: 'set', members: [] }],
    ['replace with null', { op: 'replace', path: 'members', value: null }, { kind: 'set', members: [] }],
    ['PAT-34 remove', { op: 'remove', path: 'members' }, { kind: 'set', members: [] }],
    ['remove one', { op: 'remove', path: 'members[value eq "u1"]' }, { kind: 'remove', ids: ['u1'] }],
    [
      'remove one by URN',
      { op: 'remove', path: `${GROUP_URN}:members[VALUE EQ "u1"]` },
      { kind: 'remove', ids: ['u1'] },
    ],
    [
      'remove some',
      { op: 'remove', path: 'members[value eq "u1" or (value eq "u2" or value eq "u3")]' },
      { kind: 'remove', ids: ['u1', 'u2', 'u3'] },
    ],
  ])('%s', (_, operation, expected) => {
    expect(edits(operation)).toEqual([expected]);
  });

  test.each([
    'display sw "a"',
    'type eq "User"',
    'not (value eq "u1")',
    'value eq "u1" or type eq "Group"',
    'value eq "u1" and value eq "u2"',
    'value ne "u1"',
    'value eq null',
    '$ref pr',
  ])('a filter that names no ids is left to the store: %s', (filter) => {
    expect(edits({ op: 'remove', path: `members[${filter}]` })).toEqual([
      { kind: 'removeWhere', filter: expect.anything() },
    ]);
  });

  test('what else the operations say happens too', () => {
    const operations = readPatch(
      GROUP,
      patchOp({ op: 'replace', value: { id: 'x', displayName: 'New', members: [{ value: 'u1' }] } }),
      TOLERANT,
    );
    expect(applyPatch(GROUP, TOURISTS, operations, TOLERANT)).toEqual({
      after: { ...TOURISTS, displayName: 'New' },
      memberEdits: [{ kind: 'set', members: [{ value: 'u1' }] }],
    });
  });

  test.each<[string, JsonObject, string]>([
    ['GRP-04 an id edited', { op: 'replace', path: 'members[value eq "u1"].value', value: 'u2' }, 'mutability'],
    ['an element edited', { op: 'add', path: 'members[value eq "u1"]', value: { value: 'u2' } }, 'mutability'],
    ['an element replaced', { op: 'replace', path: 'members[value eq "u1"]', value: { value: 'u2' } }, 'mutability'],
    ['every type', { op: 'replace', path: 'members.type', value: 'Group' }, 'mutability'],
    ['a type removed', { op: 'remove', path: 'members[value eq "u1"].type' }, 'mutability'],
    ['GRP-16 a display', { op: 'replace', path: 'members[value eq "u1"].display', value: 'x' }, 'mutability'],
    ['no ids', { op: 'add', path: 'members', value: [{ display: 'x' }] }, 'invalidValue'],
    ['ids alone', { op: 'add', path: 'members', value: ['u1'] }, 'invalidValue'],
    ['one for all', { op: 'replace', path: 'members', value: { value: 'u1' } }, 'invalidValue'],
    ['no display name', { op: 'remove', path: 'displayName' }, 'mutability'],
  ])('%s is refused', (_, operation, scimType) => {
    expect(refusal(() => edits(operation))).toMatchObject({ status: 400, scimType });
  });

  test('a hundred searches are taken in one request, and no more', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ op: 'remove', path: `members[display eq "${i}"]` }));
    expect(edits(...many(100))).toHaveLength(100);
    expect(refusal(() => edits(...many(101))).status).toBe(413);
  });
});

describe('edits fold into one', () => {
  const nobody = () => [];
  const add = (...ids: string[]) => ({ op: 'add', path: 'members', value: ids.map((value) => ({ value })) });
  const remove = (id: string) => ({ op: 'remove', path: `members[value eq "${id}"]` });
  const set = (...ids: string[]) => ({ op: 'replace', path: 'members', value: ids.map((value) => ({ value })) });

  test.each<[string, JsonValue[], { replaces: boolean; add: string[]; remove: string[] }]>([
    [
      'GRP-08, GRP-09 each id once',
      [add('a', 'b'), add('a'), remove('c'), remove('c')],
      { replaces: false, add: ['a', 'b'], remove: ['c'] },
    ],
    ['added, then removed', [add('a'), remove('a')], { replaces: false, add: [], remove: ['a'] }],
    ['removed, then added', [remove('a'), add('a')], { replaces: false, add: ['a'], remove: [] }],
    ['set forgets what was before', [add('a'), remove('b'), set('c')], { replaces: true, add: ['c'], remove: [] }],
    ['set, then edited', [set('a', 'b'), remove('a'), add('c')], { replaces: true, add: ['b', 'c'], remove: [] }],
    [
      'all removed, then some added',
      [{ op: 'remove', path: 'members' }, add('a')],
      { replaces: true, add: ['a'], remove: [] },
    ],
    ['set, then all removed', [set('a'), { op: 'remove', path: 'members' }], { replaces: true, add: [], remove: [] }],
  ])('%s', (_, operations, { replaces, add: added, remove: removed }) => {
    expect(foldMemberEdits(edits(...operations), nobody)).toEqual({
      replaces,
      add: added.map((value) => ({ value })),
      remove: removed,
    });
  });

  describe('a filter removes what it is said to choose', () => {
    const filtered = { op: 'remove', path: 'members[type eq "Group"]' };
    const fold = (...operations: JsonValue[]) => foldMemberEdits(edits(...operations), () => ['stored', 'g']);

    test('of what was stored, and of what was added before it', () => {
      expect(fold(add('g', 'u'), filtered, add('h'))).toEqual({
        replaces: false,
        add: [{ value: 'u' }, { value: 'h' }],
        remove: ['stored', 'g'],
      });
      expect(fold(set('g', 'u'), filtered)).toEqual({ replaces: true, add: [{ value: 'u' }], remove: [] });
    });

    test('not of what is added after it', () => {
      expect(fold(filtered, add('g'), add('stored'))).toEqual({
        replaces: false,
        add: [{ value: 'g' }, { value: 'stored' }],
        remove: [],
      });
    });
  });

  test('no edits change nothing', () => {
    expect(foldMemberEdits([], nobody)).toEqual({ replaces: false, add: [], remove: [] });
  });

  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const operation = fc.oneof(
    fc.array(id).map((ids) => add(...ids)),
    fc.array(id).map((ids) => set(...ids)),
    id.map(remove),
    id.map((value) => ({ op: 'remove', path: `members[not (value eq "${value}")]` })),
    fc.constant({ op: 'remove', path: 'members' }),
  );

  test('folding is what doing one after the other is', () => {
    fc.assert(
      fc.property(fc.uniqueArray(id), fc.array(operation, { minLength: 1, maxLength: 8 }), (stored, operations) => {
        const all = edits(...operations);
        const filters = all.flatMap((edit) => (edit.kind === 'removeWhere' ? [edit.filter] : []));
        const net = foldMemberEdits(all, (filter) =>
          ['a', 'b', 'c', 'd', 'e'].filter((value) => filters.findLast((one) => isMatch(one, value)) === filter),
        );
        const expected = all.reduce(oneAfterTheOther, new Set(stored));
        const kept = net.replaces ? [] : stored.filter((value) => !net.remove.includes(value));
        expect(new Set([...kept, ...net.add.map(({ value }) => value)])).toEqual(expected);
        expect(net.add.filter(({ value }) => net.remove.includes(value))).toEqual([]);
      }),
    );
  });

  function oneAfterTheOther(members: ReadonlySet<string>, edit: MemberEdit): Set<string> {
    switch (edit.kind) {
      case 'add':
        return new Set([...members, ...edit.members.map(({ value }) => value)]);
      case 'set':
        return new Set(edit.members.map(({ value }) => value));
      case 'remove':
        return new Set([...members].filter((value) => !edit.ids.includes(value)));
      case 'removeWhere':
        return new Set([...members].filter((value) => !isMatch(edit.filter, value)));
    }
  }

  const isMatch = (filter: Filter<Target>, value: string) => matches(filter, asMember(value));
  const asMember = (value: string): JsonObject => ({ value, type: 'User' });
});
