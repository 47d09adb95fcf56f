import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ProbedServerProcess,
  runCommand,
  type ScimClient,
  scim,
  startProbedServerProcess,
  temporaryDatabase,
} from '../harness/index.ts';
import { GROUP, PATCH_OP, type Representation, USER } from './world.ts';

const database = temporaryDatabase();
let server: ProbedServerProcess;
let token: string;
let client: ScimClient;
let person: Representation;
let group: Representation;

beforeAll(async () => {
  await runCommand(['organization', 'create', '--name', 'Acme'], database.env);
  const made = await runCommand(['token', 'create', '--organization', 'acme', '--name', 'dos', '--json'], database.env);
  token = JSON.parse(made.stdout).token;
  server = await startProbedServerProcess(database.env);
  client = scim({ baseUrl: server.baseUrl, token });
  person = (await client.post('/Users', { schemas: [USER], userName: 'person' })).body;
  group = (await client.post('/Groups', { schemas: [GROUP], displayName: 'group' })).body;
});

afterAll(async () => {
  await server.stop();
  database.remove();
});

function listOf(count: number, element: (index: number) => object): string {
  return JSON.stringify(Array.from({ length: count }, (_, index) => element(index)));
}

/** As many members as Okta sends at most, in its shape: 17 MiB. Nobody has these ids. */
const members = listOf(100_000, () => {
  const value = randomUUID();
  return { value, $ref: `http://127.0.0.1:40000/scim/v2/Users/${value}`, type: 'User', display: 'Babs Jensen' };
});
const patchWith = (operations: string) => `{"schemas":["${PATCH_OP}"],"Operations":${operations}}`;
const ofMembers = (op: string) => patchWith(`[{"op":"${op}","path":"members","value":${members}}]`);

interface Heavy {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

const ON_MEMBERS: readonly (readonly [string, () => Heavy])[] = [
  [
    'PUT',
    () => ({
      method: 'PUT',
      path: `/Groups/${group.id}`,
      body: `{"schemas":["${GROUP}"],"displayName":"group","members":${members}}`,
    }),
  ],
  ['PATCH add', () => ({ method: 'PATCH', path: `/Groups/${group.id}`, body: ofMembers('add') })],
  ['PATCH remove', () => ({ method: 'PATCH', path: `/Groups/${group.id}`, body: ofMembers('remove') })],
];

describe('T-DOS-03 what is heavy leaves the event loop to others', () => {
  test('100,000 members are added: small requests are answered meanwhile', async () => {
    const clients = 8;
    let working = false;
    let over = false;
    let small = 0;
    const others = Array.from({ length: clients }, async () => {
      while (!over) {
        const { status } = await client.get(`/Users/${person.id}`);
        expect(status).toBe(200);
        // Only what is asked and answered after the whole body was sent, and before its answer.
        if (working && !over) small += 1;
      }
    });
    const body = ofMembers('add');
    await server.turns();
    const status = await send({ method: 'PATCH', path: `/Groups/${group.id}`, body }, () => {
      working = true;
    });
    over = true;
    const { longest, all } = await server.turns();
    await Promise.all(others);
    expect(status).toBe(400);
    expect(small).toBeGreaterThan(clients);
    // How many fit in says how busy the machine is; how much of the work was one turn (0.4, when it was parsed in one) does not.
    expect(longest / all).toBeLessThan(0.3);
  });

  test.each<readonly [string, () => Heavy]>([
    ...ON_MEMBERS,
    [
      '100,000 e-mail addresses',
      () => {
        const emails = listOf(100_000, (index) => ({ value: `u${index}@example.com`, type: 'work' }));
        return { method: 'POST', path: '/Users', body: `{"schemas":["${USER}"],"userName":"x","emails":${emails}}` };
      },
    ],
    ['10,000 operations', () => operations(10_000, (index) => ({ op: 'add', path: 'title', value: `${index}` }))],
    ['1,000 operations', () => operations(1000, (index) => ({ op: 'add', path: 'title', value: `${index}` }))],
    [
      '1,000 filters in paths',
      () => operations(1000, (index) => ({ op: 'add', path: `emails[type eq "t${index}"].value`, value: 'x@y.z' })),
    ],
    [
      '5,000 removals of members',
      () => ({
        method: 'PATCH',
        path: `/Groups/${group.id}`,
        body: patchWith(listOf(5000, (index) => ({ op: 'remove', path: `members[value eq "${index}"]` }))),
      }),
    ],
    [
      '1 MiB of brackets',
      () => ({ method: 'POST', path: '/Users', body: `{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}` }),
    ],
    ['100,000 names', () => ({ method: 'POST', path: '/Users', body: `{${names(100_000)}}` })],
    ['one name again and again', () => ({ method: 'POST', path: '/Users', body: `{${names(100_000, 1)}}` })],
    [
      '8 MiB of escapes',
      () => ({ method: 'POST', path: '/Users', body: `{"userName":"${'\\u0041'.repeat(1_400_000)}"}` }),
    ],
    ['8 MiB of one text', () => ({ method: 'POST', path: '/Users', body: `{"userName":"${'İ'.repeat(4_000_000)}"}` })],
  ])('%s: no turn is longer than a few times what parsing 100,000 members takes', async (_, heavy) => {
    // Both are CPU, of which a busy machine does not take more.
    const yardstick = Math.max(...[1, 2, 3].map(() => cpuOf(() => JSON.parse(members))));
    await server.turns();
    expect(await send(heavy(), () => {})).toBeLessThan(500);
    const { longest } = await server.turns();
    expect(longest / yardstick).toBeLessThan(25);
  });
});

function operations(count: number, operation: (index: number) => object): Heavy {
  return { method: 'PATCH', path: `/Users/${person.id}`, body: patchWith(listOf(count, operation)) };
}

function names(count: number, different = count): string {
  return Array.from({ length: count }, (_, index) => `"n${index % different}":1`).join(',');
}

function cpuOf(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const after = process.threadCpuUsage();
  return (after.user + after.system - before.user - before.system) / 1000;
}

/** `fetch` does not say when the body is on its way. Resolves to the status. */
function send({ method, path, body }: Heavy, onSent: () => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const sending = request(`${server.baseUrl}${path}`, {
      method,
      agent: false,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/scim+json',
        'content-length': Buffer.byteLength(body),
      },
    });
    sending.on('response', (reply) => reply.resume().on('end', () => resolve(reply.statusCode ?? 0)));
    sending.on('finish', onSent).on('error', reject);
    sending.end(body);
  });
}
