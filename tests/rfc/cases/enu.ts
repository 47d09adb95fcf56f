import { expect } from 'vitest';
import type { Coverage } from '../case.ts';
import {
  aUser,
  created,
  del,
  E,
  ENT,
  filtered,
  found,
  get,
  NO_CONTENT,
  NOBODY,
  ok,
  patch,
  post,
  put,
  USER,
  user,
} from '../shorthand.ts';

const STRINGS = {
  employeeNumber: '701984',
  costCenter: '4130',
  organization: 'Universal Studios',
  division: 'Theme Park 🎢',
  department: 'Tour Operations',
};

export const coverage: Coverage = {
  cases: [
    {
      ids: ['ENU-01'],
      title: 'the five strings of an employer are kept, shown and found',
      request: post('/Users', user('bob', { [ENT]: STRINGS })),
      expect: created({ schemas: [USER, ENT], [ENT]: STRINGS }),
      as: 'bob',
      afterwards: [
        { request: get('/Users/{{bob.id}}'), expect: { status: 200, exactly: '{{bob}}' } },
        ...Object.entries(STRINGS).map(([name, value]) => ({
          request: filtered('/Users', `${ENT}:${name} eq "${value.toUpperCase()}"`),
          expect: found('bob'),
        })),
        {
          request: post('/Users', user('eve', { [ENT]: { costCenter: ['a'], department: 'x' } })),
          expect: E(400, 'invalidValue', /costCenter/),
        },
      ],
    },
    {
      ids: ['ENU-02'],
      title: 'a manager whom nobody knows',
      given: [aUser('eve')],
      request: post('/Users', user('bob', { [ENT]: { manager: { value: NOBODY } } })),
      expect: E(400, 'invalidValue', new RegExp(`manager.*${NOBODY}`)),
      default: {
        because: 'unknownManager',
        expect: created({ [ENT]: { manager: { value: NOBODY, $ref: '{{absent}}' } } }),
      },
      afterwards: [
        {
          request: patch('/Users/{{eve.id}}', { op: 'add', path: `${ENT}:manager.value`, value: NOBODY }),
          expect: E(400, 'invalidValue', new RegExp(`manager.*${NOBODY}`)),
          default: {
            because: 'unknownManager',
            expect: ok({ [ENT]: { manager: { value: NOBODY, $ref: '{{absent}}' } } }),
          },
        },
      ],
    },
    {
      ids: ['ENU-02'],
      title: 'a manager of another customer is one whom nobody knows',
      run: async (world) => {
        const theirs = await (await world.another()).user('theirs');
        const reply = await world.post('/Users', user('bob', { [ENT]: { manager: { value: theirs.id } } }));
        if (world.mode === 'strict') expect(reply.body).toMatchObject({ status: '400', scimType: 'invalidValue' });
        else expect(reply.body[ENT].manager).toEqual({ value: theirs.id });
      },
    },
    {
      ids: ['ENU-02', 'ENU-03'],
      title: 'a manager has the URI of that user',
      given: [
        aUser('boss'),
        aUser('bob', { [ENT]: { manager: { value: '{{boss.id}}', $ref: 'https://evil.example' } } }),
      ],
      request: get('/Users/{{bob.id}}'),
      expect: ok({ [ENT]: { manager: { value: '{{boss.id}}', $ref: '{{base}}/Users/{{boss.id}}' } } }),
      afterwards: [
        { request: filtered('/Users', `${ENT}:manager.value eq "{{boss.id}}"`), expect: found('bob') },
        {
          request: patch('/Users/{{boss.id}}', { op: 'add', path: `${ENT}:manager`, value: { value: '{{bob.id}}' } }),
          expect: ok({ [ENT]: { manager: { value: '{{bob.id}}', $ref: '{{base}}/Users/{{bob.id}}' } } }),
        },
      ],
    },
    {
      ids: ['ENU-04'],
      title: 'a manager’s displayName is not for clients: PATCH is refused, POST and PUT ignore it',
      given: [
        aUser('boss', { displayName: 'The Boss' }),
        aUser('bob', { [ENT]: { manager: { value: '{{boss.id}}' } } }),
      ],
      request: patch('/Users/{{bob.id}}', { op: 'replace', path: `${ENT}:manager.displayName`, value: 'Evil' }),
      expect: E(400, 'mutability', /displayName/),
      afterwards: [
        {
          request: put(
            '/Users/{{bob.id}}',
            user('bob', { active: true, [ENT]: { manager: { value: '{{boss.id}}', displayName: 'Evil' } } }),
          ),
          expect: ok({ [ENT]: { manager: { value: '{{boss.id}}', displayName: '{{not Evil}}' } } }),
          unchanged: ['/Users/{{bob.id}}'],
        },
        {
          request: post('/Users', user('eve', { [ENT]: { manager: { value: '{{boss.id}}', displayName: 'Evil' } } })),
          expect: created({ [ENT]: { manager: { value: '{{boss.id}}', displayName: '{{not Evil}}' } } }),
        },
      ],
    },
    {
      ids: ['ENU-05'],
      title: 'schemas gains the extension with its first value, by PATCH with or without a path',
      given: [aUser('bob'), aUser('eve'), aUser('joe')],
      request: patch('/Users/{{bob.id}}', { op: 'add', path: `${ENT}:employeeNumber`, value: '701984' }),
      expect: ok({ schemas: [USER, ENT], [ENT]: { employeeNumber: '701984' } }),
      afterwards: [
        {
          request: patch('/Users/{{eve.id}}', { op: 'add', value: { [ENT]: { employeeNumber: '701985' } } }),
          expect: ok({ schemas: [USER, ENT], [ENT]: { employeeNumber: '701985' } }),
        },
        {
          request: patch('/Users/{{joe.id}}', { op: 'replace', path: `${ENT}:department`, value: 'x' }),
          expect: ok({ schemas: [USER, ENT], [ENT]: { department: 'x' } }),
        },
        { request: filtered('/Users', `schemas eq "${ENT}"`), expect: found('bob', 'eve', 'joe') },
      ],
    },
    {
      ids: ['ENU-06'],
      title: 'with the last value, the extension goes from the resource and from schemas',
      given: [
        aUser('bob', { [ENT]: { department: 'x', division: 'y' } }),
        aUser('eve', { [ENT]: { department: 'x' } }),
      ],
      request: patch('/Users/{{bob.id}}', { op: 'remove', path: `${ENT}:department` }),
      expect: ok({ schemas: [USER, ENT], [ENT]: { department: '{{absent}}', division: 'y' } }),
      afterwards: [
        {
          request: patch('/Users/{{bob.id}}', { op: 'remove', path: `${ENT}:division` }),
          expect: { ...ok({ schemas: [USER] }), absent: [ENT] },
        },
        {
          request: patch('/Users/{{eve.id}}', { op: 'replace', path: `${ENT}:department`, value: null }),
          expect: { ...ok({ schemas: [USER] }), absent: [ENT] },
        },
        { request: put('/Users/{{bob.id}}', user('bob', { [ENT]: {} })), expect: { ...ok(), absent: [ENT] } },
        { request: filtered('/Users', `schemas eq "${ENT}"`), expect: found() },
      ],
    },
    {
      ids: ['ENU-07'],
      title: 'a manager given as a string',
      given: [aUser('boss'), aUser('bob')],
      request: patch('/Users/{{bob.id}}', { op: 'add', path: `${ENT}:manager`, value: '{{boss.id}}' }),
      expect: E(400, 'invalidValue', /manager/),
      default: {
        because: 'manager-as-string',
        expect: ok({ [ENT]: { manager: { value: '{{boss.id}}', $ref: '{{base}}/Users/{{boss.id}}' } } }),
      },
      afterwards: [
        {
          request: post('/Users', user('eve', { [ENT]: { manager: '{{boss.id}}' } })),
          expect: E(400, 'invalidValue', /manager/),
          default: {
            because: 'manager-as-string',
            expect: created({ [ENT]: { manager: { value: '{{boss.id}}', $ref: '{{base}}/Users/{{boss.id}}' } } }),
          },
        },
        {
          request: filtered('/Users', `${ENT}:manager eq "{{boss.id}}"`),
          expect: E(400, 'invalidFilter', /manager/),
          default: { because: 'manager-as-string', expect: found('bob', 'eve') },
        },
      ],
    },
    {
      ids: ['ENU-08'],
      title: 'a manager who was deleted is nobody’s: what still names them leads to 404, and is never told as live',
      given: [aUser('boss'), aUser('bob', { [ENT]: { manager: { value: '{{boss.id}}' }, department: 'x' } })],
      request: del('/Users/{{boss.id}}'),
      expect: NO_CONTENT,
      afterwards: [
        { request: get('/Users/{{boss.id}}'), expect: E(404) },
        { request: get('/Users/{{bob.id}}'), expect: ok({ [ENT]: { department: 'x' } }) },
        { request: post('/Users', user('boss')), expect: created({ id: '{{not {{boss.id}}}}' }) },
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'title', value: 'y' }),
          expect: ok({ title: 'y', [ENT]: { department: 'x' } }),
        },
      ],
    },
    {
      ids: ['ENU-09'],
      title: 'people may be each other’s managers, and their own',
      given: [aUser('bob'), aUser('eve', { [ENT]: { manager: { value: '{{bob.id}}' } } })],
      request: patch('/Users/{{bob.id}}', { op: 'add', path: `${ENT}:manager.value`, value: '{{eve.id}}' }),
      expect: ok({ [ENT]: { manager: { value: '{{eve.id}}', $ref: '{{base}}/Users/{{eve.id}}' } } }),
      afterwards: [
        { request: get('/Users/{{eve.id}}'), expect: ok({ [ENT]: { manager: { value: '{{bob.id}}' } } }) },
        {
          request: patch('/Users/{{bob.id}}', { op: 'replace', path: `${ENT}:manager.value`, value: '{{bob.id}}' }),
          expect: ok({ [ENT]: { manager: { value: '{{bob.id}}', $ref: '{{base}}/Users/{{bob.id}}' } } }),
        },
        { request: filtered('/Users', `${ENT}:manager.value eq "{{bob.id}}"`), expect: found('bob', 'eve') },
        { request: del('/Users/{{bob.id}}'), expect: NO_CONTENT },
        { request: get('/Users/{{eve.id}}'), expect: ok({ userName: 'eve' }) },
      ],
    },
  ],
  decided: {
    'ENU-07': 'A string for the manager is the manager’s id by default, and 400 invalidValue where strict.',
    'ENU-09': 'People may manage each other in a circle: a manager is a reference, and nothing follows it.',
  },
};
