import type { Kysely, Selectable } from 'kysely';
import type { Credential, CredentialStore, PlacedCredential } from '../access/index.ts';
import type { TellingTables } from './operator-tables.ts';
import type { CredentialTable, Tables } from './tables.ts';

/** What of credentials is asked seldom. Of a new one nobody need be told: no one remembers that there was none. */
export function openCredentials({
  read,
  write,
  writeAndTell,
}: TellingTables): Pick<CredentialStore, 'insertCredential' | 'credentials' | 'credentialById' | 'revokeCredential'> {
  return {
    async insertCredential({ lastUsed, ...credential }) {
      const values = {
        ...credential,
        expires: credential.expires ?? null,
        revoked: credential.revoked ?? null,
        last_used: lastUsed ?? null,
      };
      await write((tables) => tables.insertInto('credentials').values(values).execute());
    },
    async credentials(organization) {
      const found = await read((tables) =>
        placed(tables)
          .$if(organization !== undefined, (all) => all.where('o.id', '=', organization ?? ''))
          .orderBy('o.slug')
          .orderBy('c.created')
          .orderBy('c.id')
          .execute(),
      );
      return found.map(placedOf);
    },
    async credentialById(id) {
      const found = await read((tables) => placed(tables).where('c.id', '=', id).executeTakeFirst());
      return found === undefined ? undefined : placedOf(found);
    },
    async revokeCredential(organization, id, at) {
      const { numUpdatedRows } = await writeAndTell((tables) =>
        tables
          .updateTable('credentials')
          .set({ revoked: at })
          .where('id', '=', id)
          .where('revoked', 'is', null)
          .where('directory', 'in', (directories) =>
            directories.selectFrom('directories').select('id').where('organization', '=', organization),
          )
          .executeTakeFirstOrThrow(),
      );
      return numUpdatedRows > 0n;
    },
  };
}

function placed(tables: Kysely<Tables>) {
  return tables
    .selectFrom('credentials as c')
    .innerJoin('directories as d', 'd.id', 'c.directory')
    .innerJoin('organizations as o', 'o.id', 'd.organization')
    .selectAll('c')
    .select(['d.application', 'o.id as owner', 'o.slug']);
}

type Placed = Selectable<CredentialTable> & {
  readonly application: string;
  readonly owner: string;
  readonly slug: string;
};

function placedOf({ application, owner, slug, ...credential }: Placed): PlacedCredential {
  return { ...credentialOf(credential), application, owner: { id: owner, slug } };
}

/** The columns of `credentials`, in the order of `credentialOfRow`. */
export const CREDENTIAL_COLUMNS = 'id, directory, name, hash, scope, created, expires, revoked, last_used';

export function credentialOfRow(row: readonly unknown[]): Credential {
  const [id, directory, name, hash, scope, created, expires, revoked, last_used] = row as [
    string,
    string,
    string,
    string,
    Credential['scope'],
    string,
    string | null,
    string | null,
    string | null,
  ];
  return credentialOf({ id, directory, name, hash, scope, created, expires, revoked, last_used });
}

function credentialOf({ expires, revoked, last_used, ...credential }: Selectable<CredentialTable>): Credential {
  return {
    ...credential,
    expires: expires ?? undefined,
    revoked: revoked ?? undefined,
    lastUsed: last_used ?? undefined,
  };
}
