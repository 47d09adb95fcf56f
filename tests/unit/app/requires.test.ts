import { afterAll, beforeAll, expect, test } from 'vitest';
import { DATABASES, openDatabase, scim, startServer, type TestServer } from '../../harness/index.ts';

for (const database of DATABASES) {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({
      database,
      config: { applications: { app: { requires: { plans: ['premier', 'enterprise'], sso: true } } } },
    });
  });
  afterAll(() => server.close());

  test(`on ${database} who has what the application asks for comes in, and nobody else`, async () => {
    const client = scim(server);
    expect((await client.get('/Users')).status).toBe(200);
    await server.app.organizations.alter('acme', { plan: 'free' });
    const free = await client.get('/Users');
    expect(free.status).toBe(403);
    expect(free.body.detail).toMatch(
      /^The plan of the organization "acme" does not include.*Nothing was changed.*premier, enterprise/,
    );
    await server.app.organizations.alter('acme', { plan: 'enterprise', sso: false });
    const plain = await client.post('/Users', { userName: 'ann' });
    expect(plain.status).toBe(403);
    expect(plain.body.detail).toMatch(/has not enabled SSO.*Nothing was changed.*enable SSO first/);
    expect((await client.get('/ServiceProviderConfig')).status).toBe(200);
    await server.app.organizations.alter('acme', { sso: true });
    expect((await client.get('/Users')).body.totalResults).toBe(0);
  });

  test(`on ${database} rules of a directory are shown, set and reset`, async () => {
    const place = { organization: 'acme', application: undefined };
    const { policies, seats } = server.app;
    await policies.assign(place, [
      { key: 'seats.limit', value: 5 },
      { key: 'protect.users', value: ['ann@example.com'] },
    ]);
    const set = await policies.assign(place, [{ key: 'seats.reserve', value: 2 }]);
    expect(set).toMatchObject({
      overrides: { seats: { limit: 5, reserve: 2 }, protect: { users: ['ann@example.com'] } },
      problems: [],
    });
    expect(await seats.show(place)).toMatchObject({ used: 0, limit: 5, reserve: 2, counts: 'active' });
    expect(await policies.assign(place, [{ key: 'seats.reserve', value: 5 }])).toMatchObject({ kind: 'refused' });
    expect(await policies.replace(place, '{"seats":{"limit":9}}')).toMatchObject({
      overrides: { seats: { limit: 9 } },
    });
    expect(await policies.replace(place, '{"seat":{}}')).toMatchObject({ kind: 'refused' });
    const reset = await policies.reset(place, ['seats.limit']);
    expect(reset).toMatchObject({ overrides: {} });
    expect(await policies.show(place)).toMatchObject({ overrides: {} });
    expect(await policies.show({ ...place, organization: 'nobody' })).toMatchObject({ kind: 'refused' });
  });
}

test('what does not fit any more is not lost by a change of another rule', async () => {
  const stands = await openDatabase('sqlite');
  const own = await startServer({ database: stands });
  try {
    const place = { organization: 'acme', application: undefined };
    const left = '{"protect":{"users":["ann"],"lastWithRole":"boss"},"seat":3}';
    await stands.run('UPDATE directories SET policy = ?', left);
    const { policies } = own.app;
    expect(await policies.show(place)).toMatchObject({
      overrides: {},
      problems: [{}, {}].map(() => expect.any(String)),
    });
    expect(await policies.assign(place, [{ key: 'seats.limit', value: 5 }])).toEqual({
      kind: 'refused',
      detail: expect.stringMatching(/^seat: there is no such rule.*\nprotect\.lastWithRole: there is no role "boss"/),
    });
    expect(await stands.rows('SELECT policy FROM directories')).toEqual([{ policy: left }]);
    expect(await policies.reset(place, ['seat', 'protect.lastWithRole'])).toMatchObject({
      overrides: { protect: { users: ['ann'] } },
      problems: [],
    });
    expect(await policies.reset(place, ['seat'])).toMatchObject({ kind: 'refused' });
  } finally {
    await own.close();
    await stands.remove();
  }
});
