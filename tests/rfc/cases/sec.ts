import { expect } from 'vitest';
import type { Case, Coverage } from '../case.ts';
import { aUser, created, filtered, found, get, ok, patch, post, user } from '../shorthand.ts';

const INJECTIONS = [
  "' OR 1=1 --",
  "'; DROP TABLE resources; --",
  '" or userName pr or userName eq "',
  '%',
  '_ob',
  'b%',
  '*)(uid=*))(|(uid=*',
  '{"$gt":""}',
  '#{7*7}{{7*7}}<%= 7*7 %>',
  '<script>alert(1)</script>',
  '../../etc/passwd',
  '=cmd|calc!A1',
];

export const coverage: Coverage = {
  cases: [
    ...INJECTIONS.map(
      (text): Case => ({
        ids: ['SEC-02'],
        title: `${text} is text like any other, as a value and as an operand`,
        given: [aUser('bob'), aUser('eve')],
        request: filtered('/Users', `userName eq ${JSON.stringify(text)}`),
        expect: found(),
        afterwards: [
          { request: filtered('/Users', `userName co ${JSON.stringify(text)}`), expect: found() },
          { request: filtered('/Users', `externalId eq ${JSON.stringify(text)}`), expect: found() },
          { request: filtered('/Users', `title sw ${JSON.stringify(text)}`), expect: found() },
          {
            request: post('/Users', user(text, { title: text, externalId: text })),
            expect: created({ userName: text, title: text }),
            as: 'it',
          },
          { request: get('/Users/{{it.id}}'), expect: ok({ title: text, externalId: text }) },
          { request: filtered('/Users', `title eq ${JSON.stringify(text)}`), expect: found(text) },
          {
            request: patch('/Users/{{it.id}}', {
              op: 'replace',
              path: `emails[type eq ${JSON.stringify(text)}].value`,
              value: 'x@example.com',
            }),
            expect: { status: 400, body: { scimType: 'noTarget' } },
            default: { because: 'createOnMiss', expect: ok({ emails: [{ type: text, value: 'x@example.com' }] }) },
          },
          { request: get('/Users'), expect: ok({ totalResults: 3 }) },
        ],
      }),
    ),
    {
      ids: ['SEC-03'],
      title: 'the log has no filter, no name and no value in it',
      run: async (world) => {
        const secret = `zq${crypto.randomUUID()}`;
        await world.user(secret, { title: secret });
        expect((await world.get(`/Users?filter=userName%20eq%20%22${secret}%22`)).body.totalResults).toBe(1);
        expect((await world.post('/Users', user(secret))).status).toBe(409);
        expect(world.server.logs()).not.toContain(secret);
      },
    },
    {
      ids: ['SEC-07', 'SEC-04'],
      title: 'an externalId is seen by the directory whose provider set it, and by no other',
      run: async (world) => {
        const other = await world.another();
        await world.user('bob', { externalId: 'x1' });
        await other.user('bob');
        const { body } = await other.get('/Users');
        expect(body.Resources).toHaveLength(1);
        expect(JSON.stringify(body)).not.toContain('x1');
        expect((await other.get('/Users?filter=externalId%20pr')).body.totalResults).toBe(0);
        expect((await world.get('/Users?filter=externalId%20pr')).body.totalResults).toBe(1);
      },
    },
  ],
  elsewhere: {
    'SEC-01': { file: 'tests/threats/secrets.test.ts', test: 'a password is accepted, and kept nowhere' },
    'SEC-02': { file: 'tests/threats/tenant-queries.test.ts', test: 'T-TEN-06' },
    'SEC-03': {
      file: 'tests/unit/http/server.test.ts',
      test: 'has one line a request, without its query, its headers, its body',
    },
    'SEC-04': { file: 'tests/threats/tenants.test.ts', test: 'T-TEN-01' },
    'SEC-05': { file: 'tests/unit/access/identify.test.ts', test: 'a flood of tokens that nobody knows' },
    'SEC-06': { file: 'tests/threats/secrets.test.ts', test: 'a password is accepted, and kept nowhere' },
  },
  waits: {
    'SEC-08': 'who may come in',
  },
};
