import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { runCommand, scim, startProbedServerProcess, temporaryDatabase } from '../harness/index.ts';
import { BULK, change, contradictionsOf, makeGroup, makeUser, send, statusesOf } from './bulk-requests.ts';
import { type Customer, GROUP, leavesNoTrace, openWorld, query, rowsOf, USER, user, type World } from './world.ts';

let world: World;
let acme: Customer;
beforeAll(async () => {
  world = await openWorld();
  acme = world.acme;
});
afterAll(() => world.close());

test('IPS-06 each operation of a bulk is a change of its own in the history', async () => {
  const before = (await rowsOf(world.server, acme.directory)).changes?.length ?? 0;
  const reply = await send(acme, [
    makeUser('ips-a'),
    makeUser('ips-b'),
    makeUser('IPS-A'),
    makeGroup('ips', ['bulkId:ips-a']),
    change('/Users/bulkId:ips-b', { op: 'replace', path: 'active', value: false }),
    { method: 'DELETE', path: '/Users/bulkId:ips-b' },
  ]);
  expect(statusesOf(reply)).toEqual(['201', '201', '409', '201', '200', '204']);
  const changes = query(
    world.server.databasePath,
    'SELECT kind, by_id, change_set, request_id FROM changes WHERE directory = ? ORDER BY seq LIMIT -1 OFFSET ?',
    acme.directory,
    before,
  );
  const kinds = changes.map(({ kind }) => kind);
  expect(kinds.length).toBeGreaterThanOrEqual(5);
  expect(new Set(changes.map(({ change_set }) => change_set)).size).toBe(5);
  expect(new Set(changes.map(({ by_id }) => by_id))).toEqual(new Set([acme.credential]));
  expect(new Set(changes.map(({ request_id }) => request_id)).size).toBe(1);
  const failures = query(world.server.databasePath, 'SELECT * FROM failures WHERE directory = ?', acme.directory);
  expect(JSON.stringify(failures)).toMatch(/ips-a/i);
});

test('what a member of a circle was refused for is noted, and nothing else of it', async () => {
  await acme.user('noted');
  const before = await rowsOf(world.server, acme.directory);
  const reply = await send(acme, [
    makeUser('innocent', manager('bulkId:noted')),
    makeUser('noted', manager('bulkId:innocent')),
  ]);
  expect(statusesOf(reply)).toEqual(['409', '409']);
  const { failures = [], ...rows } = await rowsOf(world.server, acme.directory);
  const { failures: earlier = [], ...others } = before;
  expect(rows).toEqual(others);
  expect(failures.length).toBe(earlier.length + 1);
  expect(failures.find((row) => !earlier.includes(row))).toMatch(/noted/);
});

test('a circle that touches more members than one shared commit has room for is done all the same', async () => {
  const people = Array.from({ length: 700 }, (_, n) => makeUser(`many${n}`));
  const made = await send(acme, people);
  expect(new Set(statusesOf(made))).toEqual(new Set(['201']));
  const ids = made.body.Operations.map(({ location }: { location: string }) => location.split('/').at(-1));
  const reply = await send(acme, [
    makeGroup('large-a', [...ids, 'bulkId:large-b']),
    makeGroup('large-b', ['bulkId:large-a']),
  ]);
  expect(statusesOf(reply)).toEqual(['201', '201']);
  const [a, b] = await Promise.all(
    reply.body.Operations.map(
      async ({ location }: { location: string }) => (await acme.get(location.slice(acme.baseUrl.length))).body,
    ),
  );
  expect(a.members).toHaveLength(701);
  expect(b.members.map(({ value }: { value: string }) => value)).toEqual([a.id]);
});

