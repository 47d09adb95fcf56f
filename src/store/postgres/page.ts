import type { Page, PageContext, StoredRecord } from '../../directory/index.ts';
import type { Query, Selection } from '../../scim/index.ts';
import { type Chosen, chosenOf } from '../chosen.ts';
import { equalityOf, uniqueColumn } from '../driver.ts';
import { PAGE_COLUMNS, pageRecordOf } from '../record.ts';
import type { Walks } from '../walk.ts';
import { list, listAfter, listTypes } from './list.ts';
import { type RecordKey, recordBy } from './lookup.ts';
import { LOOKED_AT } from './plan.ts';
import type { Row } from './pool.ts';
import type { Reading } from './reading.ts';
import type { Scanner } from './scan.ts';
import { placeIn, type Search, searchOf } from './search.ts';
import { sendableSelection } from './sendable.ts';
import type { LookUp } from './shared-lookups.ts';

export interface PageAsked {
  readonly directory: string;
  readonly selections: readonly Selection[];
  readonly query: Query;
  readonly context: PageContext;
}

export interface PageMeans {
  /** On the reader's client. */
  readonly read: <T>(work: (reading: Reading) => Promise<T>) => Promise<T>;
  /** For what one record is found by; absent where it is read on the reader's own client. */
  readonly lookUp?: LookUp;
  readonly walks?: Walks;
  /** For what may take long; absent in a transaction, where everything is read on its client. */
  readonly scanner?: Scanner;
  /** The client stays on one moment: what the scanner finds at another is read again on it. */
  readonly stay?: boolean;
  /** Whether all values that have this name in `keys` are there; without it, those of `emails.value` are. */
  readonly ready?: (keyName: string) => boolean;
}

/** Beyond this many rows to look at, a search waits for its turn. */
const MOST_LOOKED_AT = 1000;

export async function page(means: PageMeans, given: PageAsked): Promise<Page> {
  const asked = { ...given, selections: given.selections.map(sendableSelection) };
  const { query } = asked;
  const chosen = chosenOf(asked.selections);
  if (chosen.length === 0) return { total: 0, records: [] };
  const whole = chosen.every(({ filter }) => filter === undefined);
  if (whole && (query.sorted === undefined || query.count === 0)) return listed(means, asked, chosen);
  return (await atOnce(means, asked, chosen)) ?? searched(means, asked, searchOf(means, asked, chosen));
}

function listed({ read, walks }: PageMeans, asked: PageAsked, chosen: readonly Chosen[]): Promise<Page> {
  const { query, context } = asked;
  const { startIndex, count } = query;
  if (query.after !== undefined && count > 0) {
    const after = placeIn(asked);
    return read((reading) => listAfter(reading, { chosen, count, after }));
  }
  const [one] = chosen;
  if (chosen.length === 1 && one !== undefined) {
    const walk = walks === undefined ? {} : { walk: { walks, walker: context.walker } };
    return read((reading) => list(reading, { type: one.type.name, startIndex, count, ...walk }));
  }
  return read((reading) => listTypes(reading, { types: chosen.map(({ type }) => type.name), startIndex, count }));
}

/** `userName eq "x"`, `externalId eq "x"`, `id eq "x"` alone: one seek, one row, one statement. */
async function atOnce(
  means: PageMeans,
  { directory, query }: PageAsked,
  chosen: readonly Chosen[],
): Promise<Page | undefined> {
  const [one] = chosen;
  // Where a walk goes on, the one row may have been seen.
  if (chosen.length !== 1 || one?.filter === undefined || query.after?.length) return undefined;
  const equality = equalityOf(one.filter);
  const unique = equality === undefined ? undefined : uniqueColumn(equality.path, one.type);
  if (equality === undefined || unique === undefined) return undefined;
  // Where names may repeat, one row is not the answer.
  if (unique === 'name_key' && equality.path.attribute.uniqueness === 'none') return undefined;
  const found = await recordIn(means, directory, { by: BY[unique], type: one.type.name, value: equality.key });
  if (found === undefined) return { total: 0, records: [] };
  return { total: 1, records: query.count > 0 && query.startIndex === 1 ? [found] : [] };
}

const BY = { id: 'id', name_key: 'name', external_id: 'externalId' } as const;

export function recordIn(
  { lookUp, read }: PageMeans,
  directory: string,
  key: RecordKey,
): Promise<StoredRecord | undefined> {
  return lookUp === undefined ? read((reading) => recordBy(reading, key)) : lookUp(directory, key);
}

async function searched(means: PageMeans, { directory }: PageAsked, search: Search): Promise<Page> {
  const { read, scanner, stay = false } = means;
  const { plan, filtered, sorted } = search;
  const brief = plan(MOST_LOOKED_AT);
  const readHere = async (): Promise<Page> =>
    search.page(await read(({ session }) => session.once(brief.sql, brief.values)));
  if (brief.inOrder && search.counts !== 'all' && search.mostRows <= MOST_LOOKED_AT) return readHere();
  const all = plan();
  if (scanner === undefined) return search.page(await read(({ session }) => session.once(all.sql, all.values)));
  const soon = brief.driven ? await scanner.briefly(directory, brief) : 'late';
  const rows =
    soon === 'late' || looksAtMore(soon) ? await scanner.scan(directory, { ...all, filtered, sorted }) : soon;
  const found = search.page(rows);
  return stay ? read((reading) => readAgain(reading, found)) : found;
}

function looksAtMore(rows: readonly Row[]): boolean {
  return ((rows[0]?.[LOOKED_AT] ?? 0) as number) > MOST_LOOKED_AT;
}

/** In the order in which they were found. */
export const RECORDS_BY_IDS = `SELECT record.* FROM unnest($2::text[]) WITH ORDINALITY wanted (id, place)
  CROSS JOIN LATERAL (SELECT ${PAGE_COLUMNS} FROM resources r WHERE r.directory = $1 AND r.id = wanted.id OFFSET 0) record
  ORDER BY wanted.place`;

async function readAgain({ session, directory }: Reading, found: Page): Promise<Page> {
  const ids = found.records.map(({ id }) => id);
  return { ...found, records: (await session.rows(RECORDS_BY_IDS, directory, ids)).map(pageRecordOf) };
}
