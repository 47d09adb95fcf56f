import type { DirectoryStore, Reader, StoredRecord } from '../../../src/directory/index.ts';
import { fewGroupsOf } from '../../../src/store/postgres/groups.ts';
import { recordBy } from '../../../src/store/postgres/lookup.ts';
import { groupsAfter, membersAfter } from '../../../src/store/postgres/pieces.ts';
import { openPool, type Pool, type Session } from '../../../src/store/postgres/pool.ts';
import { REQUEST_SCHEMAS } from '../../../src/store/postgres/prepare.ts';
import { transact } from '../../../src/store/postgres/transaction.ts';
import { openDatabase, type TestDatabase } from '../../harness/database.ts';
import { DIRECTORY, type Made, set } from '../store/fixture.ts';

/** What is sent to the database of one process. */
export interface Traffic {
  /** How often something was sent while nothing was on its way: BEGIN goes with the first, COMMIT is one more. */
  trips: number;
  statements: string[];
}

export interface Writes {
  readonly database: TestDatabase;
  /** Two processes: each has a pool of its own. */
  readonly stores: readonly [DirectoryStore, DirectoryStore];
  readonly pools: readonly [Pool, Pool];
  readonly traffic: readonly [Traffic, Traffic];
  put(...all: readonly Made[]): Promise<void>;
  record(of: Made): Promise<StoredRecord | undefined>;
  memberIds(group: Made | string): Promise<readonly string[]>;
  end(): Promise<void>;
}

/** The writes of PostgreSQL by themselves, on a real one: no sequencer numbers what they leave. */
export async function openWrites(size = 8): Promise<Writes> {
  const database = await openDatabase('postgres');
  const open = (): Pool =>
    openPool({ url: database.env.DATABASE_URL, size, schemas: REQUEST_SCHEMAS, onLost: () => undefined });
  const pools = [open(), open()] as const;
  const traffic: [Traffic, Traffic] = [
    { trips: 0, statements: [] },
    { trips: 0, statements: [] },
  ];
  const stores = [storeOn(watched(pools[0], traffic[0])), storeOn(watched(pools[1], traffic[1]))] as const;
  return {
    database,
    stores,
    pools,
    traffic,
    put: (...all) =>
      stores[0].write(DIRECTORY, (transaction) => transaction.commit(set(...all.map(({ change }) => change)))),
    record: ({ id, record: { type } }) => stores[0].reader(DIRECTORY).record(type, id),
    async memberIds(group) {
      const id = typeof group === 'string' ? group : group.id;
      const found = await database.rows('SELECT member_id FROM memberships WHERE group_id = ? ORDER BY member_id', id);
      return found.map(({ member_id }) => String(member_id));
    },
    async end() {
      await Promise.all(pools.map((pool) => pool.close()));
      await database.remove();
    },
  };
}

function storeOn(pool: Pool): DirectoryStore {
  return {
    reader: (directory) => readerOn((read) => pool.use(directory, read), directory),
    write: (directory, work) =>
      transact(pool, { directory, work, reader: (session) => readerOn((read) => read(session), directory) }),
    snapshot: () => Promise.reject(new Error('no reply of these tests is long')),
    history: () => {
      throw new Error('these tests read no history');
    },
    passwordOf: () => Promise.reject(new Error('these tests have no passwords')),
  };
}

type Use = <T>(read: (session: Session) => Promise<T>) => Promise<T>;

function readerOn(use: Use, directory: string): Reader {
  return {
    record: (type, id) => use((session) => recordBy({ session, directory }, { by: 'id', type, value: id })),
    page: () => Promise.reject(new Error('these tests read no pages')),
    fewGroupsOf: (ids) => use((session) => fewGroupsOf({ session, directory }, ids)),
    groups: (member, after, limit) => use((session) => groupsAfter({ session, directory }, { member, after, limit })),
    members: (group, after, limit) => use((session) => membersAfter({ session, directory }, { group, after, limit })),
  };
}

/** Counts what a pool's transactions send. */
function watched(pool: Pool, traffic: Traffic): Pool {
  return {
    ...pool,
    async transaction(directory, work) {
      const result = await pool.transaction(directory, (session, sent) => work(watchedSession(session, traffic), sent));
      traffic.trips += 1;
      return result;
    },
  };
}

function watchedSession(session: Session, traffic: Traffic): Session {
  let underway = 0;
  const watch = async <T>(sql: string, send: () => Promise<T>): Promise<T> => {
    if (underway === 0) traffic.trips += 1;
    underway += 1;
    traffic.statements.push(sql);
    try {
      return await send();
    } finally {
      underway -= 1;
    }
  };
  return {
    rows: (sql, ...values) => watch(sql, () => session.rows(sql, ...values)),
    run: (sql, ...values) => watch(sql, () => session.run(sql, ...values)),
    once: (sql, values) => watch(sql, () => session.once(sql, values)),
    objects: (sql, values) => watch(sql, () => session.objects(sql, values)),
  };
}
