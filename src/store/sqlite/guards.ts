import type { GuardState } from '../../directory/index.ts';
import { type Connection, row, run } from './connection.ts';

export const GUARD = 'SELECT since, snoozed_until FROM guards WHERE directory = ?';

export function guardState(connection: Connection, directory: string): GuardState {
  const [since, snoozedUntil] = (row(connection, GUARD, directory) ?? []) as (string | null | undefined)[];
  return { since: since ?? undefined, snoozedUntil: snoozedUntil ?? undefined };
}

const SET_GUARD = `INSERT INTO guards (directory, since, snoozed_until) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET since = excluded.since, snoozed_until = excluded.snoozed_until`;

/** In a transaction of the writer. */
export function setGuardState(connection: Connection, directory: string, alter: Partial<GuardState>): void {
  const { since, snoozedUntil } = { ...guardState(connection, directory), ...alter };
  run(connection, SET_GUARD, directory, since ?? null, snoozedUntil ?? null);
}
