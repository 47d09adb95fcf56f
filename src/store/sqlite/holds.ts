import type { Hold, HoldDecision, NewHold } from '../../directory/index.ts';
import { directoryId } from '../directory-id.ts';
import { DECIDED_A_LOOK, DECIDED_DAYS, HOLD_COLUMNS, holdOf, MOST_DECIDED } from '../hold-row.ts';
import type { HoldsAsked, Store } from '../store.ts';
import { type Connection, row, rows, run } from './connection.ts';
import { limitTo } from './limit.ts';
import type { Moment } from './moment.ts';
import { type SeldomMeans, tablesOf } from './organizations.ts';

export const STANDING_HOLD = `SELECT ${HOLD_COLUMNS} FROM holds
  WHERE directory = ? AND type = ? AND subject = ? AND state IN ('open', 'rejected')`;

/** The one that is open or rejected. */
export function standingHold(
  connection: Connection,
  directory: string,
  { type, subject }: { type: string; subject: string },
): Hold | undefined {
  const found = row(connection, STANDING_HOLD, directory, type, subject);
  return found === undefined ? undefined : holdOf(found);
}

export const BUMP = `UPDATE holds SET label = ?4, work = ?5, why = ?6, by_kind = ?7, by_id = ?8, by_name = ?9,
    request_id = ?10, last_at = ?11, times = times + ?12
  WHERE directory = ?1 AND type = ?2 AND subject = ?3 AND state IN ('open', 'rejected')`;
const INSERT = `INSERT INTO holds
  (directory, type, subject, label, work, why, by_kind, by_id, by_name, request_id, first_at, last_at, times, state, id)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, 1, 'open', ?12)`;

/** Inserts it, or bumps the one that stands, whose state stays. */
export function recordHold(connection: Connection, directory: string, hold: NewHold): void {
  const { id, type, subject, label, work, why, by, requestId, at, isLessened } = hold;
  const held = [type, subject, label, JSON.stringify(work), why, by.kind, by.id, by.name, requestId, at] as const;
  if (run(connection, BUMP, directory, ...held, isLessened ? 0 : 1) > 0) return;
  run(connection, INSERT, directory, ...held, id);
}

export const DECIDE = `UPDATE holds
  SET state = ?3, decided_kind = ?4, decided_id = ?5, decided_name = ?6, decided_at = ?7
  WHERE directory = ?1 AND state IN ('open', 'rejected') AND id IN (SELECT value FROM json_each(?2) wanted)`;

export function decideHolds(
  connection: Connection,
  directory: string,
  { ids, decision: { state, by, at } }: { ids: readonly string[]; decision: HoldDecision },
): void {
  const decided = run(connection, DECIDE, directory, JSON.stringify(ids), state, by.kind, by.id, by.name, at);
  if (state !== 'rejected') bound(connection, directory, { decided, at });
}

/** By row number: SQLite would rather read all of the directory. */
export const SURPLUS_HOLDS = `DELETE FROM holds NOT INDEXED WHERE directory = ?1 AND number IN (SELECT number FROM holds
  WHERE directory = ?1 AND state IN ('approved', 'withdrawn') ORDER BY decided_at DESC LIMIT 1000 OFFSET ?2)`;
export const OLD_HOLDS = `DELETE FROM holds NOT INDEXED WHERE directory = ?1 AND number IN (SELECT number FROM holds
  WHERE directory = ?1 AND state IN ('approved', 'withdrawn') AND decided_at < ?2 ORDER BY decided_at LIMIT 1000)`;

function bound(connection: Connection, directory: string, { decided, at }: { decided: number; at: string }): void {
  const counts = decidedSince.get(connection) ?? new Map<string, number>();
  decidedSince.set(connection, counts);
  // The first of a process looks, too.
  const count = (counts.get(directory) ?? DECIDED_A_LOOK) + decided;
  counts.set(directory, count < DECIDED_A_LOOK ? count : 0);
  if (count < DECIDED_A_LOOK) return;
  run(connection, SURPLUS_HOLDS, directory, MOST_DECIDED);
  run(connection, OLD_HOLDS, directory, new Date(Date.parse(at) - DECIDED_DAYS * 86_400_000).toISOString());
}

/** How many of each directory were decided since it was last looked after. */
const decidedSince = new WeakMap<Connection, Map<string, number>>();

export const HOLDS_IN_STATE = `SELECT ${HOLD_COLUMNS} FROM holds
  WHERE directory = ? AND state = ? AND id > ? ORDER BY id ${limitTo()}`;
export const HOLD_BY_ID = `SELECT ${HOLD_COLUMNS} FROM holds WHERE directory = ? AND id = ?`;

export function openHolds(means: SeldomMeans & { readonly moment: Moment }): Pick<Store, 'holds' | 'holdById'> {
  const { reads, moment } = means;
  const { read } = tablesOf(means);
  return {
    async holds(directory, asked) {
      return holdsIn(reads, directoryId(directory), asked);
    },
    async holdById(id) {
      moment.end();
      const place = await read((tables) =>
        tables.selectFrom('holds').select('directory').where('id', '=', id).executeTakeFirst(),
      );
      if (place === undefined) return undefined;
      const found = row(reads, HOLD_BY_ID, place.directory, id);
      return found === undefined ? undefined : { hold: holdOf(found), directory: place.directory };
    },
  };
}

function holdsIn(connection: Connection, directory: string, { states, after, limit }: HoldsAsked): readonly Hold[] {
  const found = [...new Set(states)].flatMap((state) =>
    rows(connection, HOLDS_IN_STATE, directory, state, after ?? '', limit).map(holdOf),
  );
  return found.sort((one, other) => (one.id < other.id ? -1 : 1)).slice(0, limit);
}