test('T-TEN-04 nothing of another customer is reached through a bulk, by path, member, manager or bulkId', async () => {
  const theirs = await world.globex.user('theirs');
  const staff = await world.globex.group('theirs', [theirs.id]);
  const unknown = theirs.id.replaceAll(/[0-9a-f]/g, '0');
  await leavesNoTrace(world, async () => {
    const attack = async (id: string, group: string): Promise<string> =>
      (
        await send(acme, [
          { method: 'DELETE', path: `/Users/${id}` },
          { method: 'PUT', path: `/Users/${id}`, data: user('mine') },
          change(`/Users/${id}`, { op: 'replace', path: 'active', value: false }),
          change(`/Groups/${group}`, { op: 'remove', path: 'members' }),
          makeGroup('mine', [id]),
          {
            method: 'PUT',
            path: `/Groups/${group}`,
            data: { schemas: [GROUP], displayName: 'mine', members: [{ value: id }] },
          },
          makeGroup('mine too', ['bulkId:theirs']),
          { method: 'DELETE', path: `/Users/${id}` },
        ])
      ).text
        .replaceAll(id, 'ID')
        .replaceAll(group, 'GROUP');
    const own = await attack(theirs.id, staff.id);
    expect(own).toBe(await attack(unknown, unknown.replace(/.$/, '1')));
    expect(own).not.toMatch(/"status":"2/);
  });
});

test('a token that only reads changes nothing through a bulk, and one of another base is none', async () => {
  const { token } = await world.server.mint('reader', { organization: 'acme', scope: 'read' });
  await leavesNoTrace(world, async () => {
    for (const authorization of [`Bearer ${token}`, `Bearer ${acme.token}x`, 'Bearer x']) {
      const reply = await acme.post('/Bulk', { schemas: [BULK], Operations: [makeUser('x')] }, { authorization });
      expect(reply.status).toBe(authorization.endsWith(token) ? 403 : 401);
    }
  });
});

test('no password, and no value, of a bulk is written to the log or kept by the failures', async () => {
  const secret = `zq${crypto.randomUUID()}`;
  const reply = await send(
    acme,
    [
      makeUser('secret', { password: secret }),
      change('/Users/bulkId:secret', { op: 'replace', path: 'password', value: `${secret}2` }),
      makeUser('secret', { password: secret, title: secret }),
      { method: 'POST', path: '/Users', bulkId: 'other', data: { schemas: [USER], password: secret } },
      { method: 'POST', path: `/${secret}`, bulkId: 'more', data: { schemas: [USER], password: secret } },
    ].map((each, n) => ({ ...each, ...(each.method === 'POST' ? { bulkId: n === 0 ? 'secret' : `b${n}` } : {}) })),
  );
  expect(statusesOf(reply)).toEqual(['201', '200', '409', '400', '404']);
  const stored = JSON.stringify(await rowsOf(world.server, acme.directory));
  expect(stored).not.toContain(secret);
  expect(world.server.logs()).not.toContain(secret);
});

test('a token in the URL of a bulk or a search is told of, as elsewhere', async () => {
  for (const path of [`/Bulk?token=${acme.token}`, `/.search?x=${acme.token}`, `/Users/.search?filter=${acme.token}`]) {
    const reply = await acme.post(path, { schemas: [BULK], Operations: [] });
    expect(reply, path).toMatchObject({ status: 403, body: { scimType: 'sensitive' } });
  }
});

describe('T-BULK-03 the database does not take writes', () => {
  let lock: DatabaseSync | undefined;
  afterEach(() => lock?.close());

  test('operations that meet it are 503 each, and what was done before stays; it goes on without a restart', async () => {
    lock = new DatabaseSync(world.server.databasePath);
    lock.exec(`CREATE TRIGGER full BEFORE INSERT ON resources WHEN NEW.text LIKE '%the disk is full%'
      BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END`);
    const reply = await send(acme, [
      makeUser('before'),
      makeUser('broken', { title: 'the disk is full' }),
      makeUser('after'),
      makeGroup('ring-a', ['bulkId:ring-b']),
      {
        ...makeGroup('ring-b', ['bulkId:ring-a']),
        data: { schemas: [GROUP], displayName: 'ring the disk is full', members: [{ value: 'bulkId:ring-a' }] },
      },
    ]);
    lock.exec('DROP TRIGGER full');
    expect(reply.status).toBe(200);
    const [before, broken, after, a, b] = statusesOf(reply);
    expect([before, after]).toEqual(['201', '201']);
    expect(broken).toMatch(/^50[03]$/);
    expect(b).toMatch(/^50[03]$/);
    expect(a).toBe('409');
    expect(reply.text).not.toMatch(/disk is full"|sqlite|trigger/i);
    const groups = await acme.get(`/Groups?filter=${encodeURIComponent('displayName sw "ring"')}`);
    expect(groups.body.totalResults).toBe(0);
    expect(contradictionsOf(world.server.databasePath)).toEqual([]);
    expect(statusesOf(await send(acme, [makeUser('broken', { title: 'the disk is full' })]))).toEqual(['201']);
  });
});

test('T-DOS a bulk of a thousand operations, and a circle of a thousand, leave the event loop to others', async () => {
  const database = temporaryDatabase();
  await runCommand(['organization', 'create', '--name', 'Acme', '--slug', 'acme'], database.env);
  const made = await runCommand(['token', 'create', '--organization', 'acme', '--name', 'ci', '--json'], database.env);
  const server = await startProbedServerProcess({ ...database.env });
  try {
    const client = scim({ baseUrl: server.baseUrl, token: JSON.parse(made.stdout).token });
    const thousand = Array.from({ length: 1000 }, (_, n) => n);
    for (const operations of [
      thousand.map((n) => makeUser(`u${n}`)),
      thousand.map((n) => makeGroup(`g${n}`, [`bulkId:g${(n + 1) % 1000}`])),
      // Refused before they reach the store.
      thousand.map((n) =>
        change(`/Users/${n}`, {
          op: 'replace',
          path: `emails[${'value eq "x" or '.repeat(200)}value eq "x"].nope`,
          value: 'x',
        }),
      ),
    ]) {
      await server.turns();
      const reply = await send(client, operations);
      expect(reply.status, reply.text.slice(0, 500)).toBe(200);
      expect(reply.body.Operations).toHaveLength(1000);
      const { longest, all } = await server.turns();
      expect(longest).toBeLessThan(all / 4);
    }
  } finally {
    await server.stop();
    database.remove();
  }
});

function manager(value: string): object {
  const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
  return { schemas: [USER, ENTERPRISE], [ENTERPRISE]: { manager: { value } } };
}
