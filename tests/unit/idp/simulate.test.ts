import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FLAVOURS, type FlavourName, type SimulateOptions, simulateOkta } from '../../../src/idp/index.ts';
import { startTinyScim, type TinyScim } from './tiny-scim.ts';

let server: TinyScim;
beforeEach(async () => {
  server = await startTinyScim();
});
afterEach(() => server.close());

const lines: string[] = [];
async function run(options: Partial<SimulateOptions> = {}) {
  lines.length = 0;
  const { baseUrl, token } = server;
  return simulateOkta({ baseUrl, token, users: 12, print: (line) => lines.push(line), ...options });
}

function requests(pattern: RegExp): string[] {
  return server.seen.map(({ method, url }) => `${method} ${url}`).filter((line) => pattern.test(line));
}

describe.each(Object.keys(FLAVOURS) as FlavourName[])('%s', (flavour) => {
  test('agrees with a server that does what it is told, and again on what the first run left', async () => {
    const first = await run({ flavour });
    expect([...first.failures, ...first.differences]).toEqual([]);
    expect(first.exitCode).toBe(0);
    const second = await run({ flavour });
    expect(second.exitCode).toBe(0);
    expect(second.run).not.toBe(first.run);
  });

  test('writes with the verbs of its kind of app', async () => {
    await run({ flavour });
    const okta = server.seen.filter(({ headers }) => headers['user-agent'] === 'Okta SCIM Client 1.0.0');
    const verbs = (kind: string) =>
      new Set(okta.filter(({ url }) => url.includes(`/${kind}/`)).map(({ method }) => method));
    const { userUpdate, group } = FLAVOURS[flavour];
    expect(verbs('Users').has('PUT')).toBe(userUpdate === 'PUT');
    expect(verbs('Users').has('PATCH')).toBe(flavour !== 'aiw');
    expect(verbs('Users').has('DELETE')).toBe(false);
    expect(verbs('Groups').has(group)).toBe(true);
    expect(verbs('Groups').has(group === 'PUT' ? 'PATCH' : 'PUT')).toBe(false);
  });
});

test.each([
  ['raw-header', 'plus'],
  ['basic', 'percent'],
] as const)('connects with %s and writes spaces as %s', async (auth, encoding) => {
  expect((await run({ auth, encoding })).exitCode).toBe(0);
});

test('looks a person up before each create, and asks for the import in steps of a hundred', async () => {
  await run({ users: 120 });
  expect(requests(/startIndex=101&count=100$/).length).toBeGreaterThan(0);
  const isLookup = ({ method, url }: TinyScim['seen'][number]) =>
    method === 'GET' && /filter=userName.*count=100/.test(url);
  const firstPost = server.seen.findIndex(({ method }) => method === 'POST');
  expect(server.seen.slice(0, firstPost).some(isLookup)).toBe(true);
});

test('finds what is wrong with a wrong token, and goes no further', async () => {
  const { exitCode, steps, failures } = await run({ token: 'wrong' });
  expect(exitCode).toBe(1);
  expect(steps).toHaveLength(1);
  expect(failures[0]?.message).toBe('Unauthorized. Errors reported by remote server: This token is not known.');
});

test('says so when nothing answers', async () => {
  await server.close();
  const { exitCode, failures } = await run();
  expect(exitCode).toBe(1);
  expect(failures[0]?.message).toMatch(/^Connection refused/);
  server = await startTinyScim();
});

test('refuses a run with too few people for all its parts', async () => {
  await expect(run({ users: 7 })).rejects.toThrow(RangeError);
});

test('leaves its people to be looked at, unless it is told to clean', async () => {
  await run();
  expect(await total()).toBe(12);
  expect((await run({ clean: true })).exitCode).toBe(0);
  expect(await total()).toBe(12);
});

test('prints a line a step and a table, and each call only when asked', async () => {
  const { steps, operations, calls } = await run();
  for (const { title, summary } of steps)
    expect(lines.some((line) => line.includes(title) && line.includes(summary))).toBe(true);
  for (const { operation } of operations) expect(lines.some((line) => line.startsWith(operation))).toBe(true);
  expect(operations.map((row) => row.calls).reduce((a, b) => a + b, 0)).toBe(calls);
  expect(lines.at(-1)).toBe('✓ Both sides agree.');
  const quiet = lines.length;
  await run({ verbose: true });
  expect(lines.length).toBeGreaterThan(quiet + calls);
});

test('never shows the token nor a password, however much it prints', async () => {
  await run({ verbose: true });
  const passwords = server.seen.flatMap(({ body }) =>
    [...body.matchAll(/"password":"([^"]+)"/g)].map((match) => match[1]),
  );
  expect(passwords.length).toBeGreaterThan(10);
  const printed = lines.join('\n');
  expect(printed).not.toContain(server.token);
  for (const password of passwords) expect(printed).not.toContain(`"${password}"`);
});

test('draws a bar for each long step, and never while it prints calls', async () => {
  const drawn: string[] = [];
  const progress = {
    begin: (title: string, many: number) => drawn.push(`${title} ${many}`),
    advance: () => drawn.push('+'),
    end: () => drawn.push('end'),
  };
  await run({ progress });
  const first = drawn.indexOf('Assign people who are new 10');
  expect(drawn.slice(first + 1, first + 12)).toEqual([...Array(10).fill('+'), 'end']);
  drawn.length = 0;
  await run({ progress, verbose: true });
  expect(drawn).toEqual([]);
});

async function total(): Promise<number> {
  const headers = { authorization: `Bearer ${server.token}` };
  const reply = await fetch(`${server.baseUrl}/Users?startIndex=1&count=1`, { headers });
  return ((await reply.json()) as { totalResults: number }).totalResults;
}
