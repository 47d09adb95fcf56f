import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  openDatabase,
  type ScimClient,
  scim,
  startServer,
  type TestDatabase,
  type TestServer,
} from '../harness/index.ts';

let database: TestDatabase;
let one: TestServer;
let other: TestServer;

beforeAll(async () => {
  database = await openDatabase('postgres');
  [one, other] = [await startServer({ database }), await startServer({ database })];
});

afterAll(async () => {
  await Promise.all([one.close(), other.close()]);
  await database.remove();
});

/** The same customer's token at each of them. */
async function bothFor(organization: string): Promise<{ id: string; at: readonly [ScimClient, ScimClient] }> {
  const { token, id } = await one.mint('Okta', { organization });
  return { id, at: [scim({ baseUrl: one.baseUrl, token }), scim({ baseUrl: other.baseUrl, token })] };
}

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const person = (userName: string) => ({ schemas: [USER], userName });

describe('two servers on one PostgreSQL', () => {
  test('what one acknowledged, the other has', async () => {
    const { at } = await bothFor('reads');
    for (const [from, to] of [at, [at[1], at[0]]] as const) {
      const made = await from.post('/Users', person(`made at ${at.indexOf(from)}`));
      expect(made.status, made.text).toBe(201);
      const path = `/Users/${made.body.id}`;
      expect((await to.get(path)).body.userName).toBe(made.body.userName);
      expect((await to.patch(path, [{ op: 'replace', path: 'title', value: 'x' }])).status).toBe(200);
      expect((await from.get(path)).body).toMatchObject({ title: 'x', meta: { version: 'W/"2"' } });
      expect((await from.delete(path, { 'if-match': 'W/"1"' })).status).toBe(412);
      expect((await from.delete(path, { 'if-match': 'W/"2"' })).status).toBe(204);
      expect((await to.get(path)).status).toBe(404);
    }
  });

  test('T-AUTH-05 a token that is revoked at one stops at the other, though that one knows it; a new one works at both', async () => {
    const { id, at } = await bothFor('revokes');
    for (const client of at) expect((await client.get('/Users')).status).toBe(200);
    await one.revoke(id);
    expect((await at[0].get('/Users')).status).toBe(401);
    // Told at once: what a server has seen of a token it may believe for five seconds otherwise.
    await expect.poll(async () => (await at[1].get('/Users')).status, { interval: 10, timeout: 2_000 }).toBe(401);
    const again = await bothFor('revokes');
    for (const client of again.at) expect((await client.get('/Users')).status).toBe(200);
  });

  test('a walk by cursors, or by startIndex, goes on at whichever is asked next', async () => {
    const { at } = await bothFor('walks');
    const made: string[] = [];
    for (let index = 0; index < 23; index += 1) {
      made.push((await (at[index % 2] as ScimClient).post('/Users', person(`walker ${index}`))).body.id);
    }
    const idsOf = ({ body }: { readonly body: { Resources: readonly { id: string }[] } }) =>
      body.Resources.map(({ id }) => id);
    for (const query of ['', '&sortBy=userName&sortOrder=descending', '&filter=userName%20sw%20%22walker%22']) {
      const seen: string[] = [];
      for (let cursor: string | undefined = '', turn = 0; cursor !== undefined; turn += 1) {
        const page = await (at[turn % 2] as ScimClient).get(`/Users?count=4&cursor=${cursor}${query}`);
        expect(page.status, page.text).toBe(200);
        seen.push(...idsOf(page));
        cursor = page.body.nextCursor;
      }
      expect([...seen].sort()).toEqual([...made].sort());
    }
    const seen: string[] = [];
    for (let turn = 0; seen.length < made.length; turn += 1) {
      const page = await (at[turn % 2] as ScimClient).get(`/Users?count=4&startIndex=${seen.length + 1}`);
      expect(page.body.totalResults).toBe(made.length);
      seen.push(...idsOf(page));
    }
    expect(seen).toEqual(made);
  });

  test('T-RACE-01 T-RACE-04 of one name one wins, members of one group all come in, and history has one order', async () => {
    const { at } = await bothFor('races');
    const at32 = <T>(run: (client: ScimClient, index: number) => Promise<T>): Promise<T[]> =>
      Promise.all(Array.from({ length: 32 }, (_, index) => run(at[index % 2] as ScimClient, index)));
    const names = await at32((client, index) =>
      client.post('/Users', person(index % 3 === 0 ? 'one name' : 'ONE name')),
    );
    expect(names.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(31).fill(409)]);
    const people = await at32((client, index) => client.post('/Users', person(`racer ${index}`)));
    const team = await at[0].post('/Groups', { schemas: [GROUP], displayName: 'Racers' });
    const path = `/Groups/${team.body.id}`;
    const joined = await at32((client, index) =>
      client.patch(path, [{ op: 'add', path: 'members', value: [{ value: people[index]?.body.id }] }]),
    );
    expect(joined.map(({ status }) => status)).toEqual(Array<number>(32).fill(204));
    for (const client of at) {
      const { body } = await client.get(path);
      expect(body.members).toHaveLength(32);
      expect(body.meta.version).toBe('W/"33"');
      expect((await client.get('/Users?count=0')).body.totalResults).toBe(33);
    }
    await database.numbered();
    const rows = await database.rows(
      `SELECT c.seq FROM changes c JOIN directories d ON d.id = c.directory JOIN organizations o ON o.id = d.organization
       WHERE o.slug = 'races' ORDER BY c.seq`,
    );
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 33 + 1 + 32 }, (_, index) => index + 1));
  });

  test('one goes, and the other goes on', async () => {
    const third = await startServer({ database });
    const { at } = await bothFor('leaves');
    await third.close();
    for (const client of at)
      expect((await client.post('/Users', person(`left at ${at.indexOf(client)}`))).status).toBe(201);
  });
});
