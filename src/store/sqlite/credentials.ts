import type { CredentialStore } from '../../access/index.ts';
import { CREDENTIAL_COLUMNS, credentialOfRow, openCredentials as openSeldom } from '../credentials.ts';
import { type Connection, row } from './connection.ts';
import type { Moment } from './moment.ts';
import { type SeldomMeans, tellingTables } from './organizations.ts';

/** Asked for every token that is not remembered. */
const CREDENTIAL_BY_HASH = `SELECT ${CREDENTIAL_COLUMNS} FROM credentials WHERE hash = ?`;
const TOUCH = 'UPDATE credentials SET last_used = ? WHERE id = ?';

export interface CredentialMeans extends SeldomMeans {
  readonly writes: Connection;
  readonly moment: Moment;
}

export function openCredentials(means: CredentialMeans): CredentialStore {
  const { reads, writes, writer, moment, epoch } = means;
  return {
    ...openSeldom(tellingTables(means)),
    async credentialByHash(hash) {
      // A token that another process made a moment ago works at once.
      moment.end();
      const found = row(reads, CREDENTIAL_BY_HASH, hash);
      return found === undefined ? undefined : credentialOfRow(found);
    },
    async touchCredential(id, at) {
      // No epoch: who may come in is the same as before.
      await writer.run(async () => void writes.statement(TOUCH).run(at, id));
    },
    credentialEpoch: epoch.now,
  };
}
