import type { Change, HistoryRow } from '../directory/index.ts';

/** The columns of `HistoryRow`, in the order that `historyRowOf` reads them. */
export const HISTORY_COLUMNS =
  'c.cause, c.at, c.by_kind, c.by_id, c.by_name, c.request_id, c.kind, c.type, c.subject, c.before, c.after';

/** `row`: what stands in these columns. The databases say differently which set a change is of, and what its cause is. */
export function historyRowOf(
  row: readonly unknown[],
  { seq, set, cause }: { seq: number; set: number; cause: number | undefined },
): HistoryRow {
  return {
    seq,
    set,
    cause,
    at: row[1] as string,
    by: { kind: row[2] as string, id: row[3] as string, name: row[4] as string },
    requestId: row[5] as string,
    kind: row[6] as Change['kind'],
    type: row[7] as string,
    subject: row[8] as string,
    before: (row[9] as string | null) ?? undefined,
    after: (row[10] as string | null) ?? undefined,
  };
}
