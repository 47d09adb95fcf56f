import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASES, type DatabaseName, scim, startServer, type TestServer } from '../harness/index.ts';
import type { Attributes } from './model.ts';
import { Play, type Played } from './play.ts';
import { fromEnvironment, sequences } from './steps.ts';

interface Row {
  readonly seq: number;
  readonly change_set: number;
  readonly cause: number | null;
  readonly at: string;
  readonly by_kind: string;
  readonly by_id: string;
  readonly by_name: string;
  readonly request_id: string;
  readonly kind: string;
  readonly type: string;
  readonly subject: string;
  readonly before: string | null;
  readonly after: string | null;
}

let directories = 0;

describe.each(DATABASES)('on %s', (database) => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer({ database });
  });

  afterAll(() => server.close());

  test('history has exactly one row for each alteration, and its rows make the directory again', async () => {
    await fc.assert(
      fc.asyncProperty(sequences, async (steps) => {
        const minted = await server.mint('Okta production', { organization: `history-${++directories}` });
        const play = new Play(scim(minted));
        const played: Played[] = [];
        for (const step of steps) played.push(await play.step(step));

        const rows = await changesOf(server, minted.id);
        expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
        expectOneRowEach(rows, played);
        expectSets(rows, minted.id);
        const made = replayed(rows);
        for (const record of play.model.records) {
          const { body } = await play.client.get(`/${record.type}s/${record.id}`);
          const { meta, groups: _, members = [], ...stored } = body;
          expect(made.get(record.id)).toEqual({
            type: record.type,
            resource: stored,
            members: new Set(members.map(({ value }: { value: string }) => value)),
            created: meta.created,
            modified: meta.lastModified,
            version: Number(meta.version.slice(3, -1)),
          });
          made.delete(record.id);
        }
        expect([...made]).toEqual([]);
      }),
      { numRuns: 40, ...fromEnvironment() },
    );
  }, 120_000);
});

/** The rows of each request, told apart by its id, are the alterations that the model saw; no request leaves others. */
function expectOneRowEach(rows: readonly Row[], played: readonly Played[]): void {
  const told = new Map<string, string[]>();
  for (const { request_id, kind, type, subject } of rows) {
    told.set(request_id, [...(told.get(request_id) ?? []), `${kind} ${type} ${subject}`]);
  }
  for (const { reply, alterations } of played) {
    const id = reply.headers.get('x-request-id') ?? '';
    const expected = alterations.map(({ kind, type, subject }) => `${kind} ${type} ${subject}`);
    expect((told.get(id) ?? []).sort(), reply.text).toEqual(expected.sort());
    told.delete(id);
  }
  expect([...told]).toEqual([]);
}

/** One set a request: one moment, one actor; a cause is an earlier or later row of the same set. */
function expectSets(rows: readonly Row[], credential: string): void {
  for (const row of rows) {
    const set = rows.filter(({ change_set }) => change_set === row.change_set);
    expect(set[0]?.seq).toBe(row.change_set);
    expect(new Set(set.map(({ at, request_id }) => `${at} ${request_id}`)).size).toBe(1);
    expect(set.map(({ seq }) => seq)).toEqual(set.map((_, index) => row.change_set + index));
    expect([row.by_kind, row.by_id, row.by_name]).toEqual(['credential', credential, 'Okta production']);
    if (row.cause === null) continue;
    expect(row.cause).not.toBe(row.seq);
    expect(set.some(({ seq }) => seq === row.cause)).toBe(true);
  }
}

interface Made {
  readonly type: string;
  resource: Attributes;
  members: Set<string>;
  readonly created: string;
  modified: string;
  version: number;
}

/** Plays history from nothing. Each row must fit what the rows before it made. */
function replayed(rows: readonly Row[]): Map<string, Made> {
  const made = new Map<string, Made>();
  const moved = new Map<string, number>();
  for (const { kind, type, subject, before, after, at, change_set } of rows) {
    const was = before === null ? undefined : JSON.parse(before);
    const is = after === null ? undefined : JSON.parse(after);
    const record = made.get(subject);
    // A record's version moves once a set, however many rows of it there are.
    const moves = moved.get(subject) !== change_set;
    moved.set(subject, change_set);
    if (kind === 'created') {
      expect([record, was]).toEqual([undefined, undefined]);
      made.set(subject, { type, resource: is, members: new Set(), created: at, modified: at, version: 1 });
      continue;
    }
    if (record === undefined) throw new Error(`${kind} of ${subject}, who is not there`);
    expect(record.type).toBe(type);
    expect(at >= record.modified).toBe(true);
    if (kind === 'removed') {
      expect(was.resource).toEqual(record.resource);
      expect(is).toBeUndefined();
      // Its own members left before it; the groups it was in change after it.
      expect(record.members.size).toBe(0);
      const groups = [...made].filter(([, { members }]) => members.has(subject)).map(([id]) => id);
      expect([...was.memberOf].sort()).toEqual(groups.sort());
      made.delete(subject);
      continue;
    }
    if (kind === 'updated') {
      expect(Object.keys(was).sort()).toEqual(Object.keys(is).sort());
      for (const name of Object.keys(is)) {
        expect(record.resource[name] ?? null).toEqual(was[name]);
        expect(is[name]).not.toEqual(was[name]);
        if (is[name] === null) delete record.resource[name];
        else record.resource[name] = is[name];
      }
    } else {
      expect(kind).toBe('members');
      for (const id of was ?? []) expect(record.members.delete(id)).toBe(true);
      for (const id of is ?? []) {
        expect(record.members.has(id)).toBe(false);
        record.members.add(id);
      }
      expect((was ?? is).length).toBeGreaterThan(0);
    }
    record.modified = at;
    if (moves) record.version += 1;
  }
  return made;
}

async function changesOf(server: TestServer, credential: string): Promise<Row[]> {
  await server.numbered();
  return (await server.rows(CHANGES[server.database], credential)) as unknown as Row[];
}

const CHANGES: Readonly<Record<DatabaseName, string>> = {
  sqlite: 'SELECT * FROM changes WHERE directory = (SELECT directory FROM credentials WHERE id = ?) ORDER BY seq',
  // A set is told by its number, and a cause by its place in the set; both as the places in history that these are.
  postgres: `SELECT c.*,
      (SELECT min(s.seq) FROM changes s WHERE s.directory = c.directory AND s.set_number = c.set_number) AS change_set,
      (SELECT s.seq FROM changes s WHERE s.directory = c.directory AND s.set_number = c.set_number AND s.place = c.cause)
        AS cause
    FROM changes c WHERE c.directory = (SELECT directory FROM credentials WHERE id = ?) ORDER BY c.seq`,
};
