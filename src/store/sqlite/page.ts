import type { Page, PageContext } from '../../directory/index.ts';
import type { Query, Selection } from '../../scim/index.ts';
import { type Chosen, chosenOf } from '../chosen.ts';
import { equalityOf, uniqueColumn } from '../driver.ts';
import { PAGE_COLUMNS, pageRecordOf } from '../record.ts';
import type { Stay } from '../snapshots.ts';
import type { Walks } from '../walk.ts';
import { type Connection, row, rows } from './connection.ts';
import { list, listAfter, listTypes } from './list.ts';
import { recordByExternalId, recordById, recordByName } from './lookup.ts';
import type { Moment } from './moment.ts';
import type { Plan } from './plan.ts';
import { placeIn, planSearch } from './plan-search.ts';
import type { Scanner } from './scan.ts';
import { atOneMoment, mostRows, type Search, search } from './search.ts';

export interface PageAsked {
  readonly directory: string;
  readonly selections: readonly Selection[];
  readonly query: Query;
  readonly context: PageContext;
}

export interface PageMeans {
  readonly connection: Connection;
  readonly walks?: Walks;
  /** For what no index serves; absent in a transaction, where everything is read on its connection. */
  readonly scanner?: Scanner;
  /** Shared by the reads of a turn; absent where the connection has a transaction of its own. */
  readonly moment?: Moment;
  /** The connection stays on one moment: what the scanner finds at another is read again on it. */
  readonly stay?: Stay;
  /** Whether all values that have this name in `keys` are there; without it, those of `emails.value` are. */
  readonly ready?: (keyName: string) => boolean;
}

/** Beyond this many rows to look at, a search is not begun on the thread that answers requests. */
const MOST_LOOKED_AT = 1000;

export function page(means: PageMeans, asked: PageAsked): Promise<Page> | Page {
  const { query } = asked;
  const chosen = chosenOf(asked.selections);
  if (chosen.length === 0) return { total: 0, records: [] };
  const whole = chosen.every(({ filter }) => filter === undefined);
  if (whole && (query.sorted === undefined || query.count === 0)) {
    return atOneMoment(means.connection, () => listed(means, asked, chosen));
  }
  return atOnce(means.connection, asked, chosen) ?? searched(means, asked, chosen);
}

function listed({ connection, walks }: PageMeans, asked: PageAsked, chosen: readonly Chosen[]): Page {
  const { directory, query, context } = asked;
  const { startIndex, count } = query;
  if (query.after !== undefined && count > 0) {
    return listAfter(connection, { directory, chosen, count, after: placeIn(asked) });
  }
  const [one] = chosen;
  if (chosen.length === 1 && one !== undefined) {
    const walk = walks === undefined ? {} : { walk: { walks, walker: context.walker } };
    return list(connection, { directory, type: one.type.name, startIndex, count, ...walk });
  }
  return listTypes(connection, { directory, types: chosen.map(({ type }) => type.name), startIndex, count });
}

/** `userName eq "x"`, `externalId eq "x"`, `id eq "x"` alone: one seek, one row, one statement. */
function atOnce(connection: Connection, { directory, query }: PageAsked, chosen: readonly Chosen[]): Page | undefined {
  const [one] = chosen;
  // Where a walk goes on, the one row may have been seen.
  if (chosen.length !== 1 || one?.filter === undefined || query.after?.length) return undefined;
  const { type } = one;
  const equality = equalityOf(one.filter);
  if (equality === undefined) return undefined;
  const unique = uniqueColumn(equality.path, type);
  // Where names may repeat, one row is not the answer.
  if (unique === undefined || (unique === 'name_key' && equality.path.attribute.uniqueness === 'none'))
    return undefined;
  const { key } = equality;
  const found =
    unique === 'name_key'
      ? recordByName(connection, directory, { type: type.name, key })
      : unique === 'id'
        ? recordById(connection, directory, { type: type.name, id: key })
        : recordByExternalId(connection, directory, { type: type.name, externalId: key });
  if (found === undefined) return { total: 0, records: [] };
  return { total: 1, records: query.count > 0 && query.startIndex === 1 ? [found] : [] };
}

function searched(means: PageMeans, asked: PageAsked, chosen: readonly Chosen[]): Promise<Page> | Page {
  const { connection, scanner } = means;
  const { plans, search: planned } = planSearch(means, asked, chosen);
  if (scanner === undefined) return atOneMoment(connection, () => search(connection, planned));
  const small = plans.every((one) => isSmall(connection, one, planned));
  return (
    (small ? searchedInTime({ connection, scanner }, planned) : undefined) ?? scanned({ ...means, scanner }, planned)
  );
}

function isSmall(connection: Connection, { probe, inOrder }: Plan, search: Search): boolean {
  if (inOrder && search.counts !== 'all') return mostRows(search) <= MOST_LOOKED_AT;
  if (probe === undefined) return false;
  const { sql, values } = probe(MOST_LOOKED_AT + 1);
  return (row(connection, sql, ...values)?.[0] as number) <= MOST_LOOKED_AT;
}

/** Few rows may hold very many values, and be asked for very many terms: undefined when that took too long. */
function searchedInTime({ connection, scanner }: Scanning, asked: Search): Page | undefined {
  const { deadline } = connection;
  deadline.allow(scanner.allowance.milliseconds(asked.directory));
  try {
    return atOneMoment(connection, () => search(connection, asked));
  } catch (error) {
    if (!deadline.passed()) throw error;
    scanner.allowance.overrun(asked.directory);
    return undefined;
  } finally {
    deadline.allow(Number.POSITIVE_INFINITY);
  }
}

type Scanning = PageMeans & { readonly scanner: Scanner };

async function scanned({ connection, scanner, stay }: Scanning, asked: Search): Promise<Page> {
  const page = await scanner.scan(asked);
  if (stay === undefined) return page;
  if (stay.over !== undefined) throw stay.over;
  return readAgain(connection, asked.directory, page);
}

/** In the order in which they were found. */
export const RECORDS_BY_IDS = `SELECT ${PAGE_COLUMNS} FROM json_each(?) wanted
  CROSS JOIN resources r ON r.directory = ? AND r.id = wanted.value ORDER BY wanted.key`;

function readAgain(connection: Connection, directory: string, page: Page): Page {
  const ids = JSON.stringify(page.records.map(({ id }) => id));
  return { ...page, records: rows(connection, RECORDS_BY_IDS, ids, directory).map(pageRecordOf) };
}
