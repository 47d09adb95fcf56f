import type { Store, StoreOptions } from './store.ts';
import { isPostgres } from './url.ts';

/** @throws Error with a sentence for the operator, when the database cannot be opened */
export async function openStore(options: StoreOptions): Promise<Store> {
  // Neither database's client is loaded for the other one.
  if (isPostgres(options.url)) {
    const { openPostgres } = await import('./postgres/open.ts');
    return openPostgres(options);
  }
  const { openSqlite } = await import('./sqlite/open.ts');
  return openSqlite(options);
}
