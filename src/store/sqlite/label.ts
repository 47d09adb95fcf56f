import { type Connection, type Row, row } from './connection.ts';

/** Names have 65,536 characters at most; identity providers' end at 256. Longer ones than this are read one by one. */
const SHORT = 1_024;

/** The label of a row of `resources`, null when it is long: so that a thousand rows at once weigh a mebibyte at most. */
export function shortLabel(table: string): string {
  return `CASE WHEN octet_length(${table}.label) <= ${SHORT} THEN ${table}.label END`;
}

export interface Labelled {
  readonly row: Row;
  readonly label: string;
}

/** How much the names of a piece may weigh, in bytes: it waits in memory until its client has read it. */
const PIECE = 262_144;

export const LABEL_OF = 'SELECT label FROM resources WHERE directory = ? AND id = ?';

/** Of rows that begin with an id and end with its `shortLabel`: the first ones, as many as their names' weight allows, and one at least. */
export function pieceOf(connection: Connection, directory: string, found: readonly Row[]): readonly Labelled[] {
  const taken: Labelled[] = [];
  let weight = 0;
  for (const one of found) {
    const short = one[one.length - 1] as string | null;
    const label = short ?? (row(connection, LABEL_OF, directory, one[0] as string)?.[0] as string);
    weight += short === null ? Buffer.byteLength(label) : label.length;
    if (weight > PIECE && taken.length > 0) break;
    taken.push({ row: one, label });
  }
  return taken;
}
