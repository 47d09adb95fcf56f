import type { Credential, CredentialStore } from '../../access/index.ts';
import { CREDENTIAL_COLUMNS, credentialOfRow, openCredentials as openSeldom } from '../credentials.ts';
import type { Notices } from './notices.ts';
import type { OwnTables } from './operator-tables.ts';
import type { Pool } from './pool.ts';
import { chunksOf, share } from './share.ts';

/** Asked for every token that is not remembered: a flood of those that nobody has must leave room for the others. */
const CREDENTIALS_BY_HASH = `SELECT ${CREDENTIAL_COLUMNS} FROM credentials WHERE hash = ANY($1::text[])`;
const MOST_OF_A_STATEMENT = 100;
const TOUCH = 'UPDATE credentials SET last_used = $1 WHERE id = $2';

export interface CredentialMeans {
  readonly owner: Pool;
  readonly tables: OwnTables;
  readonly notices: Notices;
}

export function openCredentials({ owner, tables, notices }: CredentialMeans): CredentialStore {
  const credentialByHash = share<string, Credential | undefined>({
    divide: (asked) => chunksOf(asked, MOST_OF_A_STATEMENT),
    async ask(hashes) {
      const found = await owner.use(undefined, (session) => session.rows(CREDENTIALS_BY_HASH, hashes));
      const byHash = new Map(found.map(credentialOfRow).map((credential) => [credential.hash, credential]));
      return hashes.map((hash) => byHash.get(hash));
    },
  });
  return {
    ...openSeldom(tables),
    credentialByHash,
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
