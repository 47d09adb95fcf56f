import { expect } from 'vitest';
import type { Case, Coverage } from '../case.ts';
import {
  aGroup,
  aUser,
  bulk,
  ENT,
  found,
  foundGroups,
  get,
  group,
  ok,
  patch,
  refused,
  told,
  USER,
  user,
} from '../shorthand.ts';

const ID = /^[0-9a-f-]{36}$/;
const makeUser = (bulkId: string, attributes = {}) => ({
  method: 'POST',
  path: '/Users',
  bulkId,
  data: user(bulkId, attributes),
});
const makeGroup = (bulkId: string, ...members: readonly string[]) => ({
  method: 'POST',
  path: '/Groups',
  bulkId,
  data: group(bulkId, ...members),
});
const managedBy = (value: string) => ({ [ENT]: { manager: { value } } });
const DONE = { status: '201', location: '{{any}}', version: '{{any}}', response: '{{absent}}' };
/** Nothing with `bulkId:` in it is stored, whatever was refused. */
const NOWHERE = async (world: { get: (path: string) => Promise<{ text: string }> }): Promise<void> => {
  for (const path of ['/Users', '/Groups']) expect((await world.get(path)).text).not.toMatch(/bulkId/i);
};

export const coverage: Coverage = {
  cases: [
    {
      ids: ['BLK-17'],
      title: 'a member is named by bulkId',
      request: bulk([makeUser('q'), makeGroup('staff', 'bulkId:q')]),
      expect: told(DONE, DONE),
      afterwards: [
        { request: get('/Users'), expect: found('q'), as: 'users' },
        {
          request: get('/Groups'),
          expect: ok({
            Resources: [
              {
                displayName: 'staff',
                members: [
                  { value: '{{users.Resources.0.id}}', $ref: '{{base}}/Users/{{users.Resources.0.id}}', type: 'User' },
                ],
              },
            ],
          }),
        },
      ],
    },
    ...(
      [
        ['a member that is added', { op: 'add', path: 'members', value: [{ value: 'bulkId:q' }] }, ['{{bob.id}}', ID]],
        ['members that are replaced', { op: 'replace', path: 'members', value: [{ value: 'bulkId:q' }] }, [ID]],
        ['members without a path', { op: 'replace', value: { members: [{ value: 'bulkId:q' }] } }, [ID]],
      ] as const
    ).map(
      ([what, operation, members]): Case => ({
        ids: ['BLK-17'],
        title: `${what} in a PATCH`,
        given: [aUser('bob'), aGroup('staff', '{{bob.id}}')],
        request: bulk([
          makeUser('q'),
          { method: 'PATCH', path: '/Groups/{{staff.id}}', data: patch('', operation).body },
        ]),
        expect: told(DONE, { status: /^20[04]$/ }),
        afterwards: [
          {
            request: get('/Groups/{{staff.id}}'),
            expect: ok({ members: ['{{in any order}}', ...members.map((value) => ({ value }))] }),
          },
        ],
      }),
    ),
    {
      ids: ['BLK-17'],
      title: 'a bulkId in the filter of a PATCH’s path',
      given: [aUser('bob'), aGroup('staff', '{{bob.id}}')],
      request: bulk([
        makeUser('q'),
        {
          method: 'PATCH',
          path: '/Groups/{{staff.id}}',
          data: patch('', { op: 'add', path: 'members', value: [{ value: 'bulkId:q' }] }).body,
        },
        {
          method: 'PATCH',
          path: '/Groups/{{staff.id}}',
          data: patch('', { op: 'remove', path: 'members[value eq "bulkId:q"]' }).body,
        },
        {
          method: 'PATCH',
          path: '/Groups/{{staff.id}}',
          data: patch('', { op: 'remove', path: 'members[value eq "bulkId:nope"]' }).body,
        },
      ]),
      expect: told(DONE, { status: /^20[04]$/ }, { status: /^20[04]$/ }, refused(409, undefined, /bulkId:nope/)),
      afterwards: [{ request: get('/Groups/{{staff.id}}'), expect: ok({ members: [{ value: '{{bob.id}}' }] }) }],
    },
    {
      ids: ['BLK-17'],
      title: 'a group in a group, and a PUT',
      given: [aGroup('all')],
      request: bulk([
        makeGroup('part'),
        { method: 'PUT', path: '/Groups/{{all.id}}', data: group('all', 'bulkId:part') },
      ]),
      expect: told(DONE, { status: '200' }),
      afterwards: [
        {
          request: get('/Groups/{{all.id}}'),
          expect: ok({ members: [{ value: ID, type: 'Group', display: 'part' }] }),
        },
      ],
    },
    {
      ids: ['BLK-35', 'BLK-17'],
      title: 'a manager is named by bulkId, in an extension',
      request: bulk([makeUser('boss'), makeUser('bob', managedBy('bulkId:boss'))]),
      expect: told(DONE, DONE),
      afterwards: [
        { request: get('/Users?filter=userName%20eq%20%22boss%22'), expect: found('boss'), as: 'boss' },
        {
          request: get('/Users?filter=userName%20eq%20%22bob%22'),
          expect: ok({
            Resources: [
              {
                [ENT]: {
                  manager: { value: '{{boss.Resources.0.id}}', $ref: '{{base}}/Users/{{boss.Resources.0.id}}' },
                },
              },
            ],
          }),
        },
      ],
    },
    {
      ids: ['BLK-35'],
      title: 'a manager is named by bulkId in a PATCH',
      given: [aUser('bob')],
      request: bulk([
        makeUser('boss'),
        {
          method: 'PATCH',
          path: '/Users/{{bob.id}}',
          data: patch('', { op: 'add', path: `${ENT}:manager.value`, value: 'bulkId:boss' }).body,
        },
      ]),
      expect: told(DONE, { status: '200' }),
      afterwards: [{ request: get('/Users/{{bob.id}}'), expect: ok({ [ENT]: { manager: { value: ID } } }) }],
    },
    {
      ids: ['BLK-18'],
      title: 'a bulkId in a path is the id',
      request: bulk([
        makeUser('q'),
        { method: 'PATCH', path: '/Users/bulkId:q', data: patch('', { op: 'add', path: 'title', value: 'Boss' }).body },
      ]),
      expect: told(DONE, { method: 'PATCH', status: '200', location: /\/Users\/[0-9a-f-]{36}$/ }),
      afterwards: [{ request: get('/Users'), expect: ok({ Resources: [{ userName: 'q', title: 'Boss' }] }) }],
    },
    {
      ids: ['BLK-18'],
      title: 'a bulkId in the path of another type is nobody there',
      request: bulk([makeUser('q'), { method: 'DELETE', path: '/Groups/bulkId:q' }]),
      expect: told(DONE, refused(404)),
      afterwards: [{ request: get('/Users'), expect: found('q') }],
    },
    {
      ids: ['BLK-19', 'BLK-34'],
      title: 'what is referred to may come later; the results stand as they were asked for',
      request: bulk([makeGroup('staff', 'bulkId:b', 'bulkId:a'), makeUser('a', managedBy('bulkId:b')), makeUser('b')]),
      expect: told({ bulkId: 'staff', ...DONE }, { bulkId: 'a', ...DONE }, { bulkId: 'b', ...DONE }),
      afterwards: [
        {
          request: get('/Groups'),
          expect: ok({ Resources: [{ members: ['{{in any order}}', { display: 'a' }, { display: 'b' }] }] }),
        },
      ],
    },
    {
      ids: ['BLK-19'],
      title: 'a chain of a hundred, sent the wrong way round',
      run: async (world) => {
        const chain = Array.from({ length: 100 }, (_, n) =>
          makeUser(`u${n}`, n === 99 ? {} : managedBy(`bulkId:u${n + 1}`)),
        );
        const { text } = await world.send(bulk(chain));
        const results = JSON.parse(text).Operations;
        expect(results.map(({ bulkId, status }: { bulkId: string; status: string }) => [bulkId, status])).toEqual(
          chain.map(({ bulkId }) => [bulkId, '201']),
        );
        const last = results[98].location.split('/').at(-1);
        const { body } = await world.get(`/Users/${last}`);
        expect(results[99].location).toBe(body[ENT].manager.$ref);
      },
    },
    {
      ids: ['BLK-20'],
      title: 'two groups that contain each other are both created, and contain each other',
      given: [aUser('bob')],
      request: bulk([makeGroup('a', 'bulkId:b', '{{bob.id}}'), makeGroup('b', 'bulkId:a')]),
      expect: told({ bulkId: 'a', ...DONE }, { bulkId: 'b', ...DONE }),
      as: 'done',
      afterwards: [
        {
          request: get('{{done.Operations.0.location}}'),
          expect: ok({
            displayName: 'a',
            meta: { version: '{{done.Operations.0.version}}' },
            members: ['{{in any order}}', { value: '{{bob.id}}', type: 'User' }, { display: 'b', type: 'Group' }],
          }),
        },
        {
          request: get('{{done.Operations.1.location}}'),
          expect: ok({
            displayName: 'b',
            meta: { version: '{{done.Operations.1.version}}' },
            members: [{ display: 'a', $ref: '{{done.Operations.0.location}}' }],
          }),
        },
      ],
    },
    {
      ids: ['BLK-20', 'BLK-35'],
      title: 'two who manage each other, one who manages himself, and what depends on them',
      request: bulk([
        makeGroup('staff', 'bulkId:a', 'bulkId:me'),
        makeUser('a', { ...managedBy('bulkId:b'), title: 'A', active: false }),
        makeUser('b', managedBy('bulkId:a')),
        makeUser('me', managedBy('bulkId:me')),
      ]),
      expect: told(DONE, DONE, DONE, DONE),
      as: 'done',
      afterwards: [
        {
          request: get('{{done.Operations.1.location}}'),
          expect: ok({
            title: 'A',
            active: false,
            schemas: [USER, ENT],
            [ENT]: { manager: { $ref: '{{done.Operations.2.location}}' } },
          }),
        },
        {
          request: get('{{done.Operations.2.location}}'),
          expect: ok({ [ENT]: { manager: { $ref: '{{done.Operations.1.location}}' } } }),
        },
        {
          request: get('{{done.Operations.3.location}}'),
          expect: ok({ [ENT]: { manager: { $ref: '{{done.Operations.3.location}}' } } }),
        },
        {
          request: get('{{done.Operations.0.location}}'),
          expect: ok({ members: ['{{in any order}}', { display: 'a' }, { display: 'me' }] }),
        },
      ],
    },
    {
      ids: ['BLK-20'],
      title: 'a circle of three with a failing one: all of it fails, and nothing of it is left',
      given: [aUser('c')],
      request: bulk([
        makeUser('a', managedBy('bulkId:b')),
        makeUser('b', managedBy('bulkId:c')),
        makeUser('c', managedBy('bulkId:a')),
        makeUser('d'),
      ]),
      expect: told(
        { bulkId: 'a', location: '{{absent}}', ...refused(409, undefined, /bulkId:c/) },
        { bulkId: 'b', location: '{{absent}}', ...refused(409, undefined, /bulkId:c/) },
        { bulkId: 'c', location: '{{absent}}', ...refused(409, 'uniqueness') },
        { bulkId: 'd', ...DONE },
      ),
      afterwards: [{ request: get('/Users'), expect: found('c', 'd') }],
    },
    {
      ids: ['BLK-20'],
      title: 'what is wrong in a circle is told of the one that is wrong',
      request: bulk([
        makeUser('a', managedBy('bulkId:b')),
        makeUser('b', { ...managedBy('bulkId:a'), emails: 5 }),
        makeGroup('g', 'bulkId:h'),
        { ...makeGroup('h', 'bulkId:g', 'bulkId:nope') },
      ]),
      expect: told(
        refused(409, undefined, /bulkId:b/),
        refused(400, 'invalidValue', /emails/),
        refused(409, undefined, /bulkId:h/),
        refused(409, undefined, /bulkId:nope/),
      ),
      unchanged: ['/Users', '/Groups'],
    },
    {
      ids: ['BLK-20'],
      title: 'a group cannot be a member of itself, by whatever name',
      request: bulk([makeGroup('a', 'bulkId:a'), makeGroup('b')]),
      expect: told({ bulkId: 'a', ...refused(400, 'invalidValue', /itself/) }, DONE),
      afterwards: [{ request: get('/Groups'), expect: foundGroups('b') }],
    },
    {
      ids: ['BLK-20', 'BLK-15'],
      title: 'both of a circle count as errors',
      request: bulk([makeGroup('a', 'bulkId:b'), { ...makeGroup('b', 'bulkId:a'), path: '/Nope' }, makeUser('q')], {
        failOnErrors: 2,
      }),
      expect: told(refused(409), refused(404)),
      unchanged: ['/Users', '/Groups'],
    },
    ...(
      [
        ['a member', makeGroup('g', 'bulkId:nope')],
        ['a manager', makeUser('u', managedBy('bulkId:nope'))],
        ['a bulkId in another case', makeGroup('g', 'bulkId:LAST')],
        ['no bulkId at all', makeGroup('g', 'bulkId:')],
        ['a path', { method: 'DELETE', path: '/Users/bulkId:nope' }],
        ['any other text', makeUser('u', { title: 'bulkId:nope' })],
      ] as const
    ).map(
      ([what, operation]): Case => ({
        ids: ['BLK-21'],
        title: `a bulkId that nobody has, as ${what}: that operation fails, and the others go on`,
        request: bulk([operation, makeUser('last')]),
        expect: told({ location: '{{absent}}', ...refused(409, undefined, /bulkId/) }, { bulkId: 'last', ...DONE }),
        afterwards: [
          { request: get('/Users'), expect: found('last') },
          { request: get('/Groups'), expect: foundGroups() },
        ],
        run: NOWHERE,
      }),
    ),
    ...['bulkid:last', 'BULKID:last', ' bulkId:last', 'bulkId%3Alast'].map(
      (value): Case => ({
        ids: ['BLK-21'],
        title: `"${value}" is no reference, and no member either`,
        request: bulk([makeUser('last'), makeGroup('g', value)]),
        expect: told(DONE, refused(400, 'invalidValue', /members/)),
        afterwards: [{ request: get('/Groups'), expect: foundGroups() }],
      }),
    ),
    {
      ids: ['BLK-22'],
      title: 'what refers to a creation that failed fails with it, and so on; no dangling reference is stored',
      given: [aUser('q')],
      request: bulk([
        makeUser('q'),
        makeGroup('g', 'bulkId:q'),
        makeGroup('h', 'bulkId:g'),
        { method: 'PATCH', path: '/Users/bulkId:q', data: patch('', { op: 'add', path: 'title', value: 'x' }).body },
        { method: 'DELETE', path: '/Users/bulkId:q' },
        makeUser('other'),
      ]),
      expect: told(
        refused(409, 'uniqueness'),
        refused(409, undefined, /bulkId:q/),
        refused(409, undefined, /bulkId:g/),
        { location: '{{absent}}', ...refused(409, undefined, /bulkId:q/) },
        { location: '{{absent}}', ...refused(409, undefined, /bulkId:q/) },
        DONE,
      ),
      afterwards: [
        { request: get('/Users'), expect: found('q', 'other') },
        { request: get('/Groups'), expect: foundGroups() },
      ],
      run: NOWHERE,
    },
    {
      ids: ['BLK-22'],
      title: 'a reference to an operation that could not even be read fails too',
      request: bulk([{ method: 'POST', path: '/Users', bulkId: 'q' }, makeGroup('g', 'bulkId:q')]),
      expect: told(refused(400, 'invalidSyntax', /data/), refused(409, undefined, /bulkId:q/)),
      unchanged: ['/Groups'],
      run: NOWHERE,
    },
    {
      ids: ['BLK-22'],
      title: 'a bulkId of an earlier request names nobody any more',
      given: [bulk([makeUser('q')])],
      request: bulk([makeGroup('g', 'bulkId:q')]),
      expect: told(refused(409, undefined, /bulkId:q/)),
      unchanged: ['/Groups'],
    },
    {
      ids: ['BLK-22'],
      title: 'a bulkId of another customer’s request names nobody here',
      run: async (world) => {
        const other = await world.another();
        const replies = await Promise.all([
          other.send(bulk(Array.from({ length: 20 }, (_, n) => makeUser(`q${n}`)))),
          world.send(bulk(Array.from({ length: 20 }, (_, n) => makeGroup(`g${n}`, `bulkId:q${n}`)))),
        ]);
        const [theirs = [], ours = []] = replies.map(({ text }) =>
          JSON.parse(text).Operations.map(({ status }: { status: string }) => status),
        );
        expect(new Set(theirs)).toEqual(new Set(['201']));
        expect(new Set(ours)).toEqual(new Set(['409']));
        expect((await world.get('/Groups')).body.totalResults).toBe(0);
      },
    },
  ],
  decided: {
    'BLK-18': 'bulkId stands for the id in a path as in a value.',
    'BLK-22':
      'What refers to an operation that failed is refused with 409, and no text that begins with "bulkId:" is ever stored.',
  },
};
