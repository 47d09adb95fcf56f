import type { Case, Coverage } from '../case.ts';
import { changing } from '../changing.ts';
import { BOB, HOME, WORK } from '../people.ts';
import { aUser, E, ENT, filtered, found, get, ok, patch, USER } from '../shorthand.ts';

const replaces = changing('replace', BOB);

export const coverage: Coverage = {
  cases: [
    ...(
      [
        ['title', { a: 1 }],
        ['title', true],
        ['active', 'maybe'],
        ['active', 1],
        ['active', {}],
        ['name', 'B J'],
        ['name.givenName', {}],
        ['emails', 5],
        ['emails', [5]],
        ['emails', [[]]],
        ['emails[type eq "work"]', 5],
        ['emails[type eq "work"].primary', 'maybe'],
        ['emails[type eq "work"].value', {}],
        [`${ENT}:department`, {}],
        [`${ENT}:manager`, 7],
        [ENT, 'x'],
      ] as const
    ).map(
      ([path, value]): Case => ({
        ids: ['PAT-52'],
        title: `a value of the wrong type is 400 invalidValue: ${path} ${JSON.stringify(value)}`,
        given: [aUser('bob', BOB)],
        request: patch('/Users/{{bob.id}}', { op: 'replace', path, value }),
        expect: E(400, 'invalidValue'),
      }),
    ),
    ...(
      [
        ['title', 5, 'number-for-string', { title: '5' }],
        ['title', ['x'], 'list-for-simple-value', { title: 'x' }],
        ['active', 'False', 'boolean-as-string', { active: false }],
        ['name', [], 'list-for-single-value', { name: '{{absent}}' }],
        ['emails', ['c@example.com'], 'member-as-string', { emails: [{ value: 'c@example.com' }] }],
        ['emails[type eq "home"]', 'c@example.com', 'member-as-string', { emails: [WORK, { value: 'c@example.com' }] }],
      ] as const
    ).map(
      ([path, value, because, becomes]): Case => ({
        ids: ['PAT-52'],
        title: `a value of the wrong type that providers send: ${path} ${JSON.stringify(value)}`,
        given: [aUser('bob', BOB)],
        request: patch('/Users/{{bob.id}}', { op: 'replace', path, value }),
        expect: E(400, 'invalidValue'),
        default: { because, expect: ok(becomes) },
        afterwards: [{ request: get('/Users/{{bob.id}}'), expect: ok(BOB), default: { because, expect: ok(becomes) } }],
      }),
    ),
    replaces(['PAT-53'], 'null unassigns a single value', {
      operation: { path: 'title', value: null },
      absent: ['title'],
    }),
    replaces(['PAT-53'], 'null unassigns a sub-attribute', {
      operation: { path: 'name.givenName', value: null },
      becomes: { name: { familyName: 'J', givenName: '{{absent}}' } },
    }),
    replaces(['PAT-53'], 'null unassigns a complex value', {
      operation: { path: 'name', value: null },
      absent: ['name'],
    }),
    replaces(['PAT-53'], '[] unassigns a list', { operation: { path: 'emails', value: [] }, absent: ['emails'] }),
    replaces(['PAT-53'], 'null unassigns a list', { operation: { path: 'emails', value: null }, absent: ['emails'] }),
    replaces(['PAT-53'], 'null unassigns what a filter matches', {
      operation: { path: 'emails[type eq "work"]', value: null },
      becomes: { emails: [HOME] },
    }),
    replaces(['PAT-53'], 'null unassigns an extension', {
      operation: { path: ENT, value: null },
      becomes: { schemas: [USER] },
      absent: [ENT],
    }),
    replaces(['PAT-53'], 'without a path, null and [] unassign what they stand for', {
      operation: { value: { title: null, emails: [], name: { givenName: null }, [ENT]: { department: null } } },
      becomes: {
        name: { familyName: 'J', givenName: '{{absent}}' },
        [ENT]: { costCenter: 'c', department: '{{absent}}' },
      },
      absent: ['title', 'emails'],
    }),
    ...(
      [
        [{ path: 'userName', value: null }, 'mutability'],
        [{ value: { userName: null } }, 'mutability'],
        [{ path: 'userName', value: '' }, 'invalidValue'],
        [{ path: 'schemas', value: null }, 'invalidSyntax'],
      ] as const
    ).map(
      ([operation, scimType]): Case => ({
        ids: ['PAT-53'],
        title: `what is required cannot be unassigned: ${JSON.stringify(operation)}`,
        given: [aUser('bob', BOB)],
        request: patch('/Users/{{bob.id}}', { op: 'replace', ...operation }),
        expect: E(400, scimType),
      }),
    ),
    ...[{ path: 'title' }, { path: 'emails' }, { path: 'emails[type eq "work"]' }, { path: ENT }, {}].map(
      (operation): Case => ({
        ids: ['PAT-54'],
        title: `replace without a value is 400 invalidValue: ${JSON.stringify(operation)}`,
        given: [aUser('bob', BOB)],
        request: patch('/Users/{{bob.id}}', { op: 'replace', ...operation }),
        expect: E(400, 'invalidValue', /value/),
      }),
    ),
    {
      ids: ['PAT-55'],
      title: 'active is replaced by its path and without one',
      given: [aUser('bob')],
      request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'active', value: false }),
      expect: ok({ active: false }),
      afterwards: [
        { request: filtered('/Users', 'active eq false'), expect: found('bob') },
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', value: { active: true } }),
          expect: ok({ active: true }),
        },
        { request: get('/Users/{{bob.id}}'), expect: ok({ active: true }) },
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', value: { active: false } }),
          expect: ok({ active: false }),
        },
        { request: get('/Users/{{bob.id}}'), expect: ok({ active: false }) },
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: `${USER}:active`, value: true }),
          expect: ok({ active: true }),
        },
      ],
    },
  ],
  decided: {
    'PAT-54': 'replace without a value is 400 invalidValue; null is a value and unassigns.',
  },
};
