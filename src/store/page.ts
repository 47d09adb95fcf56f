import type { Page, PageContext, StoredRecord } from '../directory/index.ts';
import type { Query, ResourceType } from '../scim/index.ts';
import { type Connection, row, rows } from './connection.ts';
import { list, totalOf } from './list.ts';
import { recordByExternalId, recordById, recordByName } from './lookup.ts';
import type { Moment } from './moment.ts';
import { equalityOf, type Plan, plan, uniqueColumn } from './plan.ts';
import { PAGE_COLUMNS, pageRecordOf } from './record.ts';
import type { Scanner } from './scan.ts';
import { atOneMoment, type Search, search } from './search.ts';
import type { Walks } from './walk.ts';

export interface PageAsked {
  readonly directory: string;
  readonly types: readonly ResourceType[];
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
}

/** For how long the connection is the reader's. */
export interface Stay {
  /** Set at its end: why nothing more is read. */
  over: Error | undefined;
}

/** Beyond this many rows to look at, a search is not begun on the thread that answers requests. */
const MOST_LOOKED_AT = 1000;

export function page(means: PageMeans, asked: PageAsked): Promise<Page> | Page {
  if (asked.query.filter === undefined) return atOneMoment(means.connection, () => listed(means, asked));
  return atOnce(means.connection, asked) ?? searched(means, asked);
}

function listed({ connection, walks }: PageMeans, { directory, types, query, context }: PageAsked): Page {
  const { startIndex, count } = query;
  const [type] = types;
  if (types.length === 1 && type !== undefined) {
    const walk = walks === undefined ? {} : { walk: { walks, walker: context.walker } };
    return list(connection, { directory, type: type.name, startIndex, count, ...walk });
  }
  // Several types follow one another, each in its own order of creation.
  let total = 0;
  const records: StoredRecord[] = [];
  for (const { name } of types) {
    const first = Math.max(startIndex - total, 1);
    const wanted = startIndex - total > totalOf(connection, directory, name) ? 0 : count - records.length;
    const part = list(connection, { directory, type: name, startIndex: first, count: wanted });
    records.push(...part.records);
    total += part.total;
  }
  return { total, records };
}

/** `userName eq "x"`, `externalId eq "x"`, `id eq "x"` alone: one seek, one row, one statement. */
function atOnce(connection: Connection, { directory, types, query }: PageAsked): Page | undefined {
  const [type] = types;
  const equality = query.filter === undefined ? undefined : equalityOf(query.filter);
  if (types.length !== 1 || type === undefined || equality === undefined) return undefined;
  const unique = uniqueColumn(equality.path, type);
  // Where names may repeat, one row is not the answer.
  if (unique === undefined || (unique.name === 'name' && equality.path.attribute.uniqueness === 'none'))
    return undefined;
  const { key } = equality;
  const found =
    unique.name === 'name'
      ? recordByName(connection, directory, { type: type.name, key })
      : unique.name === 'id'
        ? recordById(connection, directory, { type: type.name, id: key })
        : recordByExternalId(connection, directory, { type: type.name, externalId: key });
  if (found === undefined) return { total: 0, records: [] };
  return { total: 1, records: query.count > 0 && query.startIndex === 1 ? [found] : [] };
}

function searched(means: PageMeans, { directory, types, query, context }: PageAsked): Promise<Page> | Page {
  const { connection, scanner } = means;
  const { filter, startIndex, count } = query;
  if (filter === undefined) return { total: 0, records: [] };
  const plans = types.map((type) => plan({ directory, type, filter, base: context.base }));
  const asked = { directory, finds: plans.map(({ find }) => find), startIndex, count };
  if (scanner === undefined) return atOneMoment(connection, () => search(connection, asked));
  const small = plans.every((one) => isSmall(connection, one));
  return (small ? searchedInTime({ connection, scanner }, asked) : undefined) ?? scanned({ ...means, scanner }, asked);
}

function isSmall(connection: Connection, { probe }: Plan): boolean {
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

function readAgain(connection: Connection, directory: string, { total, records }: Page): Page {
  const ids = JSON.stringify(records.map(({ id }) => id));
  return { total, records: rows(connection, RECORDS_BY_IDS, ids, directory).map(pageRecordOf) };
}
