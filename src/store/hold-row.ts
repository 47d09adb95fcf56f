import type { By, Hold } from '../directory/index.ts';

/** Decided ones are kept for so long, and so many of a directory. */
export const DECIDED_DAYS = 400;
export const MOST_DECIDED = 10_000;
/** Finding the oldest walks past the others in an index, so it is done once for so many decided ones. */
export const DECIDED_A_LOOK = 100;

/** In the order in which `holdOf` reads them. */
export const HOLD_COLUMNS = `id, type, subject, label, work, why, by_kind, by_id, by_name, request_id,
  first_at, last_at, times, state, decided_kind, decided_id, decided_name, decided_at`;

export function holdOf(row: readonly unknown[]): Hold {
  const hold: Hold = {
    id: row[0] as string,
    type: row[1] as string,
    subject: row[2] as string,
    label: row[3] as string,
    work: JSON.parse(row[4] as string) as Hold['work'],
    why: row[5] as string,
    by: byOf(row, 6),
    requestId: row[9] as string,
    first: row[10] as string,
    last: row[11] as string,
    times: row[12] as number,
    state: row[13] as Hold['state'],
  };
  return row[17] === null ? hold : { ...hold, decided: { by: byOf(row, 14), at: row[17] as string } };
}

function byOf(row: readonly unknown[], from: number): By {
  return { kind: row[from] as By['kind'], id: row[from + 1] as string, name: row[from + 2] as string };
}
