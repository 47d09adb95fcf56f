import type { Query } from '../../scim/index.ts';
import type { Chosen } from '../chosen.ts';
import { comesAfter, type Place } from '../position.ts';
import { PAGE_COLUMNS } from '../record.ts';
import { where } from '../where.ts';
import { type Bindings, createBindings } from './bindings.ts';
import { type Drive, type Driving, driveOf, rowsOf } from './drive.ts';
import { totalIn } from './list.ts';
import { afterPlace, BY_CREATION, directionOf, type Order, orderBy, orderOf } from './order.ts';
import type { SqlValue } from './pool.ts';
import { resourceScope } from './where-scope.ts';

export interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** How a page of what filters match is found. */
export interface Plan extends Statement {
  /** An index leaves few rows of every selection to be looked at, or so it was asked (`most`). */
  readonly driven: boolean;
  /** An index has the rows in their order, and each of them is one that is asked for: none but those of the page is read. */
  readonly inOrder: boolean;
}

export interface Planned {
  readonly directory: string;
  readonly chosen: readonly Chosen[];
  /** The SCIM base URL. */
  readonly base: string;
  readonly ready: Driving['ready'];
  readonly sorted?: Query['sorted'];
  /** Only what comes after it. */
  readonly after?: Place;
  readonly startIndex: number;
  readonly count: number;
  /** No more rows than these of each selection; absent where all that matches is counted. */
  readonly limit?: number;
  /** What there is of the types is counted. */
  readonly totals?: boolean;
  /** Beyond so many rows that an index leaves, none is looked at. */
  readonly most?: number;
}

/** Where the columns of a row stand. A record follows them; a row without one says only what was counted. */
export const FOUND = 0;
/** Of the selection that has the most of them: how many rows an index leaves, one more than `most` at most. */
export const LOOKED_AT = 1;
export const TOTAL = 2;
export const SELECTION = 3;
export const SEQ = 4;
export const KEY = 5;
export const RECORD = 6;

/**
 * One statement, which sees one moment: what matches, how much that is, and the records of one page of it.
 *
 * An index serves a filter when one of its terms that must all hold (the filter itself, or a term of its `and`) asks for
 * one value of what is indexed; the whole filter is then asked of the few rows that are left. They are found first, in a
 * query of their own, so that PostgreSQL has no choice.
 */
export function plan(planned: Planned): Plan {
  const { directory, chosen, startIndex, count, most } = planned;
  const bindings = createBindings(directory);
  const found = chosen.map((selection) => findOf(planned, selection, bindings));
  const kind = found.every(({ order }) => order.key === undefined || order.kind === 'numeric') ? 'numeric' : 'text';
  const drives = most === undefined ? [] : found.filter(({ drive }) => drive !== undefined);
  const limited = drives.map(({ name, drive }) => {
    return `${name} AS MATERIALIZED (${drive?.ids} LIMIT ${bindings.bind((most ?? 0) + 1)}::bigint)`;
  });
  const looked = drives.map(({ name }) => `(SELECT count(*) FROM ${name})`);
  const hits = found.map((find) => `(${selectOf(planned, find, { kind, bindings })})`);
  const totals = planned.totals ? chosen.map(({ type }) => totalIn(bindings.bind(type.name))) : [];
  const sql = `WITH ${[...limited, `hits AS MATERIALIZED (${hits.join(' UNION ALL ')})`].join(', ')},
  wanted AS MATERIALIZED (SELECT *, row_number() OVER () AS place FROM
    (SELECT * FROM hits ORDER BY ${orderOfAll(planned, kind)}
      OFFSET ${bindings.bind(startIndex - 1)}::bigint LIMIT ${bindings.bind(count)}::bigint) page)
  SELECT (SELECT count(*) FROM hits), ${looked.length === 0 ? '0' : `greatest(${looked.join(', ')})`},
    ${totals.length === 0 ? '0' : `(${totals.join(' + ')})::bigint`}, wanted.selection, wanted.seq, wanted.key, record.*
  FROM (SELECT 1) one LEFT JOIN wanted ON TRUE LEFT JOIN LATERAL
    (SELECT ${PAGE_COLUMNS} FROM resources r WHERE r.directory = $1 AND r.id = wanted.id OFFSET 0) record ON TRUE
  ORDER BY wanted.place`;
  return {
    sql,
    values: bindings.values,
    driven: found.every(({ drive }) => drive !== undefined),
    inOrder: found.every(({ selection, order }) => selection.filter === undefined && order.indexed),
  };
}

/** The rows of one selection. */
interface Find {
  /** Of the query of ids. */
  readonly name: string;
  readonly selection: Chosen;
  readonly typeName: string;
  readonly drive: Drive | undefined;
  readonly order: Order;
}

function findOf({ base, ready, sorted }: Planned, selection: Chosen, bindings: Bindings): Find {
  const { type, filter, sortBy } = selection;
  const typeName = bindings.bind(type.name);
  const drive = filter === undefined ? undefined : driveOf(filter, { type, ready, bindings, typeName });
  const isSorted = sorted !== undefined && sortBy !== undefined;
  const order = isSorted ? orderOf({ type, sortBy, base, bindings }) : BY_CREATION;
  return { name: `driven${selection.index}`, selection, typeName, drive, order };
}

function selectOf(
  planned: Planned,
  { name, selection, typeName, drive, order }: Find,
  { kind, bindings }: { readonly kind: Order['kind']; readonly bindings: Bindings },
): string {
  const { after, base, limit, most } = planned;
  const { type, filter, index } = selection;
  const descending = planned.sorted === 'descending';
  const asked = [
    `SELECT ${index} AS selection, r.id, r.seq, ${planned.sorted === undefined ? 'NULL' : keyAs(order, kind)} AS key`,
    drive === undefined
      ? `FROM resources r WHERE r.directory = $1 AND r.type = ${typeName}`
      : `FROM ${most === undefined ? drive.rows : rowsOf(name, typeName)}`,
  ];
  if (filter !== undefined) asked.push(`AND ${where(filter, resourceScope({ type, base, bindings }))}`);
  if (after !== undefined) {
    asked.push(`AND ${comesAfter(after, afterPlace(order, { selection: index, descending, bindings }))}`);
    if (order.prefix !== undefined && typeof after.key === 'string') {
      const beginning = `left(${bindings.bind(after.key)}::text, 100)`;
      asked.push(`AND ${order.prefix} ${descending ? '<=' : '>='} ${beginning}`);
    }
  }
  if (limit !== undefined) asked.push(`ORDER BY ${orderBy(order, descending)} LIMIT ${bindings.bind(limit)}::bigint`);
  return asked.join(' ');
}

/** Keys of several types are one column: text, unless all are numbers. */
function keyAs({ key = 'NULL' }: Order, kind: Order['kind']): string {
  return kind === 'text' ? `(${key})::text COLLATE "C"` : `(${key})::numeric`;
}

/** In order of creation the selections follow one another; what is equal in an order does too. */
function orderOfAll({ sorted }: Planned, kind: Order['kind']): string {
  if (sorted === undefined) return 'selection, seq';
  const key = kind === 'text' ? 'key COLLATE "C"' : 'key';
  return `${key}${directionOf(sorted === 'descending', true)}, selection, seq`;
}
