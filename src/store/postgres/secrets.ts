import { randomBytes } from 'node:crypto';
import type { SecretStore } from '../../access/index.ts';
import { type Pool, row } from './pool.ts';

const INSERT_SECRET = 'INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING';
const SELECT = 'SELECT value FROM secrets WHERE name = $1';
/** 256 bits. */
const LENGTH = 32;

/** Of several processes that ask first, one makes it and all get that one. */
export function openSecrets(owner: Pool): SecretStore {
  return {
    secret: (name) =>
      owner.transaction(undefined, async (session) => {
        await session.run(INSERT_SECRET, name, randomBytes(LENGTH).toString('base64url'));
        // A statement of its own, which sees what another process has committed meanwhile.
        return Buffer.from((await row(session, SELECT, name))?.[0] as string, 'base64url');
      }),
  };
}
