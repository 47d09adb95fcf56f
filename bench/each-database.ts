import { join } from 'node:path';
import { prepareDatabase } from '../src/store/postgres/prepare.ts';
import { openPostgres, superuser } from '../tests/harness/postgres.ts';
import { type JoinerySite, joinerySite } from '../tests/process/joinery.ts';
import type { Run } from './run.ts';

/** A log of every request would be a part of what is measured. */
const QUIET = { LOG_LEVEL: 'warn' };

/** A site on each database that was asked for, one after the other, on a disk that keeps what it is told to. */
export async function onEachDatabase<T>(
  { folder, options }: Run,
  measure: (site: JoinerySite, name: 'SQLite' | 'PostgreSQL') => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  if (options.databases.includes('sqlite')) {
    results.push(await measure(await joinerySite(join(folder, 'sqlite'), options.entry, QUIET), 'SQLite'));
  }
  if (!options.databases.includes('postgres')) return results;
  const postgres = await openPostgres({ durable: true });
  try {
    await postgres.start();
    await superuser(postgres.url('postgres'), 'CREATE DATABASE joinery');
    const roles = { requests: 'joinery', owner: 'joinery_owner' };
    const { databaseUrl, ownerUrl } = await prepareDatabase(postgres.url('joinery'), roles);
    const environment = { ...QUIET, DATABASE_URL: databaseUrl, DATABASE_OWNER_URL: ownerUrl };
    results.push(await measure(await joinerySite(join(folder, 'postgres'), options.entry, environment), 'PostgreSQL'));
  } finally {
    await postgres.remove();
  }
  return results;
}
