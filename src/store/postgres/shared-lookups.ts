import type { StoredRecord } from '../../directory/index.ts';
import { type RecordKey, recordBy, recordsBy } from './lookup.ts';
import type { Pool } from './pool.ts';

export type LookUp = (directory: string, key: RecordKey) => Promise<StoredRecord | undefined>;

const MOST_OF_A_STATEMENT = 32;

interface Asked {
  readonly key: RecordKey;
  readonly resolve: (record: StoredRecord | undefined) => void;
  readonly reject: (error: unknown) => void;
}

interface Statement {
  readonly directory: string;
  readonly asked: [Asked, ...Asked[]];
}

/**
 * What is looked up in one turn of the event loop, in one directory and by the same attribute, is one statement: what most
 * of them cost is the way to the database and back (decision 48). Each still sees whatever was committed before it was asked.
 */
export function createSharedLookups(pool: Pick<Pool, 'use'>): LookUp {
  /** By directory and attribute, those that still have room. */
  const open = new Map<string, Statement>();
  let next: Statement[] = [];

  return (directory, key) => {
    // Refused by PostgreSQL, it would take the others with it.
    if (key.value.includes('\0')) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      const one = { key, resolve, reject };
      const name = `${key.by} ${directory}`;
      const statement = open.get(name);
      if (statement !== undefined) {
        statement.asked.push(one);
        if (statement.asked.length === MOST_OF_A_STATEMENT) open.delete(name);
        return;
      }
      const begun: Statement = { directory, asked: [one] };
      open.set(name, begun);
      next.push(begun);
      // After this turn's reads from the network: what they ask for comes along.
      if (next.length === 1) setImmediate(sendAll);
    });
  };

  function sendAll(): void {
    const statements = next;
    next = [];
    open.clear();
    for (const statement of statements) void send(pool, statement);
  }
}

async function send(pool: Pick<Pool, 'use'>, { directory, asked }: Statement): Promise<void> {
  const [first, ...others] = asked;
  if (others.length === 0) return sendAlone(pool, directory, first);
  try {
    const keys = [first.key, ...others.map(({ key }) => key)] as const;
    const found = await pool.use(directory, (session) => recordsBy({ session, directory }, keys));
    for (const [index, one] of asked.entries()) {
      const record = found[index];
      // The few that are long are read one by one: together they would fill the memory.
      if (record?.unread) void sendAlone(pool, directory, one);
      else one.resolve(record);
    }
  } catch (error) {
    for (const { reject } of asked) reject(error);
  }
}

function sendAlone(pool: Pick<Pool, 'use'>, directory: string, { key, resolve, reject }: Asked): Promise<void> {
  return pool.use(directory, (session) => recordBy({ session, directory }, key)).then(resolve, reject);
}
