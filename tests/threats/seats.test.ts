import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DATABASES, openDatabase, runCommand, type ScimReply, scim, startServerProcess } from '../harness/index.ts';
import { customerOf, type RuledCustomer, ruledServer } from './ruled.ts';
import { expectRefusal, USER } from './world.ts';

describe.each(DATABASES)('on %s', async (database) => {
  const { server, customer } = await ruledServer(database, {
    five: { policy: { seats: { limit: 5 } } },
    reserved: { basePath: '/reserved', policy: { seats: { limit: 3, reserve: 1 } } },
    everybody: { basePath: '/everybody', policy: { seats: { limit: 2, counts: 'all' } } },
  });

  test('64 at once at one free seat: exactly one 201, and the others are told about the seats', async () => {
    const acme = await customer('five');
    await acme.users('s', 4);
    const replies = await Promise.all(
      Array.from({ length: 64 }, (_, index) => acme.post('/Users', { schemas: [USER], userName: `late${index}` })),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const reply of replies) if (reply.status !== 201) isFull(reply, /"late\d+": 5 of the 5 seats/);
    expect((await acme.get('/Users?count=0')).body.totalResults).toBe(5);
  });

  test('a reactivation takes a seat, an inactive user none, and who has one keeps it', async () => {
    const acme = await customer('five');
    const [one, two] = await acme.users('r', 5);
    if (one === undefined || two === undefined) throw new Error('nobody');
    const asleep = await acme.user('asleep', { active: false });
    isFull(await acme.patch(`/Users/${asleep.id}`, [{ op: 'replace', path: 'active', value: true }]), /"asleep"/);
    isFull(await acme.post('/Users', { schemas: [USER], userName: 'asleep', active: true }), /"asleep"/);
    // Okta's PUT of everything, of somebody who is active already; and the queue goes on.
    const echo = { schemas: [USER], userName: one.userName, title: 'CEO', active: true };
    expect((await acme.put(`/Users/${one.id}`, echo)).status).toBe(200);
    expect((await acme.deactivate(two.id)).status).toBe(200);
    expect((await acme.post('/Users', { schemas: [USER], userName: 'asleep', active: true })).status).toBe(201);
    isFull(await acme.patch(`/Users/${two.id}`, [{ op: 'replace', path: 'active', value: true }]), /"r1"/);
    expect((await acme.delete(`/Users/${asleep.id}`)).status).toBe(204);
    expect((await acme.patch(`/Users/${two.id}`, [{ op: 'replace', path: 'active', value: true }])).status).toBe(200);
  });

  test('the reserve is not for providers, and they are told of it', async () => {
    const acme = await customer('reserved');
    await acme.users('v', 2);
    isFull(await acme.post('/Users', { schemas: [USER], userName: 'third' }), /2 of the 3 seats.*1 of them is kept/);
  });

  test('where everybody counts, an inactive user takes a seat, and only a removal gives one back', async () => {
    const acme = await customer('everybody');
    const [one] = await acme.users('e', 2);
    isFull(await acme.post('/Users', { schemas: [USER], userName: 'third', active: false }), /"third"/);
    expect((await acme.deactivate(one?.id ?? '')).status).toBe(200);
    isFull(await acme.post('/Users', { schemas: [USER], userName: 'third' }), /"third"/);
    expect((await acme.delete(`/Users/${one?.id}`)).status).toBe(204);
    expect((await acme.post('/Users', { schemas: [USER], userName: 'third' })).status).toBe(201);
  });

  test('fewer seats than there are users: nobody new, and everybody who is there stays', async () => {
    const acme = await customer('five');
    const people = await acme.users('x', 3);
    const lowered = await server.app.policies.assign(acme, [{ key: 'seats.limit', value: 2 }]);
    expect(lowered.kind).toBe('shown');
    await expect
      .poll(async () => (await acme.post('/Users', { schemas: [USER], userName: 'new' })).status, { timeout: 10_000 })
      .toBe(409);
    for (const { id, userName } of people) {
      expect((await acme.put(`/Users/${id}`, { schemas: [USER], userName, active: true })).status).toBe(200);
    }
  });
});

describe('two processes on one PostgreSQL', async () => {
  const database = await openDatabase('postgres');
  const folder = mkdtempSync(join(tmpdir(), 'joinery-'));
  const config = join(folder, 'joinery.config.ts');
  writeFileSync(
    config,
    `export default { applications: {
       seats: { policy: { seats: { limit: 3 } } },
       guard: { basePath: '/guard', policy: { guard: { users: 10, percent: 0, window: '1h' } } },
     } };`,
  );
  const env = { ...database.env, JOINERY_CONFIG: config };
  const processes = await Promise.all([startServerProcess(env), startServerProcess(env)]);
  expect(await runCommand(['organization', 'create', '--name', 'Acme'], env)).toMatchObject({ code: 0 });
  afterAll(async () => {
    await Promise.all(processes.map((one) => one.stop()));
    await database.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Of each process a client, by turns. */
  const clientsOf = async (application: string, path: string): Promise<(index: number) => RuledCustomer> => {
    const asked = [
      'token',
      'create',
      '--organization',
      'acme',
      '--application',
      application,
      '--name',
      'Okta',
      '--json',
    ];
    const { token } = JSON.parse((await runCommand(asked, env)).stdout) as { token: string };
    const clients = processes.map(({ port }) =>
      customerOf(scim({ baseUrl: `http://127.0.0.1:${port}${path}`, token }), { organization: 'acme', application }),
    );
    return (index) => clients[index % 2] as RuledCustomer;
  };

  test('64 at one free seat: exactly one 201', async () => {
    const client = await clientsOf('seats', '/scim/v2');
    await client(0).users('first', 2);
    const replies = await Promise.all(
      Array.from({ length: 64 }, (_, index) =>
        client(index).post('/Users', { schemas: [USER], userName: `late${index}` }),
      ),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const reply of replies) if (reply.status !== 201) isFull(reply, /3 of the 3 seats/);
  });

  test('64 deactivations against a guard of 10: exactly 10', async () => {
    const client = await clientsOf('guard', '/guard');
    const people = await client(0).users('p', 64);
    const replies = await Promise.all(people.map(({ id }, index) => client(index).deactivate(id)));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(54);
  });
});

function isFull(reply: ScimReply, says: RegExp): void {
  expectRefusal(reply, { status: 409, says });
  expect(reply.body.detail).toMatch(/^There is no seat for/);
  expect(reply.body).not.toHaveProperty('scimType');
}
