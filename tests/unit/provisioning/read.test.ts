import { describe, expect, test } from 'vitest';
import type { Call } from '../../../src/provisioning/call.ts';
import { MAX_BODY, MAX_GROUP_BODY, MAX_MEMBERS, MAX_OPERATIONS } from '../../../src/provisioning/limits.ts';
import { read } from '../../../src/provisioning/read.ts';
import { type Place, route } from '../../../src/provisioning/route.ts';
import { ScimError } from '../../../src/scim/index.ts';
import { CURSORS, callerWith, callTo } from './call.ts';

const USER = '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"bjensen"}';
const PATCH_GROUP = patch([{ op: 'add', path: 'members', value: [{ value: 'user-1' }] }]);

describe('media types', () => {
  const taken = [
    undefined,
    'application/scim+json',
    'application/json',
    'Application/SCIM+JSON',
    'application/scim+json; charset=utf-8',
    'application/scim+json;charset=UTF-8',
    'application/json; charset="utf-8"',
    'application/json ; odata=x; charset=utf-8',
    ' application/json',
  ];
  test.each(taken)('%j is read', async (contentType) => {
    const call = callTo('POST', '/Users', { body: USER, headers: contentType === undefined ? {} : { contentType } });
    expect(await asked(call)).toMatchObject({ kind: 'create', draft: { attributes: { userName: 'bjensen' } } });
  });

  // T-HTTP-05: what is not checked as JSON is not read as JSON.
  const refused = [
    '',
    'text/plain',
    'text/json',
    'application/xml',
    'application/scim+json, application/json',
    'application/scim+json\tx',
    'application/scim+jsonx',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-16',
    'application/json; charset=iso-8859-1',
    'application/json; charset=',
    'application/json; charset=utf-8; charset=latin1',
  ];
  test.each(refused)('%j is 415, unread', async (contentType) => {
    let read = false;
    const call: Call = {
      ...callTo('POST', '/Users', { headers: { contentType } }),
      body: async () => {
        read = true;
        return USER;
      },
    };
    expect(await asked(call)).toMatchObject({ status: 415 });
    expect(read).toBe(false);
  });

  test.each(['gzip', 'br', 'deflate', 'gzip, identity', 'x'])('Content-Encoding %j is 415', async (contentEncoding) => {
    expect(await asked(callTo('POST', '/Users', { body: USER, headers: { contentEncoding } }))).toMatchObject({
      status: 415,
    });
  });

  test('a detail repeats a header as printable text', async () => {
    const error = (await asked(
      callTo('POST', '/Users', { headers: { contentType: 'a\u001b[31m\u0085b' } }),
    )) as ScimError;
    expect(error.detail).toMatch(/^[\x20-\x7e]*$/);
  });
});

