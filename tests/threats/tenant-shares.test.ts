import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  openDatabase,
  type ScimClient,
  scim,
  startServer,
  type TestDatabase,
  type TestServer,
} from '../harness/index.ts';

let database: TestDatabase;
let server: TestServer;

beforeAll(async () => {
  database = await openDatabase('postgres');
  server = await startServer({ database });
});
afterAll(async () => {
  await server.close();
  await database.remove();
});

async function providerOf(organization: string): Promise<ScimClient> {
  return scim(await server.mint('provider', { organization }));
}

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

test('writes of one directory that wait for a lock leave clients to the reads and writes of another', async () => {
  const [noisy, quiet] = [await providerOf('noisy'), await providerOf('quiet')];
  const group = (await noisy.post('/Groups', { schemas: [GROUP], displayName: 'Everyone' })).body.id;
  const members: string[] = [];
  for (let n = 0; n < 40; n += 1) {
    members.push((await noisy.post('/Users', { schemas: [USER], userName: `n${n}` })).body.id);
  }
  const holder = new pg.Client({ connectionString: database.superuserUrl });
  await holder.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT 1 FROM joinery.resources WHERE id = $1 FOR UPDATE', [group]);

  let answered = 0;
  const waiting = members.map(async (value) => {
    const reply = await noisy.patch(`/Groups/${group}`, [{ op: 'add', path: 'members', value: [{ value }] }]);
    answered += 1;
    return reply.status;
  });
  const made = await quiet.post('/Users', { schemas: [USER], userName: 'q' });
  const found = await quiet.get(`/Users/${made.body.id}`);
  const listed = await noisy.get('/Users?count=1');
  expect([made.status, found.status, listed.status, answered]).toEqual([201, 200, 200, 0]);

  await holder.query('COMMIT');
  await holder.end();
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([204]));
  expect((await noisy.get(`/Groups/${group}`)).body.members).toHaveLength(40);
});
