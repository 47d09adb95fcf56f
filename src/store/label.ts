/** Names have 65,536 characters at most; identity providers' end at 256. Longer ones than this are not read many at once. */
const SHORT = 1_024;

/** The label of a row of `resources`, null when it is long: so that a thousand rows at once weigh a mebibyte at most. */
export function shortLabel(table: string): string {
  return `CASE WHEN octet_length(${table}.label) <= ${SHORT} THEN ${table}.label END`;
}

/** How much the names of a piece may weigh, in bytes: it waits in memory until its client has read it. */
export const PIECE = 262_144;
