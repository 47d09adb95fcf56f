import type { Selectable } from 'kysely';
import type { Credential, CredentialStore } from '../access/index.ts';
import { type Connection, row } from './connection.ts';
import type { Moment } from './moment.ts';
import type { SeldomMeans } from './organizations.ts';
import type { CredentialTable } from './tables.ts';

/** Asked for every token that is not remembered. */
const CREDENTIAL_BY_HASH = `SELECT id, directory, name, hash, scope, created, expires, revoked, last_used
  FROM credentials WHERE hash = ?`;

export interface CredentialMeans extends SeldomMeans {
  /** The writing connection, which every other process's commits are news to, and its own are not. */
  readonly writes: Connection;
  readonly moment: Moment;
}

export function openCredentials(means: CredentialMeans): CredentialStore {
  const { reads, writes, writer, moment, readTables, writeTables } = means;
  let ownWrites = 0;
  let others: number | undefined;
  return {
    async insertCredential({ lastUsed, ...credential }) {
      const tables = await writeTables();
      const values = {
        ...credential,
        expires: credential.expires ?? null,
        revoked: credential.revoked ?? null,
        last_used: lastUsed ?? null,
      };
      await writer.run(() => tables.insertInto('credentials').values(values).execute());
      ownWrites += 1;
    },
    async credentialByHash(hash) {
      // A token that another process made a moment ago works at once.
      moment.end();
      const found = row(reads, CREDENTIAL_BY_HASH, hash);
      if (found === undefined) return undefined;
      const [id, directory, name, own, scope, created, expires, revoked, last_used] = found as [
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
      return credentialOf({ id, directory, name, hash: own, scope, created, expires, revoked, last_used });
    },
    async credentials(organization) {
      const found = await (await readTables())
        .selectFrom('credentials as c')
        .innerJoin('directories as d', 'd.id', 'c.directory')
        .where('d.organization', '=', organization)
        .selectAll('c')
        .select('d.application')
        .orderBy('c.created')
        .orderBy('c.id')
        .execute();
      return found.map(({ application, ...credential }) => ({ ...credentialOf(credential), application }));
    },
    async revokeCredential(organization, id, at) {
      const tables = await writeTables();
      const { numUpdatedRows } = await writer.run(() =>
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
      ownWrites += 1;
      return numUpdatedRows > 0n;
    },
    async touchCredential(id, at) {
      // No epoch: who may come in is the same as before.
      await writer.run(async () => void writes.statement(TOUCH).run(at, id));
    },
    credentialEpoch() {
      // Asked once a turn, as a moment is: what another process revokes ends with the next one.
      if (others === undefined) {
        others = row(writes, 'PRAGMA data_version')?.[0] as number;
        setImmediate(() => {
          others = undefined;
        });
      }
      return others * 2 ** 20 + ownWrites;
    },
  };
}

const TOUCH = 'UPDATE credentials SET last_used = ? WHERE id = ?';

function credentialOf({ expires, revoked, last_used, ...credential }: Selectable<CredentialTable>): Credential {
  return {
    ...credential,
    expires: expires ?? undefined,
    revoked: revoked ?? undefined,
    lastUsed: last_used ?? undefined,
  };
}
