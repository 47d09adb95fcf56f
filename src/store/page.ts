import type { Page, PageContext, StoredRecord } from '../directory/index.ts';
import type { Query, ResourceType } from '../scim/index.ts';
import { type Connection, row } from './connection.ts';
import { list, totalOf } from './list.ts';
import { recordByExternalId, recordById, recordByName } from './lookup.ts';
import type { Moment } from './moment.ts';
import { equalityOf, type Plan, plan, uniqueColumn } from './plan.ts';
import type { Scanner } from './scan.ts';
import { atOneMoment, search } from './search.ts';
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
  readonly still?: boolean;
}

/** Beyond this many rows to look at, a search leaves the thread that answers requests. */
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

function searched(
  { connection, scanner, still }: PageMeans,
  { directory, types, query, context }: PageAsked,
): Promise<Page> | Page {
  const { filter, startIndex, count } = query;
  if (filter === undefined) return { total: 0, records: [] };
  const plans = types.map((type) => plan({ directory, type, filter, base: context.base }));
  const asked = { directory, finds: plans.map(({ find }) => find), startIndex, count };
  if (scanner !== undefined && !plans.every((one) => isSmall(connection, one))) {
    return still ? scanner.scan(asked).then((page) => readAgain(connection, directory, page)) : scanner.scan(asked);
  }
  return atOneMoment(connection, () => search(connection, asked));
}

function isSmall(connection: Connection, { probe }: Plan): boolean {
  if (probe === undefined) return false;
  const { sql, values } = probe(MOST_LOOKED_AT + 1);
  return (row(connection, sql, ...values)?.[0] as number) <= MOST_LOOKED_AT;
}

function readAgain(connection: Connection, directory: string, { total, records }: Page): Page {
  const here = records.map((record) => recordById(connection, directory, record));
  return { total, records: here.filter((record) => record !== undefined) };
}
