import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import {
  runCommand,
  type ScimClient,
  type ScimReply,
  type ServerProcess,
  scim,
  startServerProcess,
  temporaryDatabase,
} from '../harness/index.ts';
import { edited, group, put, set, user } from '../unit/store/fixture.ts';
import { type Customer, expectRefusal, leavesNoTrace, openWorld, query, USER, type World } from './world.ts';

const MiB = 2 ** 20;
/** The longest value that an attribute may have. */
const LONG = 65_536;
const photos = (count: number, of = 'p') =>
  Array.from({ length: count }, (_, index) => ({ value: `https://example.com/${index}/`.padEnd(LONG, of) }));

describe('T-DOS-04 replies that are larger than the memory', { timeout: 120_000 }, () => {
  const PEOPLE = 100;
  const TEAMS = 600;
  const HEAVY = 80;
  /** The longest that a name may be, and thrice as long in bytes. */
  const longName = (index: number) => `${index}`.padEnd(1_024, '€');
  const NAME = 3_000;
  const database = temporaryDatabase();
  let server: ServerProcess;
  let token: string;
  let client: ScimClient;
  let people: string[];
  let teams: string[];

  beforeAll(async () => {
    await runCommand(['organization', 'create', '--name', 'Acme'], database.env);
    const made = await runCommand(['token', 'create', '--organization', 'acme', '--name', 'x', '--json'], database.env);
    token = JSON.parse(made.stdout).token;
    await fill(database.env.DATABASE_URL);
    server = await startServerProcess({ ...database.env, NODE_OPTIONS: '--max-old-space-size=64' });
    client = scim({ baseUrl: server.baseUrl, token });
  }, 120_000);

  afterAll(async () => {
    await server.stop();
    database.remove();
  });

  test.each([
    ['people in groups with long names', `/Users?count=${PEOPLE}`, PEOPLE * TEAMS * NAME],
    ['people of a mebibyte each', `/Users?startIndex=${PEOPLE + 1}&count=${HEAVY}`, HEAVY * 15 * LONG],
    ['the same, found by a filter', `/Users?filter=userName sw "heavy"&count=${HEAVY}`, HEAVY * 15 * LONG],
    [
      'the same, with one attribute left out',
      `/Users?startIndex=${PEOPLE + 1}&count=9&excludedAttributes=title`,
      9 * 15 * LONG,
    ],
    ['groups of people with long names', '/Groups?count=200', PEOPLE * 200 * NAME],
  ])('%s', async (_, path, least) => {
    const { status, bytes, start, end } = await walk(path);
    expect(status).toBe(200);
    expect(bytes).toBeGreaterThan(least);
    expect(start).toMatch(/^\{"schemas":\["urn:ietf:params:scim:api:messages:2\.0:ListResponse"\]/);
    expect(end).toMatch(/\}\]\}$/);
    expect((await client.get('/Users?count=1&attributes=id')).status).toBe(200);
  });

  test('each of a page is as it is alone, whole', async () => {
    for (const path of ['/Users', '/Groups']) {
      const { body } = await client.get(`${path}?startIndex=2&count=2`);
      expect(body).toMatchObject({ itemsPerPage: 2, startIndex: 2 });
      for (const one of body.Resources) {
        const alone = await client.get(`${path}/${one.id}`);
        expect(alone.body).toEqual(one);
        expect(alone.headers.get('etag')).toBe(one.meta.version);
        const again = { 'if-none-match': one.meta.version };
        expect((await client.get(`${path}/${one.id}`, again)).status).toBe(304);
        expect((await client.request('HEAD', `${path}/${one.id}`)).text).toBe('');
      }
    }
    const { body } = await client.get(`/Users/${people[0]}`);
    expect(body.groups.map(({ value }: { value: string }) => value)).toEqual(teams.toSorted());
  });

  test('what is only begun, or asked for without its body, holds nothing back', async () => {
    for (let time = 0; time < 30; time += 1) {
      const given = new AbortController();
      const { body } = await fetch(`${server.baseUrl}/Groups?count=200`, { ...withToken(), signal: given.signal });
      await body?.getReader().read();
      given.abort();
      const head = await client.request('HEAD', `/Users?count=${PEOPLE}`);
      expect(head).toMatchObject({ status: 200, text: '' });
    }
  });

  test('readers that do not read cost a piece each, whatever names weigh', async () => {
    const before = memory();
    const paths = [`/Groups/${teams[0]}`, `/Users/${people[0]}`, `/Users?startIndex=${PEOPLE + 1}&count=${HEAVY}`];
    const sockets = Array.from({ length: 60 }, (_, index) => ask(paths[index % paths.length] as string));
    // Its first bytes are here: it waits for us to read them.
    await Promise.race(sockets.map((socket) => new Promise((resolve) => socket.once('readable', resolve))));
    for (let time = 0; time < 20; time += 1) {
      expect((await client.get(`/Users?filter=userName eq "heavy${time}"&attributes=userName`)).status).toBe(200);
    }
    expect(memory() - before).toBeLessThan(100 * MiB);
    for (const socket of sockets) socket.destroy();
  });

  /** Everybody is in every team. Written where requests would write it, many times as fast. */
  async function fill(url: string): Promise<void> {
    const store = await openStore({ url });
    const [acme] = await store.organizations();
    const directory = await store.directory(acme?.id ?? '', 'app');
    const id = directory?.id ?? '';
    const members = Array.from({ length: PEOPLE }, (_, index) => user(`u${index}`, { displayName: longName(index) }));
    const groups = Array.from({ length: TEAMS }, (_, index) => group(longName(index)));
    const heavy = Array.from({ length: HEAVY }, (_, index) => user(`heavy${index}`, { photos: photos(15) }));
    people = members.map((one) => one.id);
    teams = groups.map((one) => one.id);
    await put(store, id, ...members, ...heavy, ...groups);
    await store.write(id, (transaction) =>
      transaction.commit(set(...groups.map((team) => edited(team.record, { added: people })))),
    );
    await store.close();
  }

  async function walk(path: string): Promise<{ status: number; bytes: number; start: string; end: string }> {
    const reply = await fetch(`${server.baseUrl}${path}`, withToken());
    let bytes = 0;
    let start = '';
    let end = '';
    for await (const chunk of reply.body as AsyncIterable<Uint8Array>) {
      const text = Buffer.from(chunk).toString('latin1');
      bytes += chunk.length;
      if (start.length < 200) start += text.slice(0, 200);
      end = (end + text.slice(-100)).slice(-100);
    }
    return { status: reply.status, bytes, start, end };
  }

  function withToken() {
    return { headers: { authorization: `Bearer ${token}` } };
  }

  function ask(path: string): Socket {
    const socket = connect(server.port, '127.0.0.1').on('error', () => {});
    socket.write(`GET /scim/v2${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    return socket;
  }

  /** What the server holds, in bytes, without what it sees of the file (Linux tells; elsewhere the test only sees the replies). */
  function memory(): number {
    if (process.platform !== 'linux') return 0;
    const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
    return Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  }
});

describe('T-DOS-03 at most 1 MiB is kept of one resource', () => {
  let world: World;
  let acme: Customer;
  beforeAll(async () => {
    world = await openWorld();
    acme = world.acme;
  });
  afterAll(() => world.close());

  // As characters they are few enough.
  const manyBytes = photos(6, '€');
  const heavy = { schemas: [USER], userName: 'heavy', photos: manyBytes };
  const says = /^photos: the user would have 1\d{6} bytes of JSON with it, and at most 1048576 \(1 MiB\)/;

  test('on create, PUT and PATCH alike, and in several steps', async () => {
    const light = await acme.user('light');
    const half = await acme.user('half', { photos: photos(10) });
    await leavesNoTrace(world, async () => {
      for (const send of [
        () => acme.post('/Users', heavy),
        () => acme.put(`/Users/${light.id}`, { ...heavy, userName: 'light' }),
        () => acme.patch(`/Users/${light.id}`, [{ op: 'add', path: 'photos', value: manyBytes }]),
        () => acme.patch(`/Users/${half.id}`, [{ op: 'add', path: 'photos', value: photos(7, 'q') }]),
      ]) {
        refused(await send(), says);
      }
    });
  });

  test('what has exactly that much is kept, told whole, and can still be deactivated', async () => {
    const padded = (length: number) => ({
      schemas: [USER],
      userName: 'exact',
      active: true,
      photos: photos(15),
      nickName: 'n'.repeat(length),
    });
    const { id } = await acme.user('exact', padded(1));
    const [stored] = query(
      world.server.databasePath,
      'SELECT octet_length(text) AS weight FROM resources WHERE id = ?',
      id,
    );
    const left = MiB - Number(stored?.weight);
    refused(await acme.put(`/Users/${id}`, padded(1 + left + 1)), says);
    const exact = await acme.put(`/Users/${id}`, padded(1 + left));
    expect(exact.status).toBe(200);
    expect((await acme.get(`/Users/${id}`)).text).toBe(exact.text);
    const off = await acme.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: false }]);
    expect(off).toMatchObject({ status: 200, body: { active: false } });
    refused(await acme.patch(`/Users/${id}`, [{ op: 'add', path: 'title', value: 'x' }]), says);
    expect((await acme.patch(`/Users/${id}`, [{ op: 'remove', path: 'nickName' }])).status).toBe(200);
  });

  /** Of a reply of a mebibyte only the status is shown. */
  function refused(reply: ScimReply, says: RegExp): void {
    expect(reply.status).toBe(413);
    expectRefusal(reply, { status: 413, says });
  }
});
