import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { StoreEvent } from '../../../src/store/event.ts';
import { changesAfter } from '../../../src/store/postgres/history-read.ts';
import { NEXT, NUMBER, numberNext, PLANS } from '../../../src/store/postgres/number.ts';
import { openPool, type Pool } from '../../../src/store/postgres/pool.ts';
import { OWNER_SCHEMAS, REQUEST_SCHEMAS } from '../../../src/store/postgres/prepare.ts';
import { createSequencer, type Sequencer } from '../../../src/store/postgres/sequencer.ts';
import { createStatistics } from '../../../src/store/postgres/statistics.ts';
import { openDatabase, type TestDatabase } from '../../harness/database.ts';
import { DIRECTORY, OTHER } from '../store/fixture.ts';

let database: TestDatabase;
let requests: Pool;
let owner: Pool;
const events: StoreEvent[] = [];
const sequencers: Sequencer[] = [];
beforeEach(async () => {
  database = await openDatabase('postgres');
  const { DATABASE_URL, DATABASE_OWNER_URL = '' } = database.env;
  requests = openPool({ url: DATABASE_URL, size: 10, schemas: REQUEST_SCHEMAS, onLost: () => undefined });
  owner = openPool({ url: DATABASE_OWNER_URL, size: 6, schemas: OWNER_SCHEMAS, onLost: () => undefined });
  events.length = 0;
});
afterEach(async () => {
  await Promise.all(sequencers.splice(0).map((sequencer) => sequencer.close()));
  await Promise.all([requests.close(), owner.close()]);
  await database.remove();
});

/** `sweep` false: what it is not told of it does not know. */
function sequencer({ sweep = false, size = 1000 }: { sweep?: boolean; size?: number } = {}): Sequencer {
  const made = createSequencer({
    pool: owner,
    log: (event) => events.push(event),
    onNumbered: () => undefined,
    size,
    sweepMilliseconds: sweep ? 50 : 3_600_000,
  });
  sequencers.push(made);
  return made;
}

interface Line {
  readonly subject: string;
  readonly kind?: 'created' | 'removed' | 'updated';
  readonly type?: string;
  readonly cause?: number;
}

const DRAW = "SELECT nextval('change_sets')";
const ADD = `INSERT INTO changes (directory, set_number, place, cause, at, by_kind, by_id, by_name, request_id, kind, type, subject)
  SELECT $1, $2, v.place - 1, v.cause, '2026-11-21T23:16:53.120Z', 'credential', 'c1', 'Okta', 'r1', v.kind, v.type, v.subject
  FROM unnest($3::text[], $4::text[], $5::text[], $6::integer[]) WITH ORDINALITY AS v (kind, type, subject, cause, place)`;

/** A commit as a request makes it; it waits for `until` when its number is drawn and its rows are written. */
async function commit(
  directory: string,
  lines: readonly Line[],
  { drawn, until }: { drawn?: () => void; until?: Promise<void> } = {},
): Promise<void> {
  await requests.transaction(directory, async (session) => {
    const number = (await session.rows(DRAW))[0]?.[0] as number;
    await session.run(
      ADD,
      directory,
      number,
      lines.map(({ kind = 'created' }) => kind),
      lines.map(({ type = 'User' }) => type),
      lines.map(({ subject }) => subject),
      lines.map(({ cause }) => cause ?? null),
    );
    drawn?.();
    await until;
  });
}

const history = async (sequencer: Sequencer, directory = DIRECTORY, seq = 0, limit = 10_000) =>
  changesAfter({ pool: requests, sequencer }, directory, { seq, limit });
const subjects = async (of: Sequencer, directory = DIRECTORY): Promise<string[]> =>
  (await history(of, directory)).map(({ subject }) => subject);
const countOf = async (sql: string): Promise<number> => Number((await database.rows(sql))[0]?.count);

test('whoever asks for history sees what was committed before, in places without gaps, each directory by itself', async () => {
  const own = sequencer();
  await commit(DIRECTORY, [{ subject: 'a' }]);
  await commit(OTHER, [{ subject: 'x' }]);
  await commit(DIRECTORY, [{ subject: 'b' }, { subject: 'g', type: 'Group', kind: 'updated', cause: 0 }]);
  expect(await history(own)).toMatchObject([
    { seq: 1, set: 1, cause: undefined, subject: 'a', by: { kind: 'credential', id: 'c1', name: 'Okta' } },
    { seq: 2, set: 2, cause: undefined, subject: 'b' },
    { seq: 3, set: 2, cause: 2, subject: 'g', type: 'Group', kind: 'updated', before: undefined },
  ]);
  expect(await history(own, DIRECTORY, 1, 1)).toMatchObject([{ seq: 2 }]);
  expect(await subjects(own, OTHER)).toEqual(['x']);
  expect(await database.rows('SELECT last_seq FROM histories ORDER BY directory')).toEqual([
    { last_seq: 3 },
    { last_seq: 1 },
  ]);
});

