import { describe, expect, test } from 'vitest';
import { CommitUnheard, type Refusal, StoreUnavailable, TooMuchWaiting } from '../../../src/directory/index.ts';
import { Refused, refuse } from '../../../src/provisioning/refuse.ts';
import { ScimError } from '../../../src/scim/index.ts';
import { callerWith, callTo } from './call.ts';

const call = callTo('PUT', '/Users/2819');

describe("the directory's words in the protocol's", () => {
  const table: readonly (readonly [refusal: Refusal, status: number, scimType: string | undefined])[] = [
    [{ reason: 'not-found', type: 'User', id: '2819' }, 404, undefined],
    [
      { reason: 'name-taken', type: 'User', attribute: 'userName', value: 'x', active: true, asked: 'create' },
      409,
      'uniqueness',
    ],
    [{ reason: 'external-id-taken', type: 'User', externalId: 'x' }, 409, 'uniqueness'],
    [{ reason: 'two-matches', type: 'User', name: 'x', externalId: 'y' }, 409, 'uniqueness'],
    [{ reason: 'version-mismatch', type: 'User', id: '2819', version: 3 }, 412, undefined],
    [{ reason: 'unknown-members', ids: ['x'] }, 400, 'invalidValue'],
    [{ reason: 'member-of-itself', id: 'x' }, 400, 'invalidValue'],
    [{ reason: 'unknown-manager', id: 'x' }, 400, 'invalidValue'],
    [{ reason: 'not-owned', type: 'User', label: 'x', asked: 'create' }, 409, 'uniqueness'],
    [{ reason: 'not-owned', type: 'User', label: 'x', asked: 'update' }, 409, undefined],
    [{ reason: 'not-owned', type: 'User', label: 'x', asked: 'deprovision' }, 409, undefined],
    [{ reason: 'user-name-no-email', userName: 'x' }, 400, 'invalidValue'],
    [{ reason: 'user-name-not-the-email', userName: 'x' }, 400, 'invalidValue'],
    [{ reason: 'role-above-ceiling', role: 'x', ceiling: [] }, 409, undefined],
    [{ reason: 'group-gives-role', from: 'x', to: 'y', role: 'z' }, 409, undefined],
    [{ reason: 'protocol', error: ScimError.noTarget('emails: no such.') }, 400, 'noTarget'],
  ];
  for (const [refusal, status, scimType] of table) {
    test(`${refusal.reason} → ${status} ${scimType ?? ''}`, () => {
      const reply = refuse(new Refused(refusal), { call, caller: callerWith(), used: new Set() });
      expect(reply).toMatchObject({
        status,
        headers: { 'content-type': 'application/scim+json' },
        note: { outcome: refusal.reason, directory: 'directory-a', credential: 'credential-1' },
      });
      const body = JSON.parse(reply.body as string);
      expect(body).toMatchObject({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: String(status),
        detail: expect.stringMatching(/\.$/),
      });
      expect(body.scimType).toBe(scimType);
    });
  }
});

describe('what is no refusal', () => {
  test('a protocol error is told as it is, with its headers', () => {
    const reply = refuse(ScimError.methodNotAllowed('No.', ['GET', 'HEAD']), {
      call,
      caller: undefined,
      used: new Set(),
    });
    expect(reply).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' }, note: { outcome: '405' } });
    expect(reply.note).not.toHaveProperty('logged');
    expect(reply.note).not.toHaveProperty('directory');
  });

  test('a database that cannot: 503 with whole seconds to wait, its words in the log alone', () => {
    const cause = new StoreUnavailable('SQLITE_FULL: database or disk is full at /var/lib');
    const reply = refuse(cause, { call, caller: callerWith(), used: new Set() });
    expect(reply).toMatchObject({ status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
    expect(reply.body).not.toMatch(/SQLITE|disk|var/);
    expect(reply.body).toContain('request-1');
    expect(reply.note.logged).toBe(cause);
  });

  test('T-DOS-05 a queue that is full: 429 with whole seconds to wait', () => {
    const cause = new TooMuchWaiting('too many writes are waiting');
    const reply = refuse(cause, { call, caller: callerWith(), used: new Set() });
    expect(reply).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
    expect(reply.body).toMatch(/so nothing of this one was done\. Send it again in 5 seconds/);
    expect(reply.note.logged).toBe(cause);
  });

  test('a commit that was not heard of: 503, and nobody says that nothing was changed', () => {
    const cause = new CommitUnheard('the commit was not heard of (Connection terminated)');
    const reply = refuse(cause, { call, caller: callerWith(), used: new Set() });
    expect(reply).toMatchObject({ status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
    expect(reply.body).toContain('may be done or not');
    expect(reply.body).not.toMatch(/Nothing was changed|terminated/);
    expect(reply.note.logged).toBe(cause);
  });

  test.each([
    new TypeError('Cannot read properties of undefined (reading "x")'),
    new Error('/srv/joinery/src/secret.ts'),
    'a string',
    undefined,
    null,
  ])('%s: 500 that says nothing of it but the request id; the log has the cause', (cause) => {
    const reply = refuse(cause, { call, caller: callerWith(), used: new Set() });
    expect(reply.status).toBe(500);
    expect(JSON.parse(reply.body as string)).toMatchObject({
      status: '500',
      detail: expect.stringContaining('request-1'),
    });
    expect(reply.body).not.toMatch(/undefined|properties|srv|a string/);
    expect(reply.note).toHaveProperty('logged', cause);
  });
});
