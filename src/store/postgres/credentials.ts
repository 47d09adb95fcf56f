import type { CredentialStore } from '../../access/index.ts';
import { CREDENTIAL_COLUMNS, credentialOfRow, openCredentials as openSeldom } from '../credentials.ts';
import type { Notices } from './notices.ts';
import type { OwnTables } from './operator-tables.ts';
import { type Pool, row } from './pool.ts';

/** Asked for every token that is not remembered. */
const CREDENTIAL_BY_HASH = `SELECT ${CREDENTIAL_COLUMNS} FROM credentials WHERE hash = $1`;
const TOUCH = 'UPDATE credentials SET last_used = $1 WHERE id = $2';

export interface CredentialMeans {
  readonly owner: Pool;
  readonly tables: OwnTables;
  readonly notices: Notices;
}

export function openCredentials({ owner, tables, notices }: CredentialMeans): CredentialStore {
  return {
    ...openSeldom(tables),
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
      return heard === undefined ? undefined : heard + tables.told();
    },
  };
}
