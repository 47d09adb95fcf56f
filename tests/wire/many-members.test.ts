import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ScimClient, scim, startServer, type TestServer } from '../harness/index.ts';

const COUNT = 1000;

let server: TestServer;
let client: ScimClient;
let ids: string[];

beforeAll(async () => {
  server = await startServer({ users: COUNT });
  client = scim(server);
  ids = [];
  for (let startIndex = 1; startIndex <= COUNT; startIndex += 100) {
    const { body } = await client.get(`/Users?startIndex=${startIndex}&count=100`);
    ids.push(...body.Resources.map(({ id }: { id: string }) => id));
  }
});
afterAll(() => server.close());

async function group(members: readonly string[]): Promise<string> {
  const { status, body } = await client.post('/Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: `Everybody ${crypto.randomUUID()}`,
    members: members.map((value) => ({ value })),
  });
  expect(status).toBe(201);
  return body.id;
}

async function membersOf(id: string): Promise<string[]> {
  const { body } = await client.get(`/Groups/${id}`);
  return (body.members ?? []).map(({ value }: { value: string }) => value).toSorted();
}

test('a full push is one body with all members, by PATCH (Okta) and by PUT (AIW)', async () => {
  const id = await group([]);
  const members = ids.map((value) => ({ value, display: 'someone@example.com' }));
  expect((await client.patch(`/Groups/${id}`, [{ op: 'replace', path: 'members', value: members }])).status).toBe(204);
  expect(await membersOf(id)).toEqual(ids.toSorted());
  const { status, body } = await client.put(`/Groups/${id}`, {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    id,
    displayName: 'Nearly everybody',
    members: members.slice(1),
  });
  expect(status).toBe(200);
  expect(body.members).toHaveLength(COUNT - 1);
  expect(await membersOf(id)).toEqual(ids.slice(1).toSorted());
});

test('hundreds leave by a value list (Entra ID), and nobody else does', async () => {
  const id = await group(ids);
  const value = ids.slice(0, 700).map((each) => ({ $ref: null, value: each }));
  expect((await client.patch(`/Groups/${id}`, [{ op: 'Remove', path: 'members', value }])).status).toBe(204);
  expect(await membersOf(id)).toEqual(ids.slice(700).toSorted());
});

test('hundreds leave by one operation each (Okta), and nobody else does', async () => {
  const id = await group(ids);
  const operations = ids.slice(300).map((each) => ({ op: 'remove', path: `members[value eq "${each}"]` }));
  expect((await client.patch(`/Groups/${id}`, operations)).status).toBe(204);
  expect(await membersOf(id)).toEqual(ids.slice(0, 300).toSorted());
});

test('one request a member, all at once (SailPoint): each is heard, and none is told to wait', async () => {
  const id = await group(ids.slice(0, 50));
  const joining = ids.slice(50, 100).map((value) => [{ op: 'add', path: 'members', value: [{ value }] }]);
  const leaving = ids.slice(0, 50).map((value) => [{ op: 'remove', path: `members[value eq "${value}"]` }]);
  const replies = await Promise.all(
    [...joining, ...leaving].map((operations) => client.patch(`/Groups/${id}`, operations)),
  );
  expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 204));
  expect(await membersOf(id)).toEqual(ids.slice(50, 100).toSorted());
});
