import { describe, expect, test } from 'vitest';
import { admit } from '../../../src/provisioning/admit.ts';
import type { Identify } from '../../../src/provisioning/call.ts';
import { ScimError, STRICT, TOLERANT } from '../../../src/scim/index.ts';
import { BASE, callTo, identified, rules } from './call.ts';

const TOKEN = 'jn-token';

/** Which token a header presents: undefined when none, so that nobody is asked about it. */
describe('T-AUTH-02 the Authorization header', () => {
  const cases: readonly (readonly [header: string | undefined, presents: string | undefined])[] = [
    ['Bearer jn-token', TOKEN],
    ['bearer jn-token', TOKEN],
    ['BEARER jn-token', TOKEN],
    ['Bearer   jn-token  ', TOKEN],
    ['Bearer\tjn-token', TOKEN],
    ['jn-token', TOKEN],
    ['  jn-token ', TOKEN],
    ['Bearer Bearer jn-token', TOKEN],
    ['Bearer bearer jn-token', TOKEN],
    [`Basic ${btoa('anyone:jn-token')}`, TOKEN],
    [`basic ${btoa(':jn-token')}`, TOKEN],
    // RFC 7617 §2: the password may hold colons, the user-id none.
    [`Basic ${btoa('anyone:jn:token')}`, 'jn:token'],
    [undefined, undefined],
    ['', undefined],
    ['   ', undefined],
    ['Bearer', undefined],
    ['Bearer ', undefined],
    ['Bearer Bearer', undefined],
    ['Bearer jn-token extra', undefined],
    ['Bearer Bearer jn-token extra', undefined],
    ['Basic', undefined],
    ['Basic !!!', undefined],
    [`Basic ${btoa('anyone:')}`, undefined],
    [`Basic ${btoa('jn-token')}`, undefined],
    [`Basic ${btoa('anyone:jn-token')} extra`, undefined],
    ['Bearer null', 'null'],
    ['Bearer undefined', 'undefined'],
    ['null', 'null'],
    ['Digest jn-token', undefined],
  ];

  for (const [header, presents] of cases) {
    test(`${JSON.stringify(header)} presents ${presents === undefined ? 'nothing' : JSON.stringify(presents)}`, async () => {
      const asked: string[] = [];
      const identify: Identify = async (token) => {
        asked.push(token);
        return token === TOKEN ? identified() : { kind: 'unknown' };
      };
      const call = callTo('GET', '/Users', { headers: header === undefined ? {} : { authorization: header } });
      const caller = await admit(call, { identify, rules: rules() }).catch((error: unknown) => error);
      expect(asked).toEqual(presents === undefined ? [] : [presents]);
      if (presents === TOKEN) {
        expect(caller).toMatchObject({ scope: 'provision', directory: { id: 'directory-a', base: BASE } });
      } else {
        expect(caller).toBeInstanceOf(ScimError);
        expect(caller).toMatchObject({
          status: 401,
          headers: { 'www-authenticate': expect.stringMatching(/^Bearer /) },
        });
      }
    });
  }
});

describe('a token that opens nothing', () => {
  test.each([
    ['unknown', 'is not valid'],
    ['expired', 'has expired'],
    ['revoked', 'was revoked'],
  ] as const)('%s: 401 invalid_token, told which, without the token', async (kind, says) => {
    const error = await refusalOf(async () => ({ kind }));
    expect(error.status).toBe(401);
    expect(error.detail).toContain(says);
    expect(error.detail).not.toContain(TOKEN);
    expect(error.headers['www-authenticate']).toContain('error="invalid_token"');
  });

  test('of another application is as unknown as a wrong one', async () => {
    const foreign = await refusalOf(async () => identified({ application: 'board' }));
    const wrong = await refusalOf(async () => ({ kind: 'unknown' }));
    expect(foreign.toJSON()).toEqual(wrong.toJSON());
    expect(foreign.headers).toEqual(wrong.headers);
  });

  test('and none at all: the challenge names no error (RFC 6750 §3)', async () => {
    const call = callTo('GET', '/Users');
    const error = (await admit(call, { identify: async () => identified(), rules: rules() }).catch(
      (error: unknown) => error,
    )) as ScimError;
    expect(error.headers['www-authenticate']).not.toContain('error=');
  });

  async function refusalOf(identify: Identify): Promise<ScimError> {
    const call = callTo('GET', '/Users', { headers: { authorization: `Bearer ${TOKEN}` } });
    return (await admit(call, { identify, rules: rules() }).catch((error: unknown) => error)) as ScimError;
  }
});

describe('who is admitted', () => {
  const call = callTo('GET', '/Users', { headers: { authorization: TOKEN } });

  test('acts as the credential, in its directory, in its scope', async () => {
    const credential = { id: 'credential-9', name: 'Reporting', scope: 'read' as const };
    expect(
      await admit(call, { identify: async () => identified({ credential, directory: 'directory-b' }), rules: rules() }),
    ).toMatchObject({
      scope: 'read',
      strict: false,
      by: { kind: 'credential', id: 'credential-9', name: 'Reporting' },
      directory: { id: 'directory-b', tolerances: TOLERANT },
      requestId: 'request-1',
    });
  });

  test('has the rules of the pure standard where its application wants them', async () => {
    expect(await admit(call, { identify: async () => identified(), rules: rules(true) })).toMatchObject({
      strict: true,
      directory: { tolerances: STRICT },
    });
  });
});
