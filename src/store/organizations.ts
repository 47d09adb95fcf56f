import type { Selectable } from 'kysely';
import type { DirectoryRow, Organization, OrganizationStore } from '../directory/index.ts';
import type { TellingTables } from './operator-tables.ts';
import type { DirectoryTable, OrganizationTable } from './tables.ts';

/** What of organizations is asked seldom. A request waits for `directoryById` alone, which each database has its own way of. */
export function openOrganizations({
  read,
  write,
  writeAndTell,
}: TellingTables): Omit<OrganizationStore, 'directoryById'> {
  return {
    createOrganization: (organization, directories) =>
      write(async (tables) => {
        await tables.insertInto('organizations').values(organizationRow(organization)).execute();
        for (const one of directories) await tables.insertInto('directories').values(directoryRow(one)).execute();
      }),
    addDirectory: (directory) =>
      write(async (tables) => void (await tables.insertInto('directories').values(directoryRow(directory)).execute())),
    async organizations() {
      const found = await read((tables) => tables.selectFrom('organizations').selectAll().orderBy('slug').execute());
      return found.map(organizationOf);
    },
    async organizationBySlug(slug) {
      const found = await read((tables) =>
        tables.selectFrom('organizations').selectAll().where('slug', '=', slug).executeTakeFirst(),
      );
      return found === undefined ? undefined : organizationOf(found);
    },
    async directory(organization, application) {
      const found = await read((tables) =>
        tables
          .selectFrom('directories')
          .selectAll()
          .where('organization', '=', organization)
          .where('application', '=', application)
          .executeTakeFirst(),
      );
      return found === undefined ? undefined : directoryOf(found);
    },
    async alterOrganization(id, { plan, sso }) {
      const altered = { ...(plan === undefined ? {} : { plan }), ...(sso === undefined ? {} : { sso: Number(sso) }) };
      if (Object.keys(altered).length === 0) return;
      await writeAndTell((tables) => tables.updateTable('organizations').set(altered).where('id', '=', id).execute());
    },
    async setDirectoryPolicy(directory, policy) {
      await writeAndTell((tables) =>
        tables.updateTable('directories').set({ policy }).where('id', '=', directory).execute(),
      );
    },
  };
}

function organizationRow({ plan, sso, ...organization }: Organization): OrganizationTable {
  return { ...organization, plan: plan ?? null, sso: sso ? 1 : 0 };
}

function directoryRow({ policy, ...directory }: DirectoryRow): DirectoryTable {
  return { ...directory, policy: policy ?? null };
}

function organizationOf({ plan, sso, ...organization }: Selectable<OrganizationTable>): Organization {
  return {
    ...organization,
    ...(plan === null ? {} : { plan }),
    ...(sso === true || sso === 1 ? { sso: true } : {}),
  };
}

function directoryOf({ policy, ...directory }: Selectable<DirectoryTable>): DirectoryRow {
  return policy === null ? directory : { ...directory, policy };
}

/** The columns of a directory `d` and its organization `o`, in the order in which `placeOf` reads them. */
export const PLACE_COLUMNS =
  'd.id, d.organization, d.application, d.created, d.policy, o.slug, o.name, o.created, o.plan, o.sso';

export function placeOf(row: readonly unknown[]): { directory: DirectoryRow; organization: Organization } {
  const [id, organization, application, created, policy, slug, name, founded, plan, sso] = row as [
    string,
    string,
    string,
    string,
    string | null,
    string,
    string,
    string,
    string | null,
    number | boolean,
  ];
  return {
    directory: directoryOf({ id, organization, application, created, policy }),
    organization: organizationOf({ id: organization, slug, name, created: founded, plan, sso }),
  };
}
