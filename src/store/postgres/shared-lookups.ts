import type { StoredRecord } from '../../directory/index.ts';
import { type RecordKey, recordBy, recordsBy } from './lookup.ts';
import type { Pool } from './pool.ts';
import { chunksOf, share } from './share.ts';

export type LookUp = (directory: string, key: RecordKey) => Promise<StoredRecord | undefined>;

interface Key extends RecordKey {
  readonly directory: string;
}

/** Where nobody else waits for a client. */
const MOST_ALONE = 32;
/** The directories have the clients in turns, a statement each: who sends one key is not to wait for 32 of others'. */
const MOST_BESIDE_OTHERS = 4;

/** Look-ups of one directory, by the same attribute, share a statement. */
export function createSharedLookups(pool: Pick<Pool, 'use' | 'waiting'>): LookUp {
  const shared = share<Key, StoredRecord | undefined>({
    divide(asked) {
      const byDirectory = Map.groupBy(asked, ({ key }) => key.directory);
      const most = byDirectory.size > 1 || pool.waiting() > 0 ? MOST_BESIDE_OTHERS : MOST_ALONE;
      const alike = [...byDirectory.values()].flatMap((own) => [...Map.groupBy(own, ({ key }) => key.by).values()]);
      return alike.flatMap((all) => chunksOf(all, most));
    },
    async ask(keys) {
      const [first, ...others] = keys as readonly [Key, ...Key[]];
      if (others.length === 0) return [await alone(first)];
      const { directory, by } = first;
      return pool.use(directory, (session) => recordsBy({ session, directory }, by, keys));
    },
  });
  return async (directory, key) => {
    // Refused by PostgreSQL, it would take the others with it.
    if (key.value.includes('\0')) return undefined;
    const asked = { directory, ...key };
    const record = await shared(asked);
    // The few that are long have a statement each, as many as there are clients: together they would fill the memory.
    return record?.unread ? alone(asked) : record;
  };

  function alone(key: Key): Promise<StoredRecord | undefined> {
    const { directory } = key;
    return pool.use(directory, (session) => recordBy({ session, directory }, key));
  }
}
