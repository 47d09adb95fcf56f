import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { userBody, userName } from '../../../bench/people.ts';
import { seededGroupId, seededId } from '../../../bench/seed.ts';
import { floorOn, type Started } from '../../../bench/servers.ts';
import { scim } from '../../../bench/world.ts';
import { openConnection } from '../../process/connection.ts';

const USERS = 100;

let folder: string;
let started: Started;
let database: DatabaseSync;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'joinery-floor-'));
  const file = join(folder, 'floor.db');
  const fill = new URL('../../../bench/fill.ts', import.meta.url).pathname;
  execFileSync(process.execPath, [fill, 'history', String(USERS), file]);
  started = await floorOn('floor-with-history.ts', file)();
  database = new DatabaseSync(file, { readOnly: true });
});

afterAll(async () => {
  database.close();
  await started.stop();
  rmSync(folder, { recursive: true });
});

test('the floor with history writes what a directory must: every change, keys, counts, and whose groups a user is in', async () => {
  const before = rows('SELECT count(*) AS n FROM changes')[0]?.n as number;
  const created = (await ask('POST', '/Users', userBody(USERS))).body as { id: string };
  expect(await ask('POST', '/Users', userBody(USERS))).toMatchObject({ status: 409 });
  expect(await ask('PUT', `/Users/${created.id}`, { ...userBody(USERS), title: 'Lead' })).toMatchObject({
    status: 200,
    body: { title: 'Lead', userName: userName(USERS) },
  });
  await ask('PATCH', `/Users/${created.id}`, { Operations: [{ op: 'replace', value: { active: false } }] });
  await ask('PATCH', `/Users/${created.id}`, { Operations: [{ op: 'replace', value: { active: false } }] });
  const group = seededGroupId(0);
  await ask('PATCH', `/Groups/${group}`, {
    Operations: [{ op: 'add', path: 'members', value: [{ value: created.id }] }],
  });
  const found = await ask('GET', `/Users?filter=${encodeURIComponent(`userName eq "${userName(USERS)}"`)}`);
  expect(found.body).toMatchObject({
    totalResults: 1,
    Resources: [{ id: created.id, active: false, groups: [{ value: group, display: 'Team 0' }] }],
  });

  expect(rows('SELECT kind, subject, before, after FROM changes WHERE seq > ? ORDER BY seq', before)).toEqual([
    { kind: 'created', subject: created.id, before: null, after: expect.stringContaining(userName(USERS)) },
    { kind: 'updated', subject: created.id, before: '{"title":"Engineer"}', after: '{"title":"Lead"}' },
    { kind: 'updated', subject: created.id, before: '{"active":true}', after: '{"active":false}' },
    { kind: 'members', subject: group, before: null, after: created.id },
  ]);
  expect(rows('SELECT attribute, value FROM keys WHERE subject = ?', created.id)).toEqual([
    { attribute: 'emails.value', value: userName(USERS).toLowerCase() },
  ]);
  expect(rows('SELECT total, inactive FROM counts')).toEqual([{ total: USERS + 1, inactive: 1 }]);
  expect(rows('SELECT version, members FROM groups WHERE id = ?', group)).toEqual([{ version: 2, members: 11 }]);

  expect(await ask('DELETE', `/Users/${created.id}`)).toMatchObject({ status: 204 });
  expect(rows('SELECT total, inactive FROM counts')).toEqual([{ total: USERS, inactive: 0 }]);
  expect(rows('SELECT 1 FROM keys WHERE subject = ?', created.id)).toEqual([]);
  expect(rows('SELECT version, members FROM groups WHERE id = ?', group)).toEqual([{ version: 3, members: 10 }]);
  expect(rows('SELECT kind FROM changes ORDER BY seq DESC LIMIT 1')).toEqual([{ kind: 'removed' }]);
});

test('its pages show the groups of each user, and say how many there are', async () => {
  const { body } = await ask('GET', '/Users?startIndex=81&count=10');
  const page = body as { totalResults: number; Resources: { id: string; groups?: unknown[] }[] };
  expect(page.totalResults).toBe(USERS);
  expect(page.Resources.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, index) => seededId(80 + index)));
  expect(page.Resources.map(({ groups }) => groups?.length)).toEqual(Array(10).fill(3));
});

async function ask(method: string, path: string, sent?: unknown): Promise<{ status: number; body: unknown }> {
  const connection = await openConnection(started.server.port);
  const { status, body } = await connection.exchange(scim(started.server, method, path, sent));
  connection.close();
  return { status, body: body.length === 0 ? undefined : JSON.parse(body.toString()) };
}

function rows(sql: string, ...values: readonly (string | number)[]): Record<string, unknown>[] {
  return database
    .prepare(sql)
    .all(...values)
    .map((row) => ({ ...row }));
}
