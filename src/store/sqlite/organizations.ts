import type { Kysely } from 'kysely';
import type { OrganizationStore } from '../../directory/index.ts';
import type { OperatorTables, TellingTables } from '../operator-tables.ts';
import { openOrganizations as openSeldom, PLACE_COLUMNS, placeOf } from '../organizations.ts';
import type { Tables } from '../tables.ts';
import { type Connection, row } from './connection.ts';
import type { Epoch } from './epoch.ts';
import type { Writer } from './writer.ts';

export interface SeldomMeans {
  readonly reads: Connection;
  readonly writer: Writer;
  readonly epoch: Epoch;
  /** Kysely on the reading and on the writing connection. */
  readonly readTables: () => Promise<Kysely<Tables>>;
  readonly writeTables: () => Promise<Kysely<Tables>>;
}

/** A credential that is not remembered leads here: the one of these that a request waits for. */
const DIRECTORY_BY_ID = `SELECT ${PLACE_COLUMNS}
  FROM directories d JOIN organizations o ON o.id = d.organization WHERE d.id = ?`;

export function openOrganizations(means: SeldomMeans): OrganizationStore {
  return {
    ...openSeldom(tellingTables(means)),
    async directoryById(id) {
      const found = row(means.reads, DIRECTORY_BY_ID, id);
      return found === undefined ? undefined : placeOf(found);
    },
  };
}

export function tablesOf({ writer, readTables, writeTables }: SeldomMeans): OperatorTables {
  return {
    read: async (work) => work(await readTables()),
    async write(work) {
      // Loaded before the transaction, in which nothing else may be awaited.
      const tables = await writeTables();
      return writer.run(() => work(tables));
    },
  };
}

export function tellingTables(means: SeldomMeans): TellingTables {
  const tables = tablesOf(means);
  return {
    ...tables,
    async writeAndTell(work) {
      const result = await tables.write(work);
      means.epoch.move();
      return result;
    },
  };
}
