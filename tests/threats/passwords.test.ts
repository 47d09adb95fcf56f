import { describe, expect, test } from 'vitest';
import { DATABASES } from '../harness/index.ts';
import { send } from './bulk-requests.ts';
import { type RuledCustomer, ruledServer } from './ruled.ts';
import { ENTERPRISE, expectRefusal, USER } from './world.ts';

describe.each(DATABASES)('on %s', async (database) => {
  const { server, customer } = await ruledServer(database, {
    synced: { features: { syncPassword: true } },
    removing: { basePath: '/removing', features: { syncPassword: true }, policy: { deactivation: 'remove' } },
    ignoring: { basePath: '/ignoring', features: { syncPassword: true }, policy: { updates: 'ignore' } },
    forgetful: { basePath: '/forgetful' },
  });
  const verified = async ({ organization, application }: RuledCustomer, userName: string, password: string) => {
    const told = await server.app.users.verifyPassword({ organization, application }, { userName, password });
    if (told.kind === 'refused') throw new Error(told.detail);
    return told.matches;
  };
  const hashesOf = async (id: string) =>
    (await server.rows('SELECT hash FROM passwords WHERE subject = ?', id)).map(({ hash }) => hash);
  const historyOf = async (id: string) =>
    (await server.rows('SELECT kind, before, after FROM changes WHERE subject = ? ORDER BY kind', id)).map(
      ({ kind }) => kind,
    );

  /** Each gives a user another password. */
  const WAYS: readonly (readonly [string, (acme: RuledCustomer, id: string, password: string) => Promise<unknown>])[] =
    [
      ['PUT', (acme, id, password) => acme.put(`/Users/${id}`, { schemas: [USER], userName: 'bjensen', password })],
      [
        'PATCH with a path',
        (acme, id, value) => acme.patch(`/Users/${id}`, [{ op: 'replace', path: 'password', value }]),
      ],
      [
        'PATCH without a path',
        (acme, id, password) => acme.patch(`/Users/${id}`, [{ op: 'replace', value: { password } }]),
      ],
      [
        'PATCH of active and password',
        (acme, id, password) => acme.patch(`/Users/${id}`, [{ op: 'replace', value: { active: true, password } }]),
      ],
      [
        'PATCH of which the last one counts',
        (acme, id, password) =>
          acme.patch(`/Users/${id}`, [
            { op: 'add', path: 'password', value: 'first' },
            { op: 'Replace', path: `${USER}:PASSWORD`, value: password },
          ]),
      ],
      [
        'a bulk',
        (acme, id, password) =>
          send(acme, [
            {
              method: 'PATCH',
              path: `/Users/${id}`,
              data: {
                schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
                Operations: [{ op: 'replace', value: { password } }],
              },
            },
          ]),
      ],
    ];

  test.each(WAYS)('%s: the new password works and the old one does not', async (_, change) => {
    const acme = await customer('synced');
    const { id } = await acme.user('bjensen', { password: 'old pass' });
    expect(await verified(acme, 'BJensen', 'old pass')).toBe(true);
    const version = (await acme.get(`/Users/${id}`)).body.meta.version;
    await change(acme, id, 'new päss');
    expect(await verified(acme, 'bjensen', 'new päss')).toBe(true);
    expect(await verified(acme, 'bjensen', 'old pass')).toBe(false);
    // A password is nothing of what is shown: the resource is the same.
    expect((await acme.get(`/Users/${id}`)).body.meta.version).toBe(version);
    expect(await historyOf(id)).toEqual(['created', 'password', 'password']);
  });

  test('the same one again is no change, and is hashed by nobody a second time', async () => {
    const acme = await customer('synced');
    const { id } = await acme.user('bjensen', { password: 'old pass' });
    const before = await hashesOf(id);
    for (const [, change] of WAYS) await change(acme, id, 'old pass');
    expect(await hashesOf(id)).toEqual(before);
    expect(await historyOf(id)).toEqual(['created', 'password']);
  });

  test('an update without a password keeps the one that is there (PUT-12), and none takes it away', async () => {
    const acme = await customer('synced');
    const { id } = await acme.user('bjensen', { password: 'old pass' });
    expect((await acme.put(`/Users/${id}`, { schemas: [USER], userName: 'bjensen', password: null })).status).toBe(200);
    expectRefusal(await acme.patch(`/Users/${id}`, [{ op: 'remove', path: 'password' }]), {
      status: 400,
      scimType: 'mutability',
      says: /^password is replaced by another one, and not removed/,
    });
    expect(await verified(acme, 'bjensen', 'old pass')).toBe(true);
  });

  test.each([
    ['too long', 'x'.repeat(1025), /^password is too long: 1 to 1024 characters/],
    ['no text', { value: 'x' }, /^password must be/],
  ])('one that is %s is refused, and never repeated', async (_, password, says) => {
    const acme = await customer('synced');
    const made = await acme.post('/Users', { schemas: [USER], userName: 'bjensen', password });
    expectRefusal(made, { status: 400, scimType: 'invalidValue', says });
    const { id } = await acme.user('bjensen', { password: 'old pass' });
    const updated = await acme.patch(`/Users/${id}`, [{ op: 'replace', value: { title: 'x', password } }]);
    expectRefusal(updated, { status: 400, scimType: 'invalidValue', says });
    expect((await acme.get(`/Users/${id}`)).body).not.toHaveProperty('title');
    expect(await verified(acme, 'bjensen', 'old pass')).toBe(true);
  });

  test('prepared as RFC 8265 has it: other spaces, and other compositions, are the same', async () => {
    const acme = await customer('synced');
    await acme.user('bjensen', { password: 'Cafe\u0301\u00a0noir' });
    expect(await verified(acme, 'bjensen', 'Caf\u00e9 noir')).toBe(true);
    expect(await verified(acme, 'bjensen', 'caf\u00e9 noir')).toBe(false);
  });

  test('T-DEP-03 nobody inactive, unknown or without a password is let in by one', async () => {
    const acme = await customer('synced');
    const { id } = await acme.user('bjensen', { password: 'old pass' });
    await acme.user('bare');
    await acme.deactivate(id);
    expect(await verified(acme, 'bjensen', 'old pass')).toBe(false);
    for (const name of ['bare', 'nobody', '']) {
      expect(await verified(acme, name, '')).toBe(false);
      expect(await verified(acme, name, 'nobody has this one')).toBe(false);
    }
    await acme.patch(`/Users/${id}`, [{ op: 'replace', value: { active: true } }]);
    expect(await verified(acme, 'bjensen', 'old pass')).toBe(true);
    expect(await verified(await customer('synced'), 'bjensen', 'old pass')).toBe(false);
  });

  test('a removal takes the password with it, and who comes again under the name does not inherit it (T-ATO-04)', async () => {
    const acme = await customer('removing');
    const { id } = await acme.user('bjensen', { password: 'old pass' });
    await acme.patch(`/Users/${id}`, [{ op: 'replace', value: { active: false, password: 'other' } }]);
    expect(await hashesOf(id)).toEqual([]);
    const again = await acme.user('bjensen');
    expect(again.id).not.toBe(id);
    expect(await verified(acme, 'bjensen', 'old pass')).toBe(false);
  });

  test('T-ATO-02 a reused userName does not open the account of who had it before', async () => {
    const acme = await customer('synced');
    const { id } = await acme.user('bjensen', { password: 'old pass', emails: [{ value: 'b@example.com' }] });
    expect(
      (
        await acme.put(`/Users/${id}`, {
          schemas: [USER],
          userName: 'babs',
          emails: [{ value: 'attacker@example.com' }],
        })
      ).status,
    ).toBe(200);
    await acme.user('bjensen', { password: 'another' });
    expect(await verified(acme, 'bjensen', 'old pass')).toBe(false);
    expect(await verified(acme, 'bjensen', 'another')).toBe(true);
    expect(await verified(acme, 'babs', 'old pass')).toBe(true);
    expect(await verified(acme, 'babs', 'another')).toBe(false);
  });

  test('where updates are ignored, passwords are too, and it is journaled as such', async () => {
    const acme = await customer('ignoring');
    const { id } = await acme.user('bjensen', { password: 'old pass' });
    for (const [, change] of WAYS) await change(acme, id, 'new pass');
    expect(await verified(acme, 'bjensen', 'old pass')).toBe(true);
    expect(await historyOf(id)).toEqual(['created', 'password']);
  });

  test('where they are not synchronised they are taken and forgotten, Okta’s placeholder too', async () => {
    const acme = await customer('forgetful');
    const { id } = await acme.user('bjensen', { password: '1mz050nq' });
    expect((await acme.patch(`/Users/${id}`, [{ op: 'remove', path: 'password' }])).status).toBe(200);
    expect((await acme.put(`/Users/${id}`, { schemas: [USER], userName: 'bjensen', password: '' })).status).toBe(200);
    expect(await hashesOf(id)).toEqual([]);
    expect(await historyOf(id)).toEqual(['created']);
    const { organization, application } = acme;
    const told = await server.app.users.verifyPassword(
      { organization, application },
      { userName: 'bjensen', password: '1mz050nq' },
    );
    expect(told).toMatchObject({ kind: 'refused', detail: expect.stringContaining('syncPassword') });
  });

  test('a circle of a bulk sets each password once', async () => {
    const acme = await customer('synced');
    const of = (name: string, manager: string) => ({
      method: 'POST',
      path: '/Users',
      bulkId: name,
      data: {
        schemas: [USER, ENTERPRISE],
        userName: name,
        password: `pass of ${name}`,
        [ENTERPRISE]: { manager: { value: `bulkId:${manager}` } },
      },
    });
    const reply = await send(acme, [of('ann', 'bob'), of('bob', 'ann')]);
    expect(reply.body.Operations).toMatchObject([{ status: '201' }, { status: '201' }]);
    for (const name of ['ann', 'bob']) {
      expect(await verified(acme, name, `pass of ${name}`)).toBe(true);
      const [found] = (await acme.get(`/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`)).body.Resources;
      expect((await historyOf(found.id)).filter((kind) => kind === 'password')).toHaveLength(1);
    }
    expect(await verified(acme, 'ann', 'pass of bob')).toBe(false);
  });

  test('a flood of them is hashed in turn, each once', async () => {
    const acme = await customer('synced');
    const names = Array.from({ length: 24 }, (_, index) => `flood${index}`);
    const made = await Promise.all(
      names.map((userName) => acme.post('/Users', { schemas: [USER], userName, password: `of ${userName}` })),
    );
    expect(made.map(({ status }) => status)).toEqual(names.map(() => 201));
    expect(await verified(acme, 'flood7', 'of flood7')).toBe(true);
    const hashes = await server.rows('SELECT hash FROM passwords');
    expect(new Set(hashes.map(({ hash }) => hash)).size).toBe(hashes.length);
  });

  test('USR-15 what is kept is a salted slow hash, and the clear text is found nowhere', async () => {
    const acme = await customer('synced');
    const secret = 'Zu9-planted-secret';
    const { id } = await acme.user('bjensen', { password: secret });
    const replies = [
      await acme.put(`/Users/${id}`, { schemas: [USER], userName: 'bjensen', title: 'x', password: `${secret}2` }),
      await acme.patch(`/Users/${id}`, [{ op: 'replace', value: { password: `${secret}3`, active: true } }]),
      await acme.patch(`/Users/${id}`, [{ op: 'replace', path: 'password', value: `${secret}${'x'.repeat(1025)}` }]),
      await acme.post('/Users', { schemas: [USER], userName: 'BJENSEN', password: `${secret}4` }),
      await acme.post('/Users', { schemas: [USER], userName: 5, password: `${secret}5` }),
      await acme.get(`/Users/${id}?attributes=password`),
      await acme.get(`/Users?filter=${encodeURIComponent(`password eq "${secret}3"`)}`),
    ];
    for (const { text } of replies) expect(text).not.toContain(secret);
    expect((await hashesOf(id))[0]).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
    for (const bytes of (await server.kept()).values()) expect(bytes.includes(secret)).toBe(false);
  });
});
