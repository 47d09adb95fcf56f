import { resolve } from 'node:path';
import { fileOf, isPostgres } from './url.ts';

export interface BackedUp {
  /** Where it is, as an absolute path. */
  readonly file: string;
  readonly bytes: number;
}

/**
 * What becomes of the tokens that a backup lets in. `carry`: those that the database which is replaced has revoked are
 * revoked. Where there is none to ask, or it never knew them, who restores says that nothing was revoked since (`keep`),
 * or revokes all.
 */
export type RestoredTokens = 'carry' | 'keep' | 'revoke';

export interface Restored {
  /** Where the database that was replaced is now; undefined when there was none. */
  readonly aside: string | undefined;
  /** How many tokens the backup would have let in, and are revoked. */
  readonly revoked: number;
  /** How many are let in. */
  readonly live: number;
}

/**
 * Writes all that the database of a SQLite URL holds at one moment to a new file, beside a running server.
 *
 * @throws Error with a sentence for the operator
 */
export async function backUp(url: string, target: string): Promise<BackedUp> {
  const file = sqliteFileOf(url);
  const { backUpFile } = await import('./sqlite/back-up-file.ts');
  return backUpFile(file, resolve(target));
}

/**
 * Puts a backup in the place of the database of a SQLite URL, while no server runs.
 *
 * @throws Error with a sentence for the operator; then nothing is altered
 */
export async function restore(url: string, source: string, tokens: RestoredTokens): Promise<Restored> {
  const file = sqliteFileOf(url);
  const { restoreFile } = await import('./sqlite/restore-file.ts');
  return restoreFile(file, resolve(source), tokens);
}

function sqliteFileOf(url: string): string {
  if (isPostgres(url)) {
    throw new Error('PostgreSQL has backups of its own (pg_dump, base backups, snapshots): see docs/guide/backup.md.');
  }
  return fileOf(url);
}
