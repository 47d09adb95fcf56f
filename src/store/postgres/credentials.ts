import type { CredentialStore } from '../../access/index.ts';
import { CREDENTIAL_COLUMNS, credentialOfRow, openCredentials as openSeldom } from '../credentials.ts';
import { CREDENTIALS_CHANGED, type Notices } from './notices.ts';
import { operatorTables } from './operator-tables.ts';
import { type Pool, row } from './pool.ts';

/** Asked for every token that is not remembered. */
const CREDENTIAL_BY_HASH = `SELECT ${CREDENTIAL_COLUMNS} FROM credentials WHERE hash = $1`;
const TOUCH = 'UPDATE credentials SET last_used = $1 WHERE id = $2';
/** Delivered with the commit, to every process that listens. */
const TELL = `SELECT pg_notify('${CREDENTIALS_CHANGED}', '')`;

export interface CredentialMeans {
  readonly owner: Pool;
  readonly notices: Notices;
}

export function openCredentials({ owner, notices }: CredentialMeans): CredentialStore {
  const { read, write } = operatorTables({ owner });
  const telling = operatorTables({ owner, tell: (session) => session.rows(TELL) });
  let ownWrites = 0;
  return {
    ...openSeldom({
      read,
      write,
      async writeAndTell(work) {
        const result = await telling.write(work);
        ownWrites += 1;
        return result;
      },
    }),
    async credentialByHash(hash) {
      const found = await owner.use(undefined, (session) => row(session, CREDENTIAL_BY_HASH, hash));
      return found === undefined ? undefined : credentialOfRow(found);
    },
    async touchCredential(id, at) {
      // Nobody is told: who may come in is the same as before.
      await owner.transaction(undefined, (session) => session.run(TOUCH, at, id));
    },
    credentialEpoch() {
      const heard = notices.heard();
      return heard === undefined ? undefined : heard + ownWrites;
    },
  };
}
