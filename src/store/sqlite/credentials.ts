import type { CredentialStore } from '../../access/index.ts';
import { CREDENTIAL_COLUMNS, credentialOfRow, openCredentials as openSeldom } from '../credentials.ts';
import { type Connection, row } from './connection.ts';
import type { Moment } from './moment.ts';
import { type SeldomMeans, tablesOf } from './organizations.ts';

/** Asked for every token that is not remembered. */
const CREDENTIAL_BY_HASH = `SELECT ${CREDENTIAL_COLUMNS} FROM credentials WHERE hash = ?`;
const TOUCH = 'UPDATE credentials SET last_used = ? WHERE id = ?';

export interface CredentialMeans extends SeldomMeans {
  /** The writing connection, which every other process's commits are news to, and its own are not. */
  readonly writes: Connection;
  readonly moment: Moment;
}

export function openCredentials(means: CredentialMeans): CredentialStore {
  const { reads, writes, writer, moment } = means;
  const { read, write } = tablesOf(means);
  let ownWrites = 0;
  let others: number | undefined;
  return {
    ...openSeldom({
      read,
      write,
      async writeAndTell(work) {
        const result = await write(work);
        ownWrites += 1;
        return result;
      },
    }),
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
