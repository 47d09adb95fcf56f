/**
 * What the `…_at` column of a row has that holds the value of this placeholder, or column (`$3`, `v.value`): what an index is asked for. Values
 * that are equal have equal ones; whoever looks by it compares the value itself too. The expression is that of the columns
 * (`migrations/2026-11-22-directories.ts`); it is a subquery, whose cost does not count against the index in a young table.
 */
export function atOf(given: string): string {
  const value = `${given}::text`;
  return `(SELECT CASE WHEN octet_length(${value}) <= 512 THEN ${value} ELSE left(${value}, 100) || md5(${value}) END)`;
}
