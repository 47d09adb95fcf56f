import { FORGOTTEN_AT_ONCE, forgottenUpTo } from '../history-retention.ts';
import type { Session } from './pool.ts';

const OLDEST_CHANGES = `SELECT c.seq, c.at FROM changes c
  WHERE c.directory = $1 AND c.seq IS NOT NULL ORDER BY c.seq LIMIT $2`;
const FORGET_CHANGES = 'DELETE FROM changes WHERE directory = $1 AND seq <= $2';
const DIRECTORIES = 'SELECT id FROM directories ORDER BY id';

/** As the owner: requests cannot alter history. False when nothing that is so old is left. */
export async function forgetHistory(session: Session, directory: string, before: string): Promise<boolean> {
  const oldest = await session.rows(OLDEST_CHANGES, directory, FORGOTTEN_AT_ONCE);
  const last = forgottenUpTo(oldest as unknown as [number, string][], before);
  if (last === undefined) return false;
  return (await session.run(FORGET_CHANGES, directory, last)) === FORGOTTEN_AT_ONCE;
}

export async function allDirectories(session: Session): Promise<readonly string[]> {
  return (await session.rows(DIRECTORIES)).map(([id]) => id as string);
}
