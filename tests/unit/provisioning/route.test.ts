import { describe, expect, test } from 'vitest';
import { type Place, route } from '../../../src/provisioning/route.ts';
import { ScimError } from '../../../src/scim/index.ts';
import { callerWith, callTo } from './call.ts';

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PURGE', 'get'];
const OF_A_TYPE = 'GET, HEAD, OPTIONS, POST';
const OF_A_RESOURCE = 'GET, HEAD, OPTIONS, PUT, PATCH, DELETE';
const OF_DISCOVERY = 'GET, HEAD, OPTIONS';

describe('every method at every endpoint: taken, or 405 with Allow', () => {
  const allowedAt: readonly (readonly [path: string, allow: string])[] = [
    ['/Users', OF_A_TYPE],
    ['/Groups', OF_A_TYPE],
    ['/Users/2819', OF_A_RESOURCE],
    ['/Groups/2819', OF_A_RESOURCE],
    ['/ServiceProviderConfig', OF_DISCOVERY],
    ['/ResourceTypes', OF_DISCOVERY],
    ['/ResourceTypes/User', OF_DISCOVERY],
    ['/Schemas', OF_DISCOVERY],
    ['/Schemas/urn:ietf:params:scim:schemas:core:2.0:User', OF_DISCOVERY],
  ];
  for (const [path, allow] of allowedAt) {
    for (const method of METHODS) {
      const allowed = allow.split(', ').includes(method);
      test(`${method} ${path} ${allowed ? 'is taken' : '→ 405'}`, () => {
        const found = routed(method, path);
        if (!allowed) {
          expect(found).toMatchObject({ status: 405, headers: { allow } });
          expect((found as ScimError).detail).toContain(method);
        } else if (method === 'OPTIONS') {
          expect(found).toMatchObject({ kind: 'options', reply: { status: 204, headers: { allow } } });
          expect((found as Extract<Place, { kind: 'options' }>).reply.body).toBeUndefined();
        } else {
          expect(found).toMatchObject({ kind: allow === OF_DISCOVERY ? 'discovery' : 'resources' });
        }
      });
    }
  }
});

describe('where a call knocked', () => {
  test('is a type, or one resource of it', () => {
    expect(routed('GET', '/Users')).toMatchObject({ kind: 'resources', type: { name: 'User' } });
    expect(routed('GET', '/Users')).not.toHaveProperty('id');
    expect(routed('DELETE', '/Groups/2819')).toMatchObject({ kind: 'resources', type: { name: 'Group' }, id: '2819' });
  });

  const nowhere = [
    '/users',
    '/USERS',
    '/Nope',
    '/Users/2819/emails',
    '/Groups/2819/members/1',
    '/Schemas/a/b',
    '/Me',
    '/Me/x',
    '/__proto__',
    '/constructor',
    '/toString/x',
    '/hasOwnProperty',
  ];
  test.each(nowhere)('%s is nowhere: 404', (path) => {
    expect(routed('GET', path)).toMatchObject({ status: 404, scimType: undefined });
  });

  // T-PP-04: an id may be spelled like a property of every JavaScript object.
  test.each(['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', 'Bulk'])(
    'T-PP-04 /Users/%s is an id',
    (id) => {
      expect(routed('GET', `/Users/${id}`)).toMatchObject({ kind: 'resources', id });
    },
  );

  test.each([
    ['POST', '/Bulk', { kind: 'bulk' }],
    ['POST', '/.search', { kind: 'search', types: [{ name: 'User' }, { name: 'Group' }] }],
    ['POST', '/Users/.search', { kind: 'search', types: [{ name: 'User' }] }],
    ['GET', '/', { kind: 'root', types: [{ name: 'User' }, { name: 'Group' }] }],
    ['GET', '/Bulk', { status: 405, headers: { allow: 'POST, OPTIONS' } }],
    ['GET', '/Groups/.search', { status: 405, headers: { allow: 'POST, OPTIONS' } }],
    ['POST', '/', { status: 405, headers: { allow: OF_DISCOVERY } }],
    ['POST', '/Schemas/.search', { status: 404 }],
    ['POST', '/ResourceTypes/.search', { status: 404 }],
    ['POST', '/Users/2819/.search', { status: 404 }],
  ])('%s %s', (method, path, place) => {
    expect(routed(method, path)).toMatchObject(place);
  });
});

describe('T-PRIV-04 a token that only reads', () => {
  const reads = callerWith({ scope: 'read' });

  test.each(['GET', 'HEAD', 'OPTIONS'])('may %s', (method) => {
    expect(route(callTo(method, '/Users/2819'), reads)).toHaveProperty('kind');
  });

  test('SEA-12 may search', () => {
    expect(route(callTo('POST', '/Users/.search'), reads)).toMatchObject({ kind: 'search' });
  });

  test.each([
    ['POST', '/Users'],
    ['PUT', '/Users/2819'],
    ['PATCH', '/Groups/2819'],
    ['DELETE', '/Users/2819'],
    ['POST', '/Bulk'],
  ])('may not %s %s: 403', (method, path) => {
    expect(caught(() => route(callTo(method, path), reads))).toMatchObject({
      status: 403,
      message: expect.stringContaining('insufficient_scope'),
    });
  });
});

function routed(method: string, path: string): Place | ScimError {
  return caught(() => route(callTo(method, path), callerWith()));
}

function caught<T>(run: () => T): T | ScimError {
  try {
    return run();
  } catch (error) {
    expect(error).toBeInstanceOf(ScimError);
    return error as ScimError;
  }
}
