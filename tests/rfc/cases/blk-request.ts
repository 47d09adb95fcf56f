import { expect } from 'vitest';
import type { Case, Coverage } from '../case.ts';
import { aUser, bulk, E, found, get, ok, patch, post, raw, refused, told, USER, user } from '../shorthand.ts';

const MESSAGE = 'urn:ietf:params:scim:api:messages:2.0:';
const create = (bulkId: string, attributes = {}) => ({
  method: 'POST',
  path: '/Users',
  bulkId,
  data: user(bulkId, attributes),
});
const DONE = { status: '201', response: '{{absent}}' };

export const coverage: Coverage = {
  cases: [
    {
      ids: ['BLK-01'],
      title: 'bulk is advertised with its limits, and there',
      request: get('/ServiceProviderConfig'),
      expect: ok({ bulk: { supported: true, maxOperations: 1000, maxPayloadSize: 10 * 1024 * 1024 } }),
      afterwards: [{ request: bulk([create('bob')]), expect: told(DONE) }],
    },
    {
      ids: ['BLK-02', 'BLK-09', 'BLK-11', 'BLK-13'],
      title: 'a creation is told with method, bulkId, location, version and a status that is text, and nothing else',
      request: bulk([create('bob', { title: 'Boss' })]),
      expect: {
        status: 200,
        exactly: {
          schemas: [`${MESSAGE}BulkResponse`],
          Operations: [
            {
              location: '{{contains {{base}}/Users/}}',
              method: 'POST',
              bulkId: 'bob',
              version: /^W\/"1"$/,
              status: '201',
            },
          ],
        },
      },
      afterwards: [{ request: get('{{reply.Operations.0.location}}'), expect: ok({ userName: 'bob', title: 'Boss' }) }],
    },
    ...(
      [
        ['no schemas', { Operations: [create('bob')] }, 'invalidSyntax', /schemas/],
        ['no schema in schemas', { schemas: [], Operations: [create('bob')] }, 'invalidSyntax', /schemas/],
        [
          'another schema',
          { schemas: [`${MESSAGE}PatchOp`], Operations: [create('bob')] },
          'invalidSyntax',
          /BulkRequest/,
        ],
        [
          'schemas as text',
          { schemas: `${MESSAGE}BulkRequest`, Operations: [create('bob')] },
          'invalidSyntax',
          /schemas/,
        ],
      ] as const
    ).map(
      ([what, body, scimType, detail]): Case => ({
        ids: ['BLK-02'],
        title: `${what} is no BulkRequest`,
        request: post('/Bulk', body),
        expect: E(400, scimType, detail),
      }),
    ),
    ...['', '[]', '"x"', 'null', '{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]'].map(
      (text): Case => ({
        ids: ['BLK-02', 'BLK-04'],
        title: `the body ${text || 'of no character'} is refused as a whole`,
        request: raw('POST', '/Bulk', text),
        expect: E(400, 'invalidSyntax'),
      }),
    ),
    ...[undefined, null, {}, 'x', 5, create('bob')].map(
      (operations): Case => ({
        ids: ['BLK-04'],
        title: `Operations must be an array: ${JSON.stringify(operations) ?? 'missing'}`,
        request: bulk(operations),
        expect: E(400, 'invalidSyntax', /Operations/),
      }),
    ),
    {
      ids: ['BLK-03', 'BLK-12', 'BLK-14', 'BLK-34'],
      title: 'a job that was done is 200, though every operation failed',
      request: bulk([
        { method: 'DELETE', path: '/Users/nope' },
        create('bob', { schemas: ['urn:x:y'] }),
        {
          method: 'PATCH',
          path: '/Groups/nope',
          data: { schemas: [`${MESSAGE}PatchOp`], Operations: [{ op: 'remove', path: 'members' }] },
        },
      ]),
      expect: told(
        { method: 'DELETE', location: '{{base}}/Users/nope', ...refused(404, undefined, /nope/) },
        { method: 'POST', bulkId: 'bob', location: '{{absent}}', ...refused(400, '{{any}}', /schemas/) },
        { method: 'PATCH', location: '{{base}}/Groups/nope', ...refused(404) },
      ),
      unchanged: ['/Users', '/Groups'],
    },
    {
      ids: ['BLK-14', 'BLK-34'],
      title: 'without failOnErrors all are tried, and told in the order in which they were sent',
      given: [aUser('eve')],
      request: bulk([
        create('eve'),
        create('a'),
        { method: 'PUT', path: '/Users/nope', data: user('x') },
        create('b'),
        { method: 'DELETE', path: '/Users/{{eve.id}}' },
        create('c'),
      ]),
      expect: told(
        { bulkId: 'eve', ...refused(409, 'uniqueness') },
        { bulkId: 'a', ...DONE },
        { method: 'PUT', ...refused(404) },
        { bulkId: 'b', ...DONE },
        {
          method: 'DELETE',
          status: '204',
          location: '{{base}}/Users/{{eve.id}}',
          response: '{{absent}}',
          version: '{{absent}}',
        },
        { bulkId: 'c', ...DONE },
      ),
      afterwards: [{ request: get('/Users'), expect: found('a', 'b', 'c') }],
    },
    {
      ids: ['BLK-15'],
      title: 'failOnErrors 1 stops at the first error: what comes after is not tried, and not told',
      given: [aUser('eve')],
      request: bulk([create('a'), create('eve'), create('b')], { failOnErrors: 1 }),
      expect: told({ bulkId: 'a', ...DONE }, { bulkId: 'eve', ...refused(409, 'uniqueness') }),
      afterwards: [{ request: get('/Users'), expect: found('eve', 'a') }],
    },
    {
      ids: ['BLK-15'],
      title: 'failOnErrors 2 stops at the second',
      given: [aUser('eve')],
      request: bulk([create('eve'), create('a'), { method: 'POST' }, create('b')], { failOnErrors: 2 }),
      expect: told(
        { bulkId: 'eve', ...refused(409, 'uniqueness') },
        { bulkId: 'a', ...DONE },
        refused(400, 'invalidSyntax'),
      ),
      afterwards: [{ request: get('/Users'), expect: found('eve', 'a') }],
    },
    {
      ids: ['BLK-15'],
      title: 'fewer errors than failOnErrors stop nothing',
      given: [aUser('eve')],
      request: bulk([create('eve'), create('a')], { failOnErrors: 2 }),
      expect: told(refused(409, 'uniqueness'), DONE),
    },
    ...[0, -1, 1.5, '1', true, [], {}].map(
      (failOnErrors): Case => ({
        ids: ['BLK-16'],
        title: `failOnErrors ${JSON.stringify(failOnErrors)} is refused`,
        request: bulk([create('bob')], { failOnErrors }),
        expect: E(400, 'invalidValue', /failOnErrors/),
      }),
    ),
    {
      ids: ['BLK-16'],
      title: 'failOnErrors null is as if it were not there',
      given: [aUser('eve')],
      request: bulk([create('eve'), create('a')], { failOnErrors: null }),
      expect: told(refused(409, 'uniqueness'), DONE),
    },
    {
      ids: ['BLK-23'],
      title: 'a bulkId of two creations is refused as a whole',
      request: bulk([create('q'), { ...create('q'), data: user('other') }]),
      expect: E(400, 'invalidSyntax', /"q"/),
    },
    {
      ids: ['BLK-23'],
      title: 'bulkIds differ by case',
      request: bulk([create('q'), { ...create('Q'), data: user('other') }]),
      expect: told({ bulkId: 'q', ...DONE }, { bulkId: 'Q', ...DONE }),
    },
    {
      ids: ['BLK-25'],
      title: 'more than maxOperations is 413, and says how many may be sent',
      request: bulk(Array.from({ length: 1001 }, (_, n) => create(`u${n}`))),
      expect: E(413, undefined, /1001.*1000|1,001.*1,000/),
    },
    {
      ids: ['BLK-26'],
      title: 'more than maxPayloadSize is 413, and says how much may be sent',
      request: bulk([create('bob', { title: 'x'.repeat(10 * 1024 * 1024) })]),
      expect: E(413, undefined, /10 ?MiB|10485760|10,485,760/),
    },
    {
      ids: ['BLK-26'],
      title: 'it is counted as it comes, without a Content-Length to believe',
      run: async (world) => {
        const piece = ' '.repeat(1024 * 1024);
        let sent = 0;
        const body = new ReadableStream<Uint8Array>({
          pull: (stream) => {
            sent += 1;
            if (sent > 64) stream.close();
            else stream.enqueue(Buffer.from(sent === 1 ? `{${piece}` : piece));
          },
        });
        const reply = await fetch(`${world.baseUrl}/Bulk`, {
          method: 'POST',
          headers: { authorization: `Bearer ${world.token}`, 'content-type': 'application/scim+json' },
          body,
          duplex: 'half',
        } as RequestInit).then(
          async (answer) => ({ status: answer.status, text: await answer.text() }),
          // The server may close the connection before all has been sent.
          () => undefined,
        );
        if (reply !== undefined)
          expect(reply).toMatchObject({ status: 413, text: expect.stringContaining('"status":"413"') });
        expect(sent).toBeLessThan(64);
      },
    },
    {
      ids: ['BLK-31'],
      title: 'no operations are 200 with no results',
      request: bulk([]),
      expect: { status: 200, exactly: { schemas: [`${MESSAGE}BulkResponse`], Operations: [] } },
    },
    {
      ids: ['BLK-33'],
      title: 'what stands in the URL is ignored',
      request: {
        ...bulk([create('bob', { title: 'Boss' })]),
        path: '/Bulk?attributes=userName&excludedAttributes=title&filter=x&count=z',
      },
      expect: told({ ...DONE, location: '{{any}}', version: '{{any}}' }),
      afterwards: [{ request: get('{{reply.Operations.0.location}}'), expect: ok({ userName: 'bob', title: 'Boss' }) }],
    },
    ...(['GET', 'PUT', 'PATCH', 'DELETE'] as const).map(
      (method): Case => ({
        ids: ['BLK-01'],
        title: `${method} /Bulk is 405: only POST is taken`,
        request: { method, path: '/Bulk', ...(method === 'GET' || method === 'DELETE' ? {} : { body: {} }) },
        expect: { ...E(405), headers: { allow: /\bPOST\b/ } },
      }),
    ),
    {
      ids: ['BLK-27'],
      title: 'a token that may only read may send no bulk: 403 for all of it',
      run: async (world) => {
        const { token } = await world.mint({ scope: 'read' });
        const reply = await world.send({ ...bulk([create('bob')]), headers: { Authorization: `Bearer ${token}` } });
        expect(reply.status).toBe(403);
        expect(JSON.parse(reply.text)).toMatchObject({
          status: '403',
          detail: expect.stringMatching(/insufficient_scope/),
        });
        expect((await world.get('/Users')).body.totalResults).toBe(0);
      },
    },
    {
      ids: ['BLK-27'],
      title: 'an operation is checked, told and stored as the request of its own would be',
      run: async (world) => {
        const bob = await world.user('bob');
        const eve = await world.user('eve');
        const bodies: readonly (readonly [string, string, unknown])[] = [
          ['PUT', 'x', user('', {})],
          ['PUT', 'x', { schemas: [USER] }],
          ['PUT', 'x', { ...user('x'), id: 'mine', title: 5 }],
          ['PUT', 'x', user('EVE')],
          [
            'PUT',
            'x',
            user('x', {
              emails: [
                { value: 'a@example.com', type: 'work', primary: true },
                { value: 'b@example.com', primary: true },
              ],
            }),
          ],
          ['PUT', 'x', user('x', { title: 'Boss', name: { givenName: 'Bob' } })],
          [
            'PATCH',
            'x',
            { schemas: [`${MESSAGE}PatchOp`], Operations: [{ op: 'replace', path: 'nope.nope', value: 1 }] },
          ],
          [
            'PATCH',
            'x',
            {
              schemas: [`${MESSAGE}PatchOp`],
              Operations: [{ op: 'replace', path: 'emails[type eq "x"].value', value: 'a@example.com' }],
            },
          ],
          ['PATCH', 'x', { schemas: [`${MESSAGE}PatchOp`], Operations: [] }],
          ['PATCH', 'x', { schemas: [USER], Operations: [] }],
          [
            'PATCH',
            'x',
            {
              schemas: [`${MESSAGE}PatchOp`],
              Operations: [{ op: 'replace', value: { active: 'False', nickName: 'b' } }],
            },
          ],
          ['PATCH', 'x', { schemas: [`${MESSAGE}PatchOp`], Operations: [{ op: 'replace', path: 'id', value: 'x' }] }],
        ];
        for (const [method, , data] of bodies) {
          const alone = await world.request(method, `/Users/${bob.id}`, { body: data });
          const stored = await world.get(`/Users/${bob.id}`);
          const { status, text } = await world.send(
            bulk([
              {
                method,
                path: `/Users/${eve.id}`,
                data: JSON.parse(JSON.stringify(data).replace('"x"', '"y"').replace('EVE', 'BOB')),
              },
            ]),
          );
          expect(status).toBe(200);
          const [result] = JSON.parse(text).Operations;
          expect(result.status, JSON.stringify([data, result])).toBe(String(alone.status));
          if (alone.status >= 400) {
            expect(result.response.scimType).toBe(alone.body.scimType);
          }
          const other = await world.get(`/Users/${eve.id}`);
          for (const name of ['title', 'name', 'nickName', 'active', 'emails']) {
            expect(other.body[name], `${method} ${JSON.stringify(data)} ${name}`).toEqual(stored.body[name]);
          }
        }
      },
    },
    {
      ids: ['BLK-27'],
      title: 'a token that is revoked in the middle opens nothing more',
      run: async (world) => {
        const { token, id } = await world.mint();
        const operations = Array.from({ length: 400 }, (_, n) => create(`u${n}`));
        const running = world.send({ ...bulk(operations), headers: { Authorization: `Bearer ${token}` } });
        while ((await world.get('/Users?count=0')).body.totalResults === 0);
        await world.server.revoke(id);
        const { Operations } = JSON.parse((await running).text);
        const done = Operations.filter(({ status }: { status: string }) => status === '201');
        const rest = Operations.slice(done.length);
        expect(rest.length).toBeGreaterThan(0);
        for (const each of rest) expect(each).toMatchObject({ status: '401', response: { status: '401' } });
        expect((await world.get('/Users?count=0')).body.totalResults).toBe(done.length);
      },
    },
    {
      ids: ['BLK-13', 'BLK-27'],
      title: 'the version that is told is the resource’s, after each operation',
      given: [aUser('bob')],
      request: bulk([
        { method: 'PATCH', path: '/Users/{{bob.id}}', data: patch('', { op: 'add', path: 'title', value: 'a' }).body },
        { method: 'PUT', path: '/Users/{{bob.id}}', data: user('bob', { title: 'b' }) },
      ]),
      expect: told(
        { method: 'PATCH', status: '200', version: 'W/"2"' },
        { method: 'PUT', status: '200', version: 'W/"3"' },
      ),
      afterwards: [{ request: get('/Users/{{bob.id}}'), expect: ok({ title: 'b', meta: { version: 'W/"3"' } }) }],
    },
  ],
  elsewhere: {
    'BLK-32': {
      file: 'tests/threats/bulk-crash.test.ts',
      test: 'after %i operations or more, they are there whole or not at all, in their order',
    },
  },
  decided: {
    'BLK-32':
      'Each operation is a commit of its own, and creations that refer to each other in a circle are one; a killed server leaves whole operations only.',
    'BLK-16':
      'failOnErrors must be a whole number, 1 or more; 0 would mean to stop before anything began, so it is 400 invalidValue; null is as if it were not there.',
    'BLK-23':
      'A bulkId that two creations of one request have is 400 invalidSyntax for the whole request, since references to it would mean two things.',
    'BLK-31': 'A bulk without operations is 200 with no results: nothing was asked, and nothing went wrong.',
    'BLK-33': 'Query parameters of /Bulk are ignored.',
  },
};
