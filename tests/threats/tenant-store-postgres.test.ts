import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase, type TestDatabase } from '../harness/index.ts';
import { type Asked, askedWhile, everyFilter, everyRequest } from './asked-of-postgres.ts';
import { faultsOf, literalsOfStore, namesTable, onOneLine, partsOfStore, unseen, VERB } from './statements.ts';
import { openWorld, type World } from './world.ts';

/** Of the owner's role: what has to look at all directories, to find the ones that something is left to be done for. */
const OF_ALL_DIRECTORIES = [
  // The sequencer, for directories that a process left behind which was killed.
  /^WITH RECURSIVE found \(directory\) AS \( \(SELECT directory FROM changes WHERE seq IS NULL ORDER BY directory LIMIT 1\)/,
  // The operator names a hold alone.
  /^WITH RECURSIVE found \(directory\) AS \( \(SELECT directory FROM holds ORDER BY directory LIMIT 1\)/,
];

let world: World;
let empty: TestDatabase;
let tables: Set<string>;
/** Each text once, as it was sent by requests, by filters, and by what the store does of itself. */
let asked: readonly Asked[];

beforeAll(async () => {
  world = await openWorld({ database: 'postgres' });
  empty = await openDatabase('postgres');
  const found = await empty.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'joinery'");
  tables = new Set(found.map(({ tablename }) => String(tablename)));
  const all = [...(await askedWhile(() => everyRequest(world))), ...(await everyFilter(world.acme))];
  await world.server.numbered();
  const each = new Map(all.filter(({ sql }) => VERB.test(sql) && namesTable(sql, tables)).map((one) => [one.sql, one]));
  asked = [...each.values()].filter(({ sql }) => !ofAll(sql));
}, 120_000);

afterAll(async () => {
  await world.close();
  await empty.remove();
});

describe('T-TEN-08 every statement of PostgreSQL holds each table of directories to one directory', () => {
  const literals = literalsOfStore('postgres');
  const constants = partsOfStore('postgres');
  const isDirectory = (placeholder: string) => placeholder === '$1';
  const naming = () => literals.filter((text) => namesTable(text, tables) && !ofAll(text));
  const isWhole = (text: string) => VERB.test(text) && !text.includes('${') && !constants.has(text);
  const written = () => naming().filter(isWhole);

  test('those that stand in the source, and those that were sent', () => {
    const seen = [...written(), ...asked.map(({ sql }) => sql)];
    expect(seen.flatMap((sql) => faultsOf(sql, tables, isDirectory)).slice(0, 20)).toEqual([]);
    for (const { sql, values } of asked) expect(values[0], onOneLine(sql).slice(0, 300)).toBeOneOf(DIRECTORIES());

    // What is no whole statement must be part of one that was sent.
    expect(
      unseen(
        naming().filter((text) => !isWhole(text)),
        seen.map(onOneLine),
      ),
    ).toEqual([]);
    const named = [...tables].filter((table) => seen.some((sql) => new RegExp(`\\b${table}\\b`).test(sql)));
    expect(named.sort()).toEqual([...tables].sort());
  });

  test('and without any one of its conditions on a directory, each would be found wrong', () => {
    let planted = 0;
    for (const sql of [...written(), ...asked.map((one) => one.sql)]) {
      for (const { index, 0: condition } of sql.matchAll(
        /\b(?:\w+\.)?directory = (?:\$1\b|\w+\.directory)|(?<!CONFLICT )\(directory,/g,
      )) {
        const without = condition === '(directory,' ? '(other,' : 'true';
        const faulty = sql.slice(0, index) + without + sql.slice(index + condition.length);
        expect(faultsOf(faulty, tables, isDirectory), faulty).not.toEqual([]);
        planted += 1;
      }
    }
    expect(planted).toBeGreaterThan(300);
  });
});

describe('T-TEN-08 a statement without its directory finds nothing, also where row-level security shows everything', () => {
  /** Sent again as the superuser, in the name of a directory that nobody has: nothing of anybody's comes, or moves. */
  test('each that was sent, sent for another directory, does what it does where there is nobody', async () => {
    const [full, none] = [await looking(world.server.superuserUrl), await looking(empty.superuserUrl)];
    try {
      let found = 0;
      for (const { sql, values } of asked) {
        const foreign = ['nobody', ...values.slice(1)];
        expect(await played(full, sql, foreign), onOneLine(sql).slice(0, 500)).toEqual(
          await played(none, sql, foreign),
        );
        // The same for its own directory finds something, more often than not.
        const own = await played(full, sql, values);
        // A key that is taken is taken in the directory itself.
        if (typeof own === 'string') expect(own, onOneLine(sql).slice(0, 500)).toMatch(/^23505 /);
        else expect(own, onOneLine(sql).slice(0, 500)).toMatchObject({ altersOthers: false });
        if (JSON.stringify(own) !== JSON.stringify(await played(none, sql, values))) found += 1;
      }
      expect(found).toBeGreaterThan(asked.length / 4);
    } finally {
      await Promise.all([full.end(), none.end()]);
    }
  }, 120_000);

  test('and without its condition on the directory, what others have would be found', async () => {
    const [full, none] = [await looking(world.server.superuserUrl), await looking(empty.superuserUrl)];
    try {
      let [planted, found] = [0, 0];
      for (const { sql, values } of asked) {
        const faulty = sql.replaceAll(/\b(?:\w+\.)?directory = \$1\b/g, '$1::text IS NOT NULL');
        if (faulty === sql) continue;
        planted += 1;
        const foreign = ['nobody', ...values.slice(1)];
        const [there, here] = [await played(full, faulty, foreign), await played(none, faulty, foreign)];
        if (JSON.stringify(there) !== JSON.stringify(here)) found += 1;
      }
      expect(planted).toBeGreaterThan(100);
      expect(found).toBeGreaterThan(planted / 4);
    } finally {
      await Promise.all([full.end(), none.end()]);
    }
  });
});

function ofAll(sql: string): boolean {
  return OF_ALL_DIRECTORIES.some((pattern) => pattern.test(onOneLine(sql).trim()));
}

function DIRECTORIES(): string[] {
  return [world.acme.directory, world.globex.directory];
}

async function looking(connectionString = ''): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, options: '-c search_path=joinery,joinery_operator' });
  await client.connect();
  return client;
}

/** Its rows, how many it altered, and whether it altered others'; then it is undone. */
async function played(client: pg.Client, sql: string, values: readonly unknown[]): Promise<object | string> {
  await client.query('BEGIN');
  try {
    const isWrite = /\b(?:INSERT|UPDATE|DELETE)\b/.test(sql.replaceAll(/FOR (?:NO KEY )?UPDATE/g, ''));
    const before = isWrite ? await others(client, values[0]) : undefined;
    const { rows, rowCount } = await client.query({ text: sql, values: [...values], rowMode: 'array' });
    const after = isWrite ? await others(client, values[0]) : undefined;
    return { rows, rowCount, altersOthers: JSON.stringify(after) !== JSON.stringify(before) };
  } catch (error) {
    if (error instanceof pg.DatabaseError) return `${error.code} ${error.message}`;
    throw error;
  } finally {
    await client.query('ROLLBACK');
  }
}

/** What the directories have that a statement is not for. */
async function others(client: pg.Client, directory: unknown): Promise<unknown> {
  const found: unknown[] = [];
  for (const table of tables) {
    const sql = `SELECT count(*), sum(hashtextextended(each::text, 0)) FROM ${table} each WHERE directory <> $1`;
    found.push((await client.query(sql, [directory])).rows);
  }
  return found;
}
