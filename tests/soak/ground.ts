import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { prepareDatabase } from '../../src/store/postgres/prepare.ts';
import { openPostgres, superuser } from '../harness/postgres.ts';
import { type JoinerySite, joinerySite } from '../process/joinery.ts';
import type { Model } from './model.ts';
import { contradictions } from './rows.ts';
import { contradictionsInPostgres } from './rows-postgres.ts';
import { fileBytes, folderBytes, type Growing, MOST_WAL } from './sizes.ts';

export type DatabaseName = 'sqlite' | 'postgres';

/** What a soak stands on: a site with its database, and what can befall that. */
export interface Ground {
  readonly site: JoinerySite;
  /** Where the database is, for whoever looks into it afterwards. */
  readonly place: string;
  /** What no kill may leave behind, counted in the database itself. */
  contradictions(model?: Model): Promise<readonly string[]>;
  /** Its log, and what else may not grow without end. */
  readonly growing: readonly Growing[];
  /** What may befall the database while the server runs; none where the database is the server's own file. */
  readonly mishaps: readonly Mishap[];
  end(): Promise<void>;
}

export interface Mishap {
  readonly name: string;
  readonly happen: () => Promise<void>;
}

/** The journal's file, which grows by what the operator lets it have. */
export const JOURNAL = 'the journal';

export async function groundOf(database: DatabaseName, folder: string, entry: string): Promise<Ground> {
  return database === 'sqlite' ? onSqlite(folder, entry) : onPostgres(folder, entry);
}

async function onSqlite(folder: string, entry: string): Promise<Ground> {
  const site = await joinerySite(folder, entry);
  const journal = join(folder, 'joinery.journal.db');
  return {
    site,
    place: site.database,
    contradictions: async (model) => contradictions(site.database, model),
    growing: [
      { name: 'WAL', bytes: () => fileBytes(`${site.database}-wal`), most: MOST_WAL },
      { name: 'the journal’s WAL', bytes: () => fileBytes(`${journal}-wal`), most: MOST_WAL },
      { name: JOURNAL, bytes: () => fileBytes(journal), most: undefined },
    ],
    mishaps: [],
    end: async () => undefined,
  };
}

/** A PostgreSQL of its own, which keeps what it acknowledged: fsync is on. */
async function onPostgres(folder: string, entry: string): Promise<Ground> {
  const server = await openPostgres({ durable: true });
  await server.start();
  await superuser(server.url('postgres'), 'CREATE DATABASE joinery');
  const { databaseUrl, ownerUrl } = await prepareDatabase(server.url('joinery'), {
    requests: 'joinery',
    owner: 'joinery_owner',
  });
  const site = await joinerySite(folder, entry, { DATABASE_URL: databaseUrl, DATABASE_OWNER_URL: ownerUrl });
  const restart = async (signal: 'SIGINT' | 'SIGKILL'): Promise<void> => {
    await server.stop(signal);
    await pause(DOWN_MS);
    await server.start();
  };
  return {
    site,
    place: join(server.folder, 'data'),
    contradictions: (model) => contradictionsInPostgres(server.url('joinery'), model),
    // How long its log may be is PostgreSQL's own to say (max_wal_size).
    growing: [{ name: 'pg_wal', bytes: () => folderBytes(join(server.folder, 'data', 'pg_wal')), most: undefined }],
    mishaps: [
      { name: 'the database was restarted', happen: () => restart('SIGINT') },
      { name: 'the database was killed, and recovered', happen: () => restart('SIGKILL') },
      {
        name: 'its connections were cut',
        happen: async () => {
          await superuser(server.url('postgres'), CUT);
        },
      },
    ],
    end: () => server.remove(),
  };
}

/** For as long as it is not there, the server has to say so. */
const DOWN_MS = 300;

const CUT = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'joinery%'`;
