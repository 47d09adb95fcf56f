import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES, runCommand, type ScimReply, scim } from '../harness/index.ts';
import {
  type Customer,
  ENTERPRISE,
  expectRefusal,
  GROUP,
  openWorld,
  type Representation,
  rowsOf,
  user,
  type World,
} from './world.ts';

describe.each(DATABASES)('on %s', (database) => {
  let world: World;
  let acme: Customer;
  let target: Representation;

  beforeAll(async () => {
    world = await openWorld({ database });
    acme = world.acme;
    target = await acme.user('auth');
  });

  afterAll(() => world.close());

  describe('T-AUTH-08 a token is shown once', () => {
    test('and then found nowhere: not in the database, its -wal, the log, or any reply', async () => {
      const { token, id } = await world.server.mint('secret');
      const client = scim({ baseUrl: acme.baseUrl, token });
      const replies: ScimReply[] = [];
      // Wherever a client may put it by mistake.
      replies.push(await client.get('/Users'));
      replies.push(await client.get(`/Users/${token}`));
      replies.push(await client.get(`/${token}`));
      replies.push(
        await client.get(`/Users?access_token=${token}&filter=${encodeURIComponent(`userName eq "${token}"`)}`),
      );
      replies.push(await client.get(`/Users?filter=${token}`));
      replies.push(
        await client.get('/Users', { cookie: `token=${token}`, 'x-token': token, referer: `http://x/${token}` }),
      );
      replies.push(await client.post('/Users', `{"schemas":["${token}"],"userName":5`));
      replies.push(await client.post('/Users', user('x'), { 'content-type': `text/${token}` }));
      replies.push(await client.post('/Users', user('x'), { 'if-match': token }));
      replies.push(await client.patch(`/Users/${target.id}`, [{ op: 'replace', path: token, value: 'x' }]));
      replies.push(await client.patch(`/Users/${token}`, [{ op: 'replace', path: 'title', value: 'x' }]));
      const listed = await runCommand(['token', 'list'], world.server.env as Record<string, string>);
      expect(listed, listed.stderr).toMatchObject({ code: 0 });
      expect(listed.stdout).toContain(id);
      await pause(400);

      const secret = token.slice(3);
      // What a client itself put into a path or a filter may come back to that client, and to nobody else.
      expect(replies[0]?.text).not.toContain(secret);
      expect(listed.stdout + listed.stderr).not.toContain(secret);
      expect(world.server.logs()).not.toContain(secret);
      expect(world.server.logs()).toContain('[token]');
      const kept = await world.server.kept();
      const names = { sqlite: ['joinery.db', 'joinery.db-wal'], postgres: ['joinery_operator.credentials'] };
      expect([...kept.keys()]).toEqual(expect.arrayContaining([...names[database], 'log']));
      expect(holding(kept, id)).not.toEqual([]);
      expect(holding(kept, secret)).toEqual([]);
      // Nor anything that the token could be made of again: what is kept is one way.
      for (const form of [
        Buffer.from(secret).toString('base64'),
        Buffer.from(secret).toString('hex'),
        Buffer.from(secret, 'base64url').toString('hex'),
      ]) {
        expect(holding(kept, form)).toEqual([]);
      }
    });

    test('nor when it is sent as a value: an id, a name, a member, a manager, with its prefix or without', async () => {
      const { token } = await world.server.mint('mistaken');
      const secret = token.slice(3);
      const group = await acme.group('tokens', [target.id]);
      const gone = await acme.user('gone with a token');
      await acme.delete(`/Users/${gone.id}`);
      const manager = (value: string) => ({ [ENTERPRISE]: { manager: { value } } });
      const members = (value: string) => ({ schemas: [GROUP], displayName: 'tokens 2', members: [{ value }] });
      const before = await rowsOf(world.server, acme.directory);
      const refused: ScimReply[] = [
        // As an attribute: told what is wrong, and not kept.
        await acme.post('/Users', user(token)),
        await acme.post('/Users', user(`svc ${token}`)),
        await acme.post('/Users', user('x', { externalId: token })),
        await acme.post('/Users', user('x', { title: token, nickName: 'x' })),
        await acme.post('/Users', user('x', { emails: [{ value: token }] })),
        await acme.post('/Users', user('x', manager(token))),
        await acme.put(`/Users/${target.id}`, user('auth', manager(token))),
        await acme.patch(`/Users/${target.id}`, [{ op: 'add', value: manager(token) }]),
        await acme.patch(`/Users/${target.id}`, [{ op: 'replace', path: 'userName', value: token }]),
        await acme.patch(`/Users/${target.id}`, [{ op: 'add', path: 'roles', value: [{ value: token }] }]),
        await acme.patch(`/Users/${target.id}`, [
          { op: 'replace', path: `emails[value eq "${token}"].type`, value: 'work' },
        ]),
        await acme.post('/Groups', { schemas: [GROUP], displayName: token }),
        // As a member: nobody has that id.
        ...(await Promise.all(
          [token, secret].flatMap((id) => [
            acme.post('/Groups', members(id)),
            acme.put(`/Groups/${group.id}`, members(id)),
            acme.patch(`/Groups/${group.id}`, [{ op: 'add', path: 'members', value: [{ value: id }] }]),
          ]),
        )),
        // As the id in the path, of those who are here and of those who are not.
        ...(await Promise.all(
          [token, secret, `${gone.id} ${token}`, `${secret}${gone.id}`].flatMap((id) => [
            acme.put(`/Users/${encodeURIComponent(id)}`, user('x')),
            acme.patch(`/Users/${encodeURIComponent(id)}`, [{ op: 'replace', path: 'title', value: 'x' }]),
            acme.delete(`/Users/${encodeURIComponent(id)}`),
            acme.get(`/Users/${encodeURIComponent(id)}`),
          ]),
        )),
      ];
      for (const reply of refused) expect([400, 404], reply.text).toContain(reply.status);
      for (const reply of refused.slice(0, 3)) {
        expectRefusal(reply, {
          status: 400,
          scimType: 'invalidValue',
          says: /^(userName|externalId) holds a SCIM token/,
        });
        expect(reply.text).not.toContain(secret);
      }
      await pause(400);

      const { failures, ...after } = await rowsOf(world.server, acme.directory);
      const { failures: _, ...unchanged } = before;
      expect(after).toEqual(unchanged);
      // What is kept of refused calls says which attribute, and who was meant.
      expect(failures?.join()).toMatch(/"unknown-members".*has the id \\"…\\"/);
      expect(world.server.logs()).not.toContain(secret);
      const kept = await world.server.kept();
      for (const form of [secret, secret.toLowerCase()]) expect(holding(kept, form)).toEqual([]);
    });

    test('a password is accepted, and kept nowhere', async () => {
      const password = `P4ss-${randomBytes(16).toString('base64url')}`;
      const made = await acme.post('/Users', user('kept nowhere', { password }));
      expect(made.status).toBe(201);
      expect(made.text).not.toContain(password);
      const replies = [
        await acme.put(`/Users/${made.body.id}`, user('kept nowhere', { password, title: 'x' })),
        await acme.patch(`/Users/${made.body.id}`, [{ op: 'replace', path: 'password', value: password }]),
        await acme.patch(`/Users/${made.body.id}`, [{ op: 'replace', value: { password } }]),
        await acme.get(`/Users/${made.body.id}?attributes=password`),
        await acme.get(
          `/Users?filter=${encodeURIComponent('userName eq "kept nowhere"')}&attributes=password,userName`,
        ),
      ];
      for (const reply of replies) {
        expect(reply.status, reply.text).toBeLessThan(300);
        expect(reply.text).not.toContain('assword"');
        expect(reply.text).not.toContain(password);
      }
      for (const filter of [`password eq "${password}"`, 'password pr', 'password sw "P"']) {
        const reply = await acme.get(`/Users?filter=${encodeURIComponent(filter)}`);
        expectRefusal(reply, { status: 400, scimType: 'invalidFilter' });
        expect(reply.text).not.toContain(password);
      }
      await pause(400);
      expect(world.server.logs()).not.toContain(password);
      expect(holding(await world.server.kept(), password)).toEqual([]);
    });
  });
});

/** The names of what has the text in it. */
function holding(kept: ReadonlyMap<string, Buffer>, text: string): string[] {
  return [...kept].filter(([, bytes]) => bytes.includes(text)).map(([name]) => name);
}
