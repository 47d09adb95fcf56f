import { mkdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES, openDatabase, runCommand, scim, startServer } from '../harness/index.ts';
import { type Customer, GROUP, openWorld, user, type World } from './world.ts';

const PASSWORD = 'Hunter2-plänted';

describe.each(DATABASES)('T-AUTH-08 T-PRIV the journal on %s', (database) => {
  let world: World;
  let acme: Customer;

  beforeAll(async () => {
    world = await openWorld({ database });
    acme = world.acme;
  });
  afterAll(() => world.close());

  test('has neither a token nor a password, wherever they were sent; and has what stood beside them', async () => {
    const target = await acme.user('beside');
    const { token } = await world.server.mint('planted');
    const secret = token.slice(3);
    // Without its prefix it may be anybody's name, and is kept as one; the journal cuts it all the same.
    const bare = (await world.server.mint('bare')).token.slice(3);
    const escaped = [...PASSWORD].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
    const client = scim({ baseUrl: acme.baseUrl, token });
    const operation = (path: string, value: unknown) => [{ op: 'replace', path, value }];
    await client.post('/Users', user('with-password', { password: PASSWORD, title: 'beside-1' }));
    await client.put(`/Users/${target.id}`, user('beside', { password: PASSWORD, title: 'beside-2' }));
    await client.patch(`/Users/${target.id}`, operation('password', PASSWORD));
    await client.patch(
      `/Users/${target.id}`,
      operation('urn:ietf:params:scim:schemas:core:2.0:User:password', PASSWORD),
    );
    await client.patch(`/Users/${target.id}`, [{ value: PASSWORD, op: 'add', path: 'PassWord' }]);
    await client.patch(`/Users/${target.id}`, [{ op: 'add', value: { password: PASSWORD, title: 'beside-3' } }]);
    await client.patch(`/Users/${target.id}`, operation('password', { value: PASSWORD }));
    await client.patch(`/Users/${target.id}`, operation('password', [PASSWORD]));
    await client.post('/Users', `{"userName":"x","p\\u0061ssword":"${escaped}"}`);
    await client.post('/Users', `{"userName":"x","password":"${PASSWORD}"`);
    await client.post('/Users', `password=${encodeURIComponent(PASSWORD)}`, {
      'content-type': 'application/x-www-form-urlencoded',
    });
    await client.post('/Users', `<password>${PASSWORD}</password>`, { 'content-type': 'text/xml' });
    await client.post('/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'a', data: user('bulk', { password: PASSWORD }) },
        {
          method: 'PATCH',
          path: `/Users/${target.id}`,
          data: { schemas: [], Operations: operation('password', PASSWORD) },
        },
      ],
    });
    await client.get(`/Users?filter=${encodeURIComponent(`password eq "${PASSWORD}"`)}`);
    await client.get(`/Users?password=${PASSWORD}`);
    for (const value of [token, bare, `x ${token} x`]) {
      await client.post('/Users', user(value));
      await client.post('/Users', user('x', { title: value, password: value }));
      await client.post('/Groups', { schemas: [GROUP], displayName: value, members: [{ value }] });
      await client.patch(`/Users/${target.id}`, operation('title', value));
      await client.patch(`/Users/${target.id}`, operation(value, 'x'));
      await client.get(`/Users/${encodeURIComponent(value)}`);
      await client.get(`/Users?filter=${encodeURIComponent(`userName eq "${value}"`)}`);
      await client.get(`/Users?access_token=${encodeURIComponent(value)}`);
      await client.get(`/Users?cursor=${encodeURIComponent(value)}&count=1`);
      await client.post('/.search', { schemas: [], filter: `userName eq "${value}"`, access_token: value });
    }
    await pause(1_000);

    const kept = await world.server.kept();
    const holding = (text: string) => [...kept].filter(([, bytes]) => bytes.includes(text)).map(([file]) => file);
    expect(holding('beside-1').some((file) => file.includes('journal'))).toBe(true);
    expect(holding(secret)).toEqual([]);
    expect(holding(bare).filter((file) => file.includes('journal'))).toEqual([]);
    expect(holding('Hunter2-pl')).toEqual([]);
    expect(holding(escaped)).toEqual([]);
    expect(world.server.logs()).not.toContain('Hunter2');

    const printed = await runCommand(
      ['journal', 'list', '--organization', 'acme', '--json', '--limit', '1000'],
      world.server.env as Record<string, string>,
    );
    expect(printed, printed.stderr).toMatchObject({ code: 0 });
    for (const one of [secret, bare]) expect(printed.stdout).not.toContain(one);
    expect(printed.stdout).not.toContain('Hunter2');
    for (const beside of ['beside-1', 'beside-2', 'beside-3']) expect(printed.stdout).toContain(beside);
    const calls = printed.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(calls.length).toBeGreaterThan(40);
    for (const call of calls) expect(call).toMatchObject({ directory: acme.directory });
    // Reads that were answered have no bodies.
    const reads = calls.filter(({ method, status }) => method === 'GET' && status === 200);
    expect(reads.length).toBeGreaterThan(0);
    for (const read of reads) expect(read).not.toHaveProperty('answered');
  });

  test('T-UNI-06 what a client sends moves no cursor of who reads it on a terminal', async () => {
    await acme.post('/Users', user('\u001b[2J\u202eevil\u2028\u009b31m\r\nFORGED'));
    const forged = encodeURIComponent('userName eq "\u001b[2J\nFORGED"');
    await acme.get(`/Users?filter=${forged}`);
    await acme.post('/Users', `{"userName":"\u001b]0;evil\u0007"`);
    await pause(1_000);
    const run = async (...args: string[]): Promise<string> => {
      const { stdout } = await runCommand(
        [...args, '--organization', 'acme'],
        world.server.env as Record<string, string>,
      );
      return stdout;
    };
    const list = await run('journal', 'list', '--failed');
    const ids = [...list.matchAll(/([\da-f]{8}-[\da-f-]{27})$/gm)].map(([, id = '']) => id);
    const shown = await Promise.all(ids.slice(0, 3).map((id) => run('journal', 'show', id)));
    for (const text of [list, await run('journal', 'list'), await run('failures', 'list'), ...shown]) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
      expect(text).not.toMatch(/^FORGED/m);
    }
  });
});

describe('T-DOS-06 a journal that cannot be written', () => {
  test('costs no request; one line of the log tells of it', async () => {
    const database = await openDatabase('sqlite');
    // No file can be there.
    mkdirSync((database.file ?? '').replace(/\.db$/, '.journal.db'));
    const server = await startServer({ database });
    const client = scim(server);
    for (let round = 0; round < 4; round += 1) {
      expect((await client.post('/Users', user(`round-${round}`))).status).toBe(201);
      expect((await client.get('/Users')).status).toBe(200);
      await pause(300);
    }
    await server.close();
    const lines = server
      .logs()
      .split('\n')
      .filter((line) => line.includes('"store":"journal-'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('"level":"error"');
    await database.remove();
  });
});
