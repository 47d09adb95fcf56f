import type { JournalEntry } from '../../directory/index.ts';
import { directoryId } from '../directory-id.ts';
import { fairShare, type JournalMeans } from '../journal.ts';
import { askedBy, JOURNAL_COLUMNS, type JournalValue, journalRowOf, rowsOf, valuesOf } from '../journal-row.ts';
import type { Pool, Row, Session } from './pool.ts';

export interface JournalPools {
  /** Of the owner, behind the back of requests. */
  readonly background: Pool;
  readonly requests: Pool;
}

const UNNESTED = `unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::float8[], $8::text[], $9::text[],
  $10::text[], $11::text[], $12::int[], $13::int[], $14::int[], $15::text[], $16::text[])`;
const INSERT = `INSERT INTO journal (directory, ${JOURNAL_COLUMNS}) SELECT $1, n.* FROM ${UNNESTED} n`;

const CALLS = `SELECT seq, ${JOURNAL_COLUMNS} FROM journal
  WHERE directory = $1 AND at >= $2 AND (at, seq) < ($3, $4::bigint)`;
const LATEST = 'ORDER BY at DESC, seq DESC LIMIT $5';
const ASKED = {
  all: `${CALLS} ${LATEST}`,
  failed: `${CALLS} AND failed = 1 ${LATEST}`,
  request: `${CALLS} AND request_id = $6 ${LATEST}`,
};

/** A table of the schema of directories, whose rows only their directory sees. */
export function journalOf({ background, requests }: JournalPools): JournalMeans {
  return {
    async keep(entries) {
      const groups = Map.groupBy(entries, ({ directory }) => directoryId(directory));
      await background.transaction(undefined, async (session) => {
        // The last second of the journal may be lost, and need not be waited for (decision 29).
        const written = Array.from(groups, ([directory, own]) => session.run(INSERT, directory, ...columnsOf(own)));
        await Promise.all([session.once('SET LOCAL synchronous_commit = off', []), ...written]);
      });
    },
    sweep: (kept) => sweep(background, kept),
    async calls(directory, asked) {
      const id = directoryId(directory);
      const { which, values } = askedBy(asked);
      const rows = await requests.use(id, (session) => session.rows(ASKED[which], id, ...values));
      return rows.map((row) => journalRowOf(id, row));
    },
    close: async () => undefined,
  };
}

function columnsOf(entries: readonly JournalEntry[]): JournalValue[][] {
  const rows = rowsOf(valuesOf(entries));
  // The directory, which comes first, is one value.
  return (rows[0] ?? []).slice(1).map((_, column) => rows.map((row) => storable(row[column + 1] ?? null)));
}

/** PostgreSQL's text has no NUL, and no lone surrogates. */
function storable(value: JournalValue): JournalValue {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\ufffd') : value;
}

const SLICE = 1_000;
const DIRECTORIES = 'SELECT id FROM directories ORDER BY id';
const SIZE = 'SELECT coalesce(sum(bytes), 0) FROM journal WHERE directory = $1';
const DELETE_OLD = `DELETE FROM journal WHERE directory = $1 AND at < $2
  AND (at, seq) IN (SELECT at, seq FROM journal WHERE directory = $1 ORDER BY at, seq LIMIT $3)`;
const WRITTEN_FIRST = 'SELECT at, seq, bytes FROM journal WHERE directory = $1 ORDER BY at, seq LIMIT $2';
const DELETE_UPTO = 'DELETE FROM journal WHERE directory = $1 AND (at, seq) <= ($2, $3::bigint)';

/** Two processes that sweep at once delete the same, once. Slices are statements of their own, so that nothing waits long. */
async function sweep(owner: Pool, { before, bytes }: { before: string; bytes: number }): Promise<void> {
  const inOne = <T>(work: (session: Session) => Promise<T>): Promise<T> => owner.use(undefined, work);
  const ids = (await inOne((session) => session.rows(DIRECTORIES))).map(([id]) => id as string);
  const sizes: number[] = [];
  for (const id of ids) {
    while ((await inOne((session) => session.run(DELETE_OLD, id, before, SLICE))) >= SLICE);
    sizes.push(Number((await inOne((session) => session.rows(SIZE, id)))[0]?.[0] ?? 0));
  }
  const share = fairShare(sizes, bytes);
  for (const [index, id] of ids.entries()) {
    for (let surplus = (sizes[index] ?? 0) - share; surplus > 0; ) {
      const oldest = await inOne((session) => session.rows(WRITTEN_FIRST, id, SLICE));
      const { last, freed } = upTo(surplus, oldest);
      if (last === undefined) break;
      await inOne((session) => session.run(DELETE_UPTO, id, last[0] as string, last[1] as number));
      surplus -= freed;
    }
  }
}

/** Of rows of a moment, a place and bytes: the last of those that make so many bytes. */
function upTo(bytes: number, rows: readonly Row[]): { readonly last: Row | undefined; readonly freed: number } {
  let freed = 0;
  let last: Row | undefined;
  for (const row of rows) {
    if (freed >= bytes) break;
    freed += Number(row[2]);
    last = row;
  }
  return { last, freed };
}
