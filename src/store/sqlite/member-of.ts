import type { GroupStanding } from '../../directory/index.ts';
import type { Committing } from './commit.ts';
import { rows } from './connection.ts';
import { limitTo } from './limit.ts';

/** What is read of a group stands at the head of its row: its text, which may be long, is left alone. */
export const MEMBER_OF_AFTER = `SELECT g.type, g.id, g.version, g.modified
  FROM memberships m CROSS JOIN resources g ON g.directory = m.directory AND g.id = m.group_id
  WHERE m.directory = ? AND m.member_id = ? AND m.group_id > ? ORDER BY m.group_id ${limitTo()}`;

/** In order of id, after `after`. */
export async function memberOf(
  { connection, directory, turn }: Committing,
  { id, after, limit }: { id: string; after: string | undefined; limit: number },
): Promise<readonly GroupStanding[]> {
  if (after !== undefined) await turn();
  return rows(connection, MEMBER_OF_AFTER, directory, id, after ?? '', limit).map((row) => ({
    type: row[0] as string,
    id: row[1] as string,
    version: row[2] as number,
    modified: row[3] as string,
  }));
}
