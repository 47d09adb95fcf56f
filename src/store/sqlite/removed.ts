import { type Connection, row } from './connection.ts';

/** Through an index of the removals alone, which no other row of history is in. */
export const REMOVED_NAME = `SELECT before ->> '$.resource.userName', before ->> '$.resource.displayName'
  FROM changes WHERE directory = ? AND subject = ? AND kind = 'removed' AND type = ? LIMIT 1`;

/** The userName, or displayName, of a record that was removed, for as long as history remembers it. */
export function removedName(
  connection: Connection,
  directory: string,
  { type, id }: { type: string; id: string },
): string | undefined {
  const found = row(connection, REMOVED_NAME, directory, id, type);
  return (found?.[0] as string | null | undefined) ?? (found?.[1] as string | null | undefined) ?? undefined;
}
