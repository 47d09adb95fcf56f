import { PIECE } from '../label.ts';
import { type Connection, type Row, row } from './connection.ts';

export interface Labelled {
  readonly row: Row;
  readonly label: string;
}

export const LABEL_OF = 'SELECT label FROM resources WHERE directory = ? AND id = ?';

/**
 * Of rows that begin with an id and end with its `shortLabel`: the first ones, as many as their names' weight allows, and
 * one at least. Long names are read one by one.
 */
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