test('a set that drew its number first and is committed last comes after what was numbered before it', async () => {
  const own = sequencer();
  let release: () => void = () => undefined;
  let drawn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const isDrawn = new Promise<void>((resolve) => {
    drawn = resolve;
  });
  const early = commit(DIRECTORY, [{ subject: 'early' }], { drawn, until: held });
  await isDrawn;
  await commit(DIRECTORY, [{ subject: 'late' }]);
  expect(await subjects(own)).toEqual(['late']);
  await commit(DIRECTORY, [{ subject: 'later' }]);
  release();
  await early;
  expect(await subjects(own)).toEqual(['late', 'early', 'later']);
});

test('counts follow the numbers: what was created more, what was removed less, by type', async () => {
  const own = sequencer({ size: 2 });
  await commit(DIRECTORY, [{ subject: 'a' }, { subject: 'b' }, { subject: 'g', type: 'Group' }]);
  await commit(DIRECTORY, [
    { subject: 'a', kind: 'removed' },
    { subject: 'b', kind: 'updated' },
  ]);
  await own.settle(DIRECTORY);
  const totals = 'SELECT type, total FROM totals ORDER BY type';
  expect(await database.rows(totals)).toEqual([
    { type: 'Group', total: 1 },
    { type: 'User', total: 1 },
  ]);
  await commit(DIRECTORY, [{ subject: 'b', kind: 'removed' }]);
  await own.settle(DIRECTORY);
  expect(await database.rows(totals)).toEqual([
    { type: 'Group', total: 1 },
    { type: 'User', total: 0 },
  ]);
});

test('a set stays together, however many a transaction takes', async () => {
  const lines = Array.from({ length: 7 }, (_, index) => ({ subject: `m${index}` }));
  await commit(DIRECTORY, [{ subject: 'a' }]);
  await commit(DIRECTORY, lines);
  await commit(DIRECTORY, [{ subject: 'z' }]);
  const batches: unknown[] = [];
  for (;;) {
    const done = await owner.transaction(undefined, (session) => numberNext(session, DIRECTORY, { size: 3 }));
    batches.push([done?.changes, done?.lastSeq]);
    if (done?.more !== true) break;
  }
  expect(batches).toEqual([
    [8, 8],
    [1, 9],
  ]);
});

test('while one is at it, another neither waits nor numbers; who must know waits', async () => {
  await commit(DIRECTORY, [{ subject: 'a' }]);
  let asked: Promise<string[]> | undefined;
  let isAnswered = false;
  await owner.transaction(undefined, async (session) => {
    expect(await numberNext(session, DIRECTORY)).toMatchObject({ changes: 1 });
    const other = await owner.transaction(undefined, (beside) => numberNext(beside, DIRECTORY));
    expect(other).toBeUndefined();
    // Begun here, as it looks for what was left behind when it begins.
    asked = subjects(sequencer()).finally(() => {
      isAnswered = true;
    });
    await sleep(100);
    expect(isAnswered).toBe(false);
  });
  expect(await asked).toEqual(['a']);
});

test('what is committed is numbered soon after; sequencers of several processes do not count anything twice', async () => {
  const all = [sequencer({ size: 7 }), sequencer({ size: 5 }), sequencer({ size: 11 })];
  await Promise.all(
    Array.from({ length: 8 }, async (_, writer) => {
      const own = all[writer % 3] as Sequencer;
      for (let nth = 0; nth < 40; nth += 1) {
        const directory = nth % 4 === 0 ? OTHER : DIRECTORY;
        const lines = Array.from({ length: 1 + (nth % 3) }, (_, place) => ({ subject: `${writer} ${nth} ${place}` }));
        await commit(directory, lines);
        own.dirty(directory);
      }
    }),
  );
  await database.numbered();
  for (const directory of [DIRECTORY, OTHER]) {
    const rows = await history(all[0] as Sequencer, directory);
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
    // Each writer's own sets are in the order in which it made them, and whole.
    for (let writer = 0; writer < 8; writer += 1) {
      const own = rows.filter(({ subject }) => subject.startsWith(`${writer} `));
      expect(own.map(({ subject }) => subject)).toEqual(
        Array.from({ length: 40 }, (_, nth) => nth)
          .filter((nth) => (nth % 4 === 0) === (directory === OTHER))
          .flatMap((nth) => Array.from({ length: 1 + (nth % 3) }, (_, place) => `${writer} ${nth} ${place}`)),
      );
      for (const { seq, set, subject } of own) expect(seq - set).toBe(Number(subject.split(' ')[2]));
    }
    const [total] = await database.rows("SELECT total FROM totals WHERE directory = ? AND type = 'User'", directory);
    expect(total?.total).toBe(rows.length);
  }
  expect(events).toEqual([]);
});

