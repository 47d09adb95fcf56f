import type { Selectable } from 'kysely';
import type { Credential, CredentialStore } from '../access/index.ts';
import type { OperatorTables } from './operator-tables.ts';
import type { CredentialTable } from './tables.ts';

/** What of credentials is asked seldom. */
export function openCredentials({
  read,
  write,
}: OperatorTables): Pick<CredentialStore, 'insertCredential' | 'credentials' | 'revokeCredential'> {
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
        tables
          .selectFrom('credentials as c')
          .innerJoin('directories as d', 'd.id', 'c.directory')
          .where('d.organization', '=', organization)
          .selectAll('c')
          .select('d.application')
          .orderBy('c.created')
          .orderBy('c.id')
          .execute(),
      );
      return found.map(({ application, ...credential }) => ({ ...credentialOf(credential), application }));
    },
    async revokeCredential(organization, id, at) {
      const { numUpdatedRows } = await write((tables) =>
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
