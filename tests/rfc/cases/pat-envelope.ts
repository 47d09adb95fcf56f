import { expect } from 'vitest';
import type { Case, Coverage, Sent } from '../case.ts';
import { aGroup, aUser, E, group, NOBODY, ok, patch, raw, USER, user } from '../shorthand.ts';

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const TITLE = { op: 'replace', path: 'title', value: 'Cook' };

/** A PATCH of bob whose body is written out. */
function message(body: unknown): Sent {
  return { method: 'PATCH', path: '/Users/{{bob.id}}', body };
}

export const coverage: Coverage = {
  cases: [
    ...(
      [
        ['no schemas', { Operations: [TITLE] }],
        ['empty schemas', { schemas: [], Operations: [TITLE] }],
        ['schemas null', { schemas: null, Operations: [TITLE] }],
        ['schemas that are a string', { schemas: PATCH_OP, Operations: [TITLE] }],
        ['the schema of a user', { schemas: [USER], Operations: [TITLE] }],
        ['the schema of SCIM 1.1', { schemas: ['urn:scim:schemas:core:1.0'], Operations: [TITLE] }],
        ['another message’s schema', { schemas: [`${PATCH_OP}2`], Operations: [TITLE] }],
      ] as const
    ).map(
      ([title, body]): Case => ({
        ids: ['PAT-01'],
        title: `a message with ${title} is 400 invalidSyntax`,
        given: [aUser('bob', { title: 'Boss' })],
        request: message(body),
        expect: E(400, 'invalidSyntax', /schemas/),
      }),
    ),
    {
      ids: ['PAT-01'],
      title: 'the URN counts in any case, and among others',
      given: [aUser('bob')],
      request: message({ schemas: ['urn:x:y', PATCH_OP.toUpperCase()], Operations: [TITLE] }),
      expect: ok({ title: 'Cook' }),
    },
    ...(
      [
        ['no Operations', { schemas: [PATCH_OP] }],
        ['empty Operations', { schemas: [PATCH_OP], Operations: [] }],
        ['Operations null', { schemas: [PATCH_OP], Operations: null }],
        ['Operations that are one object', { schemas: [PATCH_OP], Operations: TITLE }],
        ['an operation that is a string', { schemas: [PATCH_OP], Operations: [TITLE, 'replace'] }],
        ['an operation that is null', { schemas: [PATCH_OP], Operations: [null] }],
        ['an operation that is an array', { schemas: [PATCH_OP], Operations: [[TITLE]] }],
        ['a user in place of operations', user('bob', { title: 'Cook', schemas: [PATCH_OP] })],
      ] as const
    ).map(
      ([title, body]): Case => ({
        ids: ['PAT-02'],
        title: `a message with ${title} is 400 invalidSyntax`,
        given: [aUser('bob', { title: 'Boss' })],
        request: message(body),
        expect: E(400, 'invalidSyntax', /Operations/),
        ...(title === 'empty Operations'
          ? { default: { because: 'no-operations', expect: ok({ title: 'Boss' }) } }
          : {}),
      }),
    ),
    ...['move', 'copy', 'test', 'delete', 'update', '', 'adds', ' add', null, 1, ['add'], undefined].map(
      (op): Case => ({
        ids: ['PAT-03'],
        title: `op ${JSON.stringify(op) ?? 'that is not there'} is 400 invalidSyntax`,
        given: [aUser('bob', { title: 'Boss' })],
        request: patch('/Users/{{bob.id}}', { op: 'replace', path: 'nickName', value: 'B' }, { ...TITLE, op }),
        expect: E(400, 'invalidSyntax', /Operations\[1\]/),
      }),
    ),
    {
      ids: ['PAT-03'],
      title: 'a JSON Patch (RFC 6902) is none of ours',
      given: [aUser('bob', { title: 'Boss' })],
      request: message([{ op: 'replace', path: '/title', value: 'Cook' }]),
      expect: E(400, 'invalidSyntax'),
      afterwards: [
        {
          request: raw('PATCH', '/Users/{{bob.id}}', JSON.stringify([TITLE]), {
            'Content-Type': 'application/json-patch+json',
          }),
          expect: E(415),
        },
      ],
    },
    ...['Replace', 'REPLACE', 'rEPLACE', 'Add', 'ADD'].map(
      (op): Case => ({
        ids: ['PAT-04'],
        title: `op ${op} is understood`,
        given: [aUser('bob', { title: 'Boss' })],
        request: patch('/Users/{{bob.id}}', { ...TITLE, op }),
        expect: ok({ title: 'Cook' }),
        afterwards: [
          {
            request: patch('/Users/{{bob.id}}', { op: 'Remove', path: 'title' }),
            expect: { ...ok(), absent: ['title'] },
          },
        ],
      }),
    ),
    {
      ids: ['PAT-04'],
      title: 'the names of the message count in any case, and only once',
      given: [aUser('bob')],
      request: message({ SCHEMAS: [PATCH_OP], operations: [{ OP: 'replace', Path: 'title', VALUE: 'Cook' }] }),
      expect: ok({ title: 'Cook' }),
      afterwards: [
        {
          request: message({ schemas: [PATCH_OP], Operations: [TITLE], operations: [TITLE] }),
          expect: E(400, 'invalidSyntax'),
        },
        {
          request: message({ schemas: [PATCH_OP], Operations: [{ ...TITLE, value: 'x', Value: 'y' }] }),
          expect: E(400, 'invalidSyntax'),
        },
      ],
    },
    {
      ids: ['PAT-08'],
      title: 'who is not there is 404, whatever is asked',
      given: [aUser('bob'), aGroup('staff')],
      request: patch(`/Users/${NOBODY}`, TITLE),
      expect: E(404, '{{absent}}', new RegExp(NOBODY)),
      afterwards: [
        { request: patch(`/Groups/${NOBODY}`, { op: 'remove', path: 'members' }), expect: E(404) },
        { request: patch('/Users/{{staff.id}}', TITLE), expect: E(404) },
        { request: patch('/Users/bob', TITLE), expect: E(404) },
      ],
    },
    {
      ids: ['PAT-15'],
      title: 'a thousand operations are taken, more are 413; of members five thousand',
      run: async (world) => {
        const bob = await world.user('bob', { title: 'Boss' });
        const { body: staff } = await world.post('/Groups', group('staff'));
        const titles = (count: number) => Array.from({ length: count }, (_, n) => ({ ...TITLE, value: `t${n}` }));
        const adds = (count: number) =>
          Array.from({ length: count }, () => ({ op: 'add', path: 'members', value: [{ value: bob.id }] }));

        const most = await world.patch(`/Users/${bob.id}`, titles(1000));
        expect([most.status, most.body.title]).toEqual([200, 't999']);
        const many = await world.patch(`/Users/${bob.id}`, titles(1001));
        expect([many.status, many.body.scimType]).toEqual([413, undefined]);
        expect(many.body.detail).toMatch(/1001.*1000/);
        expect((await world.get(`/Users/${bob.id}`)).body).toEqual(most.body);

        expect((await world.patch(`/Groups/${staff.id}`, adds(5000))).status).toBe(204);
        expect((await world.patch(`/Groups/${staff.id}`, adds(5001))).status).toBe(413);
        expect((await world.get(`/Groups/${staff.id}`)).body.members).toHaveLength(1);
      },
    },
    {
      ids: ['PAT-15'],
      title: 'fifty operations, each of one member',
      run: async (world) => {
        const { body: staff } = await world.post('/Groups', group('staff'));
        const users = await Promise.all(Array.from({ length: 50 }, (_, n) => world.user(`u${n}`)));
        const operations = users.map(({ id }) => ({ op: 'add', path: 'members', value: [{ value: id }] }));
        expect((await world.patch(`/Groups/${staff.id}`, operations)).status).toBe(204);
        const { body } = await world.get(`/Groups/${staff.id}`);
        const ids = body.members.map(({ value }: { value: string }) => value);
        expect(ids.toSorted()).toEqual(users.map(({ id }) => id).toSorted());
      },
    },
  ],
  elsewhere: {
    'PAT-15': { file: 'tests/unit/scim/read-patch.test.ts', test: 'PAT-15 a thousand operations are taken' },
  },
  decided: {
    'PAT-04': 'op and the names of the message are taken in any case of their letters.',
    'PAT-15':
      'A PATCH has at most 1,000 operations, and 5,000 when they are of members; more are 413, and nothing of them is applied.',
  },
};
