import type { DirectoryRow, Organization, OrganizationStore } from '../directory/index.ts';
import type { OperatorTables } from './operator-tables.ts';

/** What of organizations is asked seldom. A request waits for `directoryById` alone, which each database has its own way of. */
export function openOrganizations({ read, write }: OperatorTables): Omit<OrganizationStore, 'directoryById'> {
  return {
    createOrganization: (organization, directories) =>
      write(async (tables) => {
        await tables.insertInto('organizations').values(organization).execute();
        for (const directory of directories) await tables.insertInto('directories').values(directory).execute();
      }),
    addDirectory: (directory) =>
      write(async (tables) => void (await tables.insertInto('directories').values(directory).execute())),
    organizations: (): Promise<readonly Organization[]> =>
      read((tables) => tables.selectFrom('organizations').selectAll().orderBy('slug').execute()),
    organizationBySlug: (slug) =>
      read((tables) => tables.selectFrom('organizations').selectAll().where('slug', '=', slug).executeTakeFirst()),
    directory: (organization, application): Promise<DirectoryRow | undefined> =>
      read((tables) =>
        tables
          .selectFrom('directories')
          .selectAll()
          .where('organization', '=', organization)
          .where('application', '=', application)
          .executeTakeFirst(),
      ),
  };
}

/** `SELECT d.id, d.organization, d.application, d.created, o.id, o.slug, o.name, o.created` */
export function placeOf(row: readonly unknown[]): { directory: DirectoryRow; organization: Organization } {
  const [id, organization, application, created, ...rest] = row as [string, string, string, string, ...string[]];
  const [, slug, name, founded] = rest as [string, string, string, string];
  return {
    directory: { id, organization, application, created },
    organization: { id: organization, slug, name, created: founded },
  };
}
