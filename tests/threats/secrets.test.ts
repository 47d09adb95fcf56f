import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand, type ScimReply, scim } from '../harness/index.ts';
import { type Customer, expectRefusal, openWorld, type Representation, user, type World } from './world.ts';

let world: World;
let acme: Customer;
let target: Representation;

beforeAll(async () => {
  world = await openWorld();
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
    const listed = await runCommand(['token', 'list'], { DATABASE_URL: `sqlite:${world.server.databasePath}` });
    expect(listed, listed.stderr).toMatchObject({ code: 0 });
    expect(listed.stdout).toContain(id);
    await pause(400);

    const secret = token.slice(3);
    // What a client itself put into a path or a filter may come back to that client, and to nobody else.
    expect(replies[0]?.text).not.toContain(secret);
    expect(listed.stdout + listed.stderr).not.toContain(secret);
    expect(world.server.logs()).not.toContain(secret);
    expect(world.server.logs()).toContain('[token]');
    const folder = dirname(world.server.databasePath);
    const files = readdirSync(folder);
    expect(files).toEqual(expect.arrayContaining(['joinery.db', 'joinery.db-wal', 'log']));
    const found = files.filter((file) => readFileSync(join(folder, file)).includes(secret));
    expect(found).toEqual([]);
    // Nor anything that the token could be made of again: what is kept is one way.
    for (const form of [
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('hex'),
      Buffer.from(secret, 'base64url').toString('hex'),
    ]) {
      expect(files.filter((file) => readFileSync(join(folder, file)).includes(form))).toEqual([]);
    }
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
      await acme.get(`/Users?filter=${encodeURIComponent('userName eq "kept nowhere"')}&attributes=password,userName`),
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
    const folder = dirname(world.server.databasePath);
    for (const file of readdirSync(folder))
      expect(readFileSync(join(folder, file)).includes(password), file).toBe(false);
  });
});