test('a change that follows another one’s commit comes after it, whatever is committed beside them', async () => {
  const own = sequencer({ sweep: true });
  // A chain over several connections: each link is begun when the one before is committed.
  const chain = async (name: string): Promise<void> => {
    for (let link = 0; link < 30; link += 1) {
      await commit(DIRECTORY, [{ subject: `${name} ${String(link).padStart(2, '0')}` }]);
      own.dirty(DIRECTORY);
    }
  };
  await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(chain));
  const found = await subjects(own);
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const links = found.filter((subject) => subject.startsWith(name));
    expect(links).toEqual([...links].sort());
    expect(links).toHaveLength(30);
  }
});

test('what a process left behind that was killed is found, of every directory', async () => {
  const directories = Array.from({ length: 40 }, (_, index) => `directory ${index}`);
  for (const directory of directories) await commit(directory, [{ subject: 'a' }]);
  sequencer();
  await database.numbered();
  expect(await countOf('SELECT count(*) AS count FROM histories')).toBe(40);
});

test('what is left behind later is found too', async () => {
  sequencer({ sweep: true });
  await sleep(100);
  await commit(DIRECTORY, [{ subject: 'a' }]);
  await database.numbered();
});

test('when it is closed it numbers what it was told of', async () => {
  const own = sequencer();
  await sleep(50);
  await commit(DIRECTORY, [{ subject: 'a' }]);
  own.dirty(DIRECTORY);
  await own.close();
  expect(await countOf('SELECT count(*) AS count FROM changes WHERE seq IS NULL')).toBe(0);
});

test('a failure is told without what PostgreSQL says in detail, and what was left is numbered when it is over', async () => {
  const own = sequencer({ sweep: true });
  await database.run('ALTER TABLE joinery.totals ADD CONSTRAINT no CHECK (total < 1) NOT VALID');
  await commit(DIRECTORY, [{ subject: 'secret@example.com' }]);
  own.dirty(DIRECTORY);
  await vi.waitFor(() => expect(events.length).toBeGreaterThan(0), 5_000);
  expect(events[0]).toMatchObject({ kind: 'sequencing-failed' });
  expect(JSON.stringify(events.map((event) => ('cause' in event ? Object.entries(event.cause as Error) : [])))).toBe(
    JSON.stringify(events.map(() => [])),
  );
  expect(await countOf('SELECT count(*) AS count FROM changes WHERE seq IS NOT NULL')).toBe(0);
  expect(await countOf('SELECT count(*) AS count FROM histories')).toBe(0);
  await database.run('ALTER TABLE joinery.totals DROP CONSTRAINT no');
  await database.numbered();
});

const plan = async (sql: string, ...values: readonly (string | number | number[])[]): Promise<string> =>
  owner.transaction(undefined, async (session) => {
    await session.rows(PLANS);
    return (await session.once(`EXPLAIN ${sql}`, values)).flat().join('\n');
  });

test.each([
  ['nothing', () => Promise.resolve()],
  ['that nothing of it had a number', () => database.run('ANALYZE joinery.changes')],
])('a long history is not read to number what is new, when the statistics remember %s', async (_what, remember) => {
  const lines = Array.from({ length: 1000 }, (_, index) => ({ subject: `u${index}` }));
  for (let nth = 0; nth < 10; nth += 1) await commit(DIRECTORY, lines);
  await remember();
  await sequencer().settle(DIRECTORY);
  await commit(DIRECTORY, [{ subject: 'new' }]);
  const next = await plan(NEXT, DIRECTORY, 1000);
  expect(next).toMatch(
    /^Limit .*\n +-> {2}Index (Only )?Scan using changes_unnumbered on changes .*\n +Index Cond: [^\n]*$/,
  );
  const number = await plan(NUMBER, DIRECTORY, 0, [1, 2, 3], [0, 0, 0]);
  expect(number).toMatch(
    /Index Scan using changes_pkey on changes c .*\n +Index Cond: \(.*directory = .*set_number = ANY/,
  );
  expect(number).toMatch(/Hash Join|Merge Join/);
});

test('tables that have grown are looked at, so that plans go by what they hold', async () => {
  const statistics = createStatistics({ pool: owner, log: (event) => events.push(event) });
  const analyzed = async (): Promise<number> =>
    countOf("SELECT count(*) AS count FROM pg_class WHERE relname = 'changes' AND reltuples > 0");
  await commit(
    DIRECTORY,
    Array.from({ length: 600 }, (_, index) => ({ subject: `u${index}` })),
  );
  statistics.numbered(400);
  await sleep(1_200);
  expect(await analyzed()).toBe(0);
  statistics.numbered(200);
  await vi.waitFor(async () => expect(await analyzed()).toBe(1), 10_000);
  await statistics.close();
  expect(events).toEqual([]);
});
