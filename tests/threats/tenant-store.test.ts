import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { GROUP, parseFilter, type ResourceType, readSortBy, resolveFilter, USER } from '../../src/scim/index.ts';
import { openStore } from '../../src/store/index.ts';
import { plan } from '../../src/store/sqlite/plan.ts';
import { DATABASES, temporaryDatabase } from '../harness/index.ts';
import { openTemporary, type Temporary } from '../stores/temporary.ts';
import { filterOf } from '../unit/store/filters.ts';
import { faultsOf, literalsOfStore, namesTable, onOneLine, unseen, VERB } from './statements.ts';
import { openWorld, query } from './world.ts';

describe.each(DATABASES)('T-TEN-08 on %s nothing is asked of the store without a directory', (database) => {
  let temporary: Temporary;
  beforeAll(async () => {
    temporary = await openTemporary(database);
  });
  afterAll(() => temporary.end());

  test.each([undefined, null, '', 0, false, {}, []])('%j is no directory: nothing runs', async (nothing) => {
    const { store } = temporary;
    const directory = nothing as unknown as string;
    let ran = false;
    const asked = [
      async () => store.reader(directory),
      async () => {
        await store.write(directory, async () => {
          ran = true;
        });
      },
      async () => store.snapshot(directory),
      async () => store.changesAfter(directory, 0, 10),
      async () => store.failures(directory),
      async () => store.history(directory),
    ];
    for (const ask of asked) await expect(ask()).rejects.toThrow('a directory is needed');
    expect(ran).toBe(false);
  });
});

const { env, folder, remove } = temporaryDatabase();
const file = join(folder, 'joinery.db');
let tables: Set<string>;
const literals = literalsOfStore('sqlite');

beforeAll(async () => {
  await (await openStore({ url: env.DATABASE_URL })).close();
  const found = query(
    file,
    `SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'directory'`,
  );
  tables = new Set(found.map(({ name }) => String(name)));
  // A credential is what a directory is found by; whoever asks for it does not know one yet.
  tables.delete('credentials');
});

afterAll(remove);

describe('T-TEN-08 every statement of SQLite holds each table of directories to one directory', () => {
  test('those that stand in the source, and those that filters are made into', async () => {
    const statements = literals.filter((text) => VERB.test(text));
    const filters = statementsOfFilters();
    const requests = await statementsOfRequests();
    const wrong = [
      ...[...statements, ...requests].flatMap((sql) => faultsOf(sql, tables)),
      ...filters.flatMap((sql) => faultsOf(sql, tables, (placeholder) => placeholder === '?1')),
    ];
    expect(wrong.slice(0, 20)).toEqual([]);

    // What is no statement by itself must be part of one that was looked at.
    const seen = [...statements, ...filters, ...requests].map(onOneLine);
    expect(
      unseen(
        literals.filter((text) => !VERB.test(text) && namesTable(text, tables)),
        seen,
      ),
    ).toEqual([]);
    const named = [...tables].filter((table) => seen.some((sql) => new RegExp(`\\b${table}\\b`).test(sql)));
    expect(named).toEqual([...tables]);
  });

  test('and without any one of its conditions on a directory, each would be found wrong', async () => {
    const statements = literals.filter((text) => VERB.test(text) && namesTable(text, tables));
    let planted = 0;
    for (const sql of [...statements, ...statementsOfFilters(), ...(await statementsOfRequests())]) {
      for (const { index, 0: condition } of sql.matchAll(
        /\b(?:\w+\.)?directory = (?:\?\d*|\w+\.directory)|\(directory,/g,
      )) {
        const without = condition === '(directory,' ? '(other,' : '1';
        const faulty = sql.slice(0, index) + without + sql.slice(index + condition.length);
        expect(faultsOf(faulty, tables), faulty).not.toEqual([]);
        planted += 1;
      }
    }
    expect(planted).toBeGreaterThan(500);
  });
});

/** What the store asks for filters that every way of finding serves, and for many at random. */
function statementsOfFilters(): string[] {
  const composed: string[] = [];
  for (const [type, texts] of [
    [USER, OF_USERS],
    [GROUP, OF_GROUPS],
  ] as const) {
    const random = fc.sample(filterOf(type, ['x']), { numRuns: 200, seed: 8 });
    const named = texts.map((text) => resolveFilter(parseFilter(text, EXACTLY), type, EXACTLY));
    for (const filter of [...named, ...random]) {
      for (const order of ordersOf(type)) {
        const selection = { index: 0, type, filter, ...order };
        const { find, probe } = plan({ ...order, directory: DIRECTORY, selection, base: BASE, ready: () => true });
        for (const { sql, values } of [find, find.place, ...(probe === undefined ? [] : [probe(1000)])]) {
          expect(values[0]).toBe(DIRECTORY);
          composed.push(sql);
        }
      }
    }
  }
  return composed;
}

/** In order of creation, and by what an index has in order, what a row has, and what none of its columns has. */
function ordersOf(type: ResourceType) {
  const sortings = ['meta.created', 'externalId', 'emails.value'].flatMap((path) => readSortBy(type, path) ?? []);
  const after = { selection: 0, tie: 7, key: 'x' };
  return [
    {},
    { after: { selection: 0, tie: 7 }, limit: 10 },
    ...sortings.map((sortBy) => ({ sortBy, sorted: 'descending' as const, after, limit: 10 })),
  ];
}

const DIRECTORY = 'a directory';
const BASE = 'https://joinery.example.com/scim/v2';
const EXACTLY = { unquotedValues: false };
const OF_USERS = [
  'id eq "x"',
  'userName eq "x"',
  'externalId eq "x"',
  'displayName eq "x"',
  'active eq false',
  'emails.value eq "x"',
  'emails[type eq "work" and value eq "x"]',
  'meta.created gt "2026-11-21T00:00:00Z"',
  'meta.lastModified le "2026-11-21T00:00:00Z"',
  'groups.value eq "x"',
  'groups.display sw "x" or groups.$ref co "x" or groups.type eq "direct"',
  'userName eq "x" or title pr',
  'not (userName eq "x")',
  'title co "x" and (userName eq "x" or active eq true)',
];
const OF_GROUPS = [
  'displayName eq "x"',
  'members.value eq "x"',
  'members[display eq "x" or type eq "User"]',
  'members pr',
];

/** What a whole server asks its database: conditions on the members of a group are made nowhere else. */
async function statementsOfRequests(): Promise<string[]> {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  const { acme, close } = await openWorld();
  try {
    const member = await acme.user('member');
    const group = await acme.group('group', [member.id]);
    for (const filter of [`value eq "${member.id}" or display sw "x"`, 'type eq "User" and not ($ref co "x")']) {
      const reply = await acme.patch(`/Groups/${group.id}`, [{ op: 'remove', path: `members[${filter}]` }]);
      expect(reply.status, reply.text).toBeLessThan(300);
    }
    const told = prepare.mock.calls.map(([sql]) => sql).filter((sql) => VERB.test(sql) && namesTable(sql, tables));
    expect(told.some((sql) => sql.includes('memberships'))).toBe(true);
    return told;
  } finally {
    prepare.mockRestore();
    await close();
  }
}