describe('sizes', () => {
  test('a body has 10 MiB, a group 32: what the door is asked for', async () => {
    const limits: number[] = [];
    const measured = (method: string, path: string): Call => ({
      ...callTo(method, path),
      body: async (limit) => {
        limits.push(limit);
        return '';
      },
    });
    for (const [method, path] of [
      ['POST', '/Users'],
      ['PUT', '/Users/1'],
      ['PATCH', '/Users/1'],
      ['POST', '/Groups'],
      ['PUT', '/Groups/1'],
      ['PATCH', '/Groups/1'],
    ] as const) {
      await asked(measured(method, path));
    }
    expect(limits).toEqual([MAX_BODY, MAX_BODY, MAX_BODY, MAX_GROUP_BODY, MAX_GROUP_BODY, MAX_GROUP_BODY]);
    expect([MAX_BODY, MAX_GROUP_BODY]).toEqual([10 * 2 ** 20, 32 * 2 ** 20]);
  });

  test('a body is not asked for by a method that has none', async () => {
    for (const [method, path] of [
      ['GET', '/Users'],
      ['GET', '/Users/1'],
      ['DELETE', '/Users/1'],
    ] as const) {
      const call: Call = { ...callTo(method, path), body: () => Promise.reject(new Error('asked for')) };
      expect(await asked(call)).toHaveProperty('kind');
    }
  });

  test('200,000 members are taken, one more is 413, spread over operations or not', async () => {
    const members = Array.from({ length: MAX_MEMBERS }, (_, index) => ({ value: `u${index}` }));
    const group = (list: readonly unknown[]) =>
      JSON.stringify({
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
        displayName: 'All',
        members: list,
      });
    const post = (body: string) => asked(callTo('POST', '/Groups', { body }));
    expect(await post(group(members))).toMatchObject({ kind: 'create' });
    expect(await post(group([...members, { value: 'one-more' }]))).toMatchObject({ status: 413 });

    const half = members.slice(0, MAX_MEMBERS / 2);
    const add = (value: readonly unknown[]) => ({ op: 'add', path: 'members', value });
    const send = (operations: readonly unknown[]) => asked(callTo('PATCH', '/Groups/1', { body: patch(operations) }));
    expect(await send([add(half), add(half)])).toMatchObject({ kind: 'patch' });
    expect(await send([add(half), add(half), add([{ value: 'one-more' }])])).toMatchObject({ status: 413 });
    expect(await send([{ op: 'remove', path: 'members', value: [...members, { value: 'x' }] }])).toMatchObject({
      status: 413,
    });
    expect(await send([{ op: 'add', value: { MEMBERS: [...members, { value: 'x' }] } }])).toMatchObject({
      status: 413,
    });
  });

  test('operations beyond the limit are 413, whatever they are called and whatever they are', async () => {
    const removals = Array.from({ length: MAX_OPERATIONS }, () => ({ op: 'remove', path: 'members[value eq "x"]' }));
    const send = (body: string) => asked(callTo('PATCH', '/Groups/1', { body }));
    expect(await send(patch(removals))).toMatchObject({ kind: 'patch' });
    expect(await send(patch([...removals, 1]))).toMatchObject({ status: 413 });
    expect(await send(patch([...removals, 1]).replace('"Operations"', '"OPERATIONS"'))).toMatchObject({ status: 413 });
  });
});

describe('bodies', () => {
  test.each(['', ' ', '{', '[]', '"x"', 'null', '1', '{"a":1}{"b":2}', '{}\n{}', '// c\n{}'])(
    '%j is 400',
    async (body) => {
      for (const [method, path] of [
        ['POST', '/Users'],
        ['PUT', '/Users/1'],
        ['PATCH', '/Users/1'],
      ] as const) {
        expect(await asked(callTo(method, path, { body }))).toMatchObject({ status: 400, scimType: 'invalidSyntax' });
      }
    },
  );
});

describe('what a PATCH is answered with', () => {
  test('of a group, nothing unless attributes are asked for (decision 26)', async () => {
    const quiet = await asked(callTo('PATCH', '/Groups/1', { body: PATCH_GROUP }));
    expect(quiet).not.toHaveProperty('view');
    expect(
      await asked(callTo('PATCH', '/Groups/1?excludedAttributes=members', { body: PATCH_GROUP })),
    ).not.toHaveProperty('view');
    expect(await asked(callTo('PATCH', '/Groups/1?attributes=displayName', { body: PATCH_GROUP }))).toHaveProperty(
      'view',
    );
  });

  test('of a user, the whole user', async () => {
    const body = patch([{ op: 'replace', path: 'active', value: false }]);
    expect(await asked(callTo('PATCH', '/Users/1', { body }))).toMatchObject({ kind: 'patch', view: {} });
  });
});

describe('query parameters', () => {
  test.each(['filter', 'startIndex', 'count', 'attributes', 'excludedAttributes'])(
    '%s given twice has no one meaning: 400',
    async (name) => {
      expect(await asked(callTo('GET', `/Users?${name}=1&${name}=2`))).toMatchObject({
        status: 400,
        scimType: 'invalidValue',
        message: expect.stringContaining(name),
      });
    },
  );

  test('that nobody knows do nothing (RFC 7644 §3.4.2)', async () => {
    expect(await asked(callTo('GET', '/Users?foo=1&foo=2&__proto__=x'))).toMatchObject({
      kind: 'query',
      query: { startIndex: 1, count: 100 },
    });
  });
});

function patch(operations: readonly unknown[]): string {
  return JSON.stringify({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations });
}

/** The request as it is read, or the refusal. */
async function asked(call: Call): Promise<Awaited<ReturnType<typeof read>> | ScimError> {
  const caller = callerWith();
  try {
    const place = route(call, caller) as Extract<Place, { kind: 'resources' }>;
    return await read(call, place, { caller, cursors: CURSORS, used: new Set() });
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
}
