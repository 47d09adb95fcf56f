import type { Failure, FailureRow } from '../directory/index.ts';

/** More are nobody's to read; a provider that is set up wrongly, or meant badly, must not fill the disk. */
export const MOST_FAILURES = 10_000;
/** Finding the oldest walks past the others in an index, so it is done once for so many new rows. */
export const FAILURES_A_LOOK = 100;
export const GONE_DAYS = 30;

/** In the order in which `failureOf` reads them. */
export const FAILURE_COLUMNS = 'type, subject, label, operation, reason, detail, request_id, first_at, last_at, times';

export function failureOf(row: readonly unknown[]): FailureRow {
  return {
    type: row[0] as string,
    subject: row[1] as string,
    label: row[2] as string,
    operation: row[3] as Failure['operation'],
    reason: row[4] as string,
    detail: row[5] as string,
    requestId: row[6] as string,
    first: row[7] as string,
    last: row[8] as string,
    times: row[9] as number,
  };
}
