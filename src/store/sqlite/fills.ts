import { type Fill, fillOf } from '../fills.ts';
import { type Connection, rows, run } from './connection.ts';

const SELECT = 'SELECT application, type, attribute, form, state, reached, seq FROM fills WHERE application = ?';
const DELETE = 'DELETE FROM fills WHERE application = ? AND type = ? AND attribute = ?';
const UPSERT = `INSERT INTO fills (application, type, attribute, form, state, reached, seq) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET form = excluded.form, state = excluded.state, reached = excluded.reached, seq = excluded.seq`;

/** How far everything of an application is. */
export function storedFills(connection: Connection, application: string): readonly Fill[] {
  return rows(connection, SELECT, application).map(fillOf);
}

export function keepFill(connection: Connection, fill: Fill): void {
  const { application, type, attribute, form, state, directory, seq } = fill;
  run(connection, UPSERT, application, type, attribute, form, state, directory, seq);
}

export function dropFill(connection: Connection, { application, type, attribute }: Fill): void {
  run(connection, DELETE, application, type, attribute);
}
