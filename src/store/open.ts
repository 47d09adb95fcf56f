import type { Store, StoreOptions } from './store.ts';

/** @throws Error with a sentence for the operator, when the database cannot be opened */
export async function openStore(options: StoreOptions): Promise<Store> {
  // Neither database's client is loaded for the other one.
  const { openSqlite } = await import('./sqlite/open.ts');
  return openSqlite(options);
}
