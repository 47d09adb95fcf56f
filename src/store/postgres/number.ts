import type { Session } from './pool.ts';

/** What one transaction of the sequencer numbered. */
export interface Numbered {
  readonly changes: number;
  /** The directory's last seq; undefined when there was nothing to number. */
  readonly lastSeq: number | undefined;
  /** There were as many as one transaction takes, so there may be more. */
  readonly more: boolean;
}

/** One transaction numbers so many changes, and what its last set has beyond them. */
const BATCH = 1000;

/** Two directories whose locks happen to be the same wait for one another, which is all. */
const LOCK = "hashtextextended('joinery sequencer ' || $1, 0)";
const TRY = `SELECT pg_try_advisory_xact_lock(${LOCK})`;
const WAIT = `SELECT pg_advisory_xact_lock(${LOCK})`;

/**
 * Planned each time, by the sizes of that moment: the index of what has no number in its order, and the rows of these sets
 * once. Other plans read all of the directory's history, or these rows once for each of them, and look cheap for as long as
 * the statistics do not know the table.
 */
export const PLANS = `SELECT set_config('plan_cache_mode', 'force_custom_plan', true),
  set_config('enable_bitmapscan', 'off', true), set_config('enable_nestloop', 'off', true)`;

/**
 * All that is numbered together is what the one snapshot of this statement shows, in the order of the sets' numbers. A set
 * with a smaller number may be committed later, and gets a later place. (A set that follows another one's commit has the
 * larger number, so a snapshot that shows it shows both, in their order.)
 */
export const NEXT = `SELECT set_number, place, kind, type, inactive FROM changes
  WHERE directory = $1 AND seq IS NULL ORDER BY set_number, place LIMIT $2`;

/** What is missing of a set is there all the same: it was committed as one. */
const REST_OF_SET = `SELECT set_number, place, kind, type, inactive FROM changes
  WHERE directory = $1 AND set_number = $2 AND place > $3 ORDER BY place`;
const ADVANCE = `INSERT INTO histories AS h (directory, last_seq) VALUES ($1, $2)
  ON CONFLICT (directory) DO UPDATE SET last_seq = h.last_seq + excluded.last_seq
  RETURNING last_seq`;
export const NUMBER = `UPDATE changes c SET seq = $2 + n.nth
  FROM unnest($3::bigint[], $4::integer[]) WITH ORDINALITY AS n (set_number, place, nth)
  WHERE c.directory = $1 AND c.set_number = ANY ($3::bigint[]) AND c.set_number = n.set_number AND c.place = n.place`;
const COUNT = `INSERT INTO totals AS t (directory, type, total, inactive) VALUES ($1, $2, $3, $4)
  ON CONFLICT (directory, type) DO UPDATE SET total = t.total + excluded.total, inactive = t.inactive + excluded.inactive`;

/**
 * Numbers the next changes of a directory that are committed, and counts them into its totals, in the owner's transaction
 * that is open. Undefined when another process is at it.
 */
export async function numberNext(
  session: Session,
  directory: string,
  { wait = false, size = BATCH }: { wait?: boolean; size?: number } = {},
): Promise<Numbered | undefined> {
  // The lock in a statement of its own: what follows sees what its last holder did.
  const [, [held] = []] = await Promise.all([session.rows(PLANS), session.rows(wait ? WAIT : TRY, directory)]);
  if (!wait && held?.[0] !== true) return undefined;
  const next = (await session.rows(NEXT, directory, size)) as readonly Next[];
  const last = next.at(-1);
  if (last === undefined) return { changes: 0, lastSeq: undefined, more: false };
  const isFull = next.length >= size;
  const rest = isFull ? ((await session.rows(REST_OF_SET, directory, last[0], last[1])) as readonly Next[]) : [];
  const lastSeq = await number(session, directory, [...next, ...rest]);
  return { changes: next.length + rest.length, lastSeq, more: isFull };
}

/** Number of its set, place in it, kind, type, how many more are inactive. */
type Next = readonly [number, number, string, string, number];

/** The seq of the last one. */
async function number(session: Session, directory: string, next: readonly Next[]): Promise<number> {
  const [advanced] = await session.rows(ADVANCE, directory, next.length);
  const lastSeq = advanced?.[0] as number;
  const sets = next.map(([number]) => number);
  const places = next.map(([, place]) => place);
  const [numbered] = await Promise.all([
    session.run(NUMBER, directory, lastSeq - next.length, sets, places),
    ...Array.from(totalsOf(next), ([type, { total, inactive }]) =>
      session.run(COUNT, directory, type, total, inactive),
    ),
  ]);
  if (numbered !== next.length) throw new Error(`of ${next.length} changes ${numbered} were numbered`);
  return lastSeq;
}

interface More {
  readonly total: number;
  readonly inactive: number;
}

/** What the changes add to each type's number of records, and of those that are inactive. */
function totalsOf(changes: readonly Next[]): ReadonlyMap<string, More> {
  const totals = new Map<string, More>();
  for (const [, , kind, type, inactive] of changes) {
    const more = kind === 'created' ? 1 : kind === 'removed' ? -1 : 0;
    if (more === 0 && inactive === 0) continue;
    const known = totals.get(type) ?? { total: 0, inactive: 0 };
    totals.set(type, { total: known.total + more, inactive: known.inactive + inactive });
  }
  return totals;
}

/** The directories that have changes without a number, from one to the next in the index of those. */
export const DIRECTORIES_LEFT = `WITH RECURSIVE found (directory) AS (
    (SELECT directory FROM changes WHERE seq IS NULL ORDER BY directory LIMIT 1)
    UNION ALL
    SELECT (SELECT c.directory FROM changes c WHERE c.seq IS NULL AND c.directory > f.directory ORDER BY c.directory LIMIT 1)
    FROM found f WHERE f.directory IS NOT NULL
  )
  SELECT directory FROM found WHERE directory IS NOT NULL`;
