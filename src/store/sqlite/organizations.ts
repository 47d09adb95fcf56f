import type { Kysely } from 'kysely';
import type { DirectoryRow, Organization, OrganizationStore } from '../../directory/index.ts';
import type { Tables } from '../tables.ts';
import { type Connection, row } from './connection.ts';
import type { Writer } from './writer.ts';

export interface SeldomMeans {
  readonly reads: Connection;
  readonly writer: Writer;
  /** Kysely on the reading and on the writing connection. */
  readonly readTables: () => Promise<Kysely<Tables>>;
  readonly writeTables: () => Promise<Kysely<Tables>>;
}

/** A credential that is not remembered leads here: the one of these that a request waits for. */
const DIRECTORY_BY_ID = `SELECT d.id, d.organization, d.application, d.created, o.id, o.slug, o.name, o.created
  FROM directories d JOIN organizations o ON o.id = d.organization WHERE d.id = ?`;

export function openOrganizations({ reads, writer, readTables, writeTables }: SeldomMeans): OrganizationStore {
  return {
    async createOrganization(organization, directories) {
      const tables = await writeTables();
      await writer.run(async () => {
        await tables.insertInto('organizations').values(organization).execute();
        for (const directory of directories) await tables.insertInto('directories').values(directory).execute();
      });
    },
    async addDirectory(directory) {
      const tables = await writeTables();
      await writer.run(() => tables.insertInto('directories').values(directory).execute());
    },
    async organizations(): Promise<readonly Organization[]> {
      return (await readTables()).selectFrom('organizations').selectAll().orderBy('slug').execute();
    },
    async organizationBySlug(slug) {
      return (await readTables()).selectFrom('organizations').selectAll().where('slug', '=', slug).executeTakeFirst();
    },
    async directory(organization, application): Promise<DirectoryRow | undefined> {
      return (await readTables())
        .selectFrom('directories')
        .selectAll()
        .where('organization', '=', organization)
        .where('application', '=', application)
        .executeTakeFirst();
    },
    async directoryById(id) {
      const found = row(reads, DIRECTORY_BY_ID, id) as readonly string[] | undefined;
      if (found === undefined) return undefined;
      const [directory, organization, application, created, ...rest] = found as [
        string,
        string,
        string,
        string,
        ...string[],
      ];
      const [, slug, name, founded] = rest as [string, string, string, string];
      return {
        directory: { id: directory, organization, application, created },
        organization: { id: organization, slug, name, created: founded },
      };
    },
  };
}
