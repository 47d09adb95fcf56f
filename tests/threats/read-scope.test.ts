import { describe, expect, test } from 'vitest';
import { type ScimReply, scim } from '../harness/index.ts';
import { worldOfFile } from './file-world.ts';
import { expectRefusal, GROUP, leavesNoTrace, rowsOf, user } from './world.ts';

const world = await worldOfFile();
const { acme } = world;
const target = await acme.user('auth');
const group = await acme.group('auth', [target.id]);

describe('T-PRIV-04 a token that only reads', () => {
  test('reads, and writes by no detour', async () => {
    const reader = scim(await world.server.mint('reader', { scope: 'read', organization: 'acme' }));
    for (const path of [
      '/Users',
      `/Users/${target.id}`,
      '/Groups',
      `/Groups/${group.id}`,
      '/Schemas',
      '/ResourceTypes',
    ]) {
      expect((await reader.get(path)).status).toBe(200);
      expect((await reader.request('HEAD', path)).status).toBe(200);
      expect((await reader.request('OPTIONS', path)).status).toBe(204);
    }
    const overrides = ['x-http-method-override', 'x-http-method', 'x-method-override', 'x-original-method'];
    const writes: readonly (readonly [method: string, path: string, body: unknown])[] = [
      ['POST', '/Users', user('written by a reader')],
      ['PUT', `/Users/${target.id}`, user('written by a reader')],
      [
        'PATCH',
        `/Users/${target.id}`,
        {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [{ op: 'replace', path: 'title', value: 'x' }],
        },
      ],
      ['DELETE', `/Users/${target.id}`, undefined],
      ['POST', '/Groups', { schemas: [GROUP], displayName: 'written by a reader' }],
      ['PUT', `/Groups/${group.id}`, { schemas: [GROUP], displayName: 'written by a reader' }],
      [
        'PATCH',
        `/Groups/${group.id}`,
        { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'remove', path: 'members' }] },
      ],
      ['DELETE', `/Groups/${group.id}`, undefined],
    ];
    const before = await rowsOf(world.server, acme.directory);
    const refusals = await leavesNoTrace(world, async () => {
      const replies: ScimReply[] = [];
      for (const [method, path, body] of writes) {
        replies.push(await reader.request(method, path, body === undefined ? {} : { body }));
        for (const override of overrides) {
          // Tunnelled: a GET (or a write) that says it is another method.
          const got = await reader.get(path, { [override]: method });
          expect([200, 404, 405]).toContain(got.status);
          const tunnelled = await reader.request('POST', path, { headers: { [override]: method }, body: body ?? '' });
          expect([403, 405]).toContain(tunnelled.status);
          expectRefusal(tunnelled, { status: [403, 405] });
        }
        expect([200, 404]).toContain((await reader.get(`${path}?_method=${method}`)).status);
        expectRefusal(await reader.request('POST', `${path}?_method=${method}`, { body: body ?? '' }), {
          status: [403, 405],
        });
      }
      return replies;
    });
    for (const reply of refusals) expectRefusal(reply, { status: 403, says: /insufficient_scope/ });
    // Nothing was even noted: it is not the users' failure.
    expect((await rowsOf(world.server, acme.directory)).failures).toEqual(before.failures);
  });

  test('the method is the one of the request line, also for one that may write', async () => {
    const made = await acme.user('override');
    const reply = await acme.get(`/Users/${made.id}`, { 'x-http-method-override': 'DELETE' });
    expect(reply.status).toBe(200);
    expect((await acme.get(`/Users/${made.id}?_method=DELETE`)).status).toBe(200);
    expect((await acme.get(`/Users/${made.id}`)).body).toEqual(made);
  });
});
