import { openStore, type Store, type StoreEvent, type StoreOptions } from '../../src/store/index.ts';
import { type DatabaseName, openDatabase, type TestDatabase } from '../harness/index.ts';

export interface Temporary {
  readonly store: Store;
  readonly database: TestDatabase;
  /** What the store told. */
  readonly events: StoreEvent[];
  /** Another store on the same database, as another process has it; it ends with the first. */
  another(): Promise<Store>;
  end(): Promise<void>;
}

/** A store on an empty database of its own. */
export async function openTemporary(
  name: DatabaseName,
  options: Pick<StoreOptions, 'scanMilliseconds' | 'snapshotMilliseconds'> = {},
): Promise<Temporary> {
  const database = await openDatabase(name);
  const { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl } = database.env;
  const events: StoreEvent[] = [];
  const stores: Store[] = [];
  const another = async (): Promise<Store> => {
    const opened = await openStore({ url, ownerUrl, log: (event) => events.push(event), ...options });
    stores.push(opened);
    return opened;
  };
  const store = await another();
  return {
    store,
    database,
    events,
    another,
    async end() {
      await Promise.all(stores.map((one) => one.close()));
      await database.remove();
    },
  };
}
