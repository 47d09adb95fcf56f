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

  test('T-DOS a filter may choose among many that the request has added, many filters may not', () => {
    const value = Array.from({ length: 100_000 }, (_, i) => ({ value: `${i}` }));
    const search = (filter: string) => ({ op: 'remove', path: `members[${filter}]` });
    const all = { op: 'add', path: 'members', value };
    expect(edits(all, search('type eq "Group" or display sw "a"'))).toHaveLength(2);
    const filters = Array.from({ length: 11 }, (_, i) => `display eq "${i}"`);
    expect(edits(...filters.map(search), all)).toHaveLength(12);
    for (const searches of [filters.map(search), [search(filters.join(' or '))]]) {
      expect(refusal(() => edits(all, ...searches)).status).toBe(413);
    }
  });
});

describe('edits fold into one', () => {
  const someone = { matching: () => [], element: (value: string): JsonObject => ({ value, type: 'User' }) };
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
    expect(foldMemberEdits(edits(...operations), someone)).toEqual({
      replaces,
      add: added.map((value) => ({ value })),
      remove: removed,
    });
  });

  describe('a filter removes what the store says it matches, and of what was added what it matches here', () => {
    const filtered = (filter: string) => ({ op: 'remove', path: `members[${filter}]` });
    const base = 'https://joinery.example.com/scim/v2';
    const shown: Record<string, JsonObject> = {
      g: { value: 'g', type: 'Group', display: 'Guides', $ref: `${base}/Groups/g` },
      u: { value: 'u', type: 'User', display: 'Babs', $ref: `${base}/Users/u` },
    };
    const members = { matching: () => ['stored'], element: (id: string) => shown[id] };

    test.each<[string, string[]]>([
      ['type eq "group"', ['u', 'nobody']],
      ['display eq "BABS"', ['g', 'nobody']],
      [`$ref eq "${base}/Users/u"`, ['g', 'nobody']],
      ['not (type eq "User")', ['u', 'nobody']],
      ['not (display eq "x")', ['nobody']],
    ])('%s', (filter, left) => {
      // What the client calls them does not count.
      const value = [{ value: 'g', type: 'User', display: 'Babs' }, { value: 'u' }, { value: 'nobody' }];
      const given = edits({ op: 'add', path: 'members', value }, filtered(filter));
      const { replaces, add: added, remove: removed } = foldMemberEdits(given, members);
      expect(added.map((member) => member.value)).toEqual(left);
      expect({ replaces, removed }).toEqual({ replaces: false, removed: ['stored'] });
    });

    test('after a set, and of what is stored and added again', () => {
      const [add, set] = edits(
        { op: 'add', path: 'members', value: [{ value: 'stored' }, { value: 'u' }] },
        { op: 'replace', path: 'members', value: [{ value: 'g' }, { value: 'u' }] },
      ) as [MemberEdit, MemberEdit];
      const [filter] = edits(filtered('type eq "Group"')) as [MemberEdit];
      expect(foldMemberEdits([set, filter], members)).toEqual({ replaces: true, add: [{ value: 'u' }], remove: [] });
      expect(foldMemberEdits([add, filter], members)).toEqual({
        replaces: false,
        add: [{ value: 'u' }],
        remove: ['stored'],
      });
    });
  });

  test('no edits change nothing', () => {
    expect(foldMemberEdits([], someone)).toEqual({ replaces: false, add: [], remove: [] });
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
        const net = foldMemberEdits(all, {
          matching: (filter) => stored.filter((value) => matches(filter, asMember(value))),
          element: asMember,
        });
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
