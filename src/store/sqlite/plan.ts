import type { Query } from '../../scim/index.ts';
import type { Chosen } from '../chosen.ts';
import { type AfterPlace, comesAfter, type Place } from '../position.ts';
import { where } from '../where.ts';
import { type Bindings, createBindings } from './bindings.ts';
import type { SqlValue } from './connection.ts';
import { type Drive, type Driving, driveOf, OF_TYPE } from './drive.ts';
import { limitTo } from './limit.ts';
import { BY_CREATION, type Order, orderBy, orderOf, tieDescends } from './order.ts';
import { resourceScope } from './where-scope.ts';

export interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** How the records of one type that a filter matches are found. */
export interface Plan {
  /** Of each row its number; where lists are merged also its key, and the selection that it is of. */
  readonly find: Find;
  /** How many rows an index leaves to be looked at, counted to `limit` at most; absent when no index helps. */
  readonly probe?: (limit: number) => Statement;
  /** An index has the rows in their order, and each of them is one that is asked for: none but those of the page is read. */
  readonly inOrder: boolean;
}

/** The rows of one selection, in order. */
export interface Find extends Statement {
  readonly type: string;
  /** Its place among the query's selections. */
  readonly selection: number;
  /** What stands in a position of a row, whose number is the last value: the tie and, where rows are sorted, the key. */
  readonly place: Statement;
}

export interface Planned {
  readonly directory: string;
  readonly selection: Chosen;
  /** The SCIM base URL. */
  readonly base: string;
  readonly ready: Driving['ready'];
  readonly sorted?: Query['sorted'];
  /** Only what comes after it. */
  readonly after?: Place;
  /** No more rows than these. */
  readonly limit?: number;
  /** The rows of several types become one list. */
  readonly merged?: boolean;
}

/**
 * An index serves a filter when one of its terms that must all hold (the filter itself, or a term of its `and`) asks for
 * one value of what is indexed; the whole filter is then asked of the few rows that are left. The index is named in the
 * statement (`INDEXED BY`, `CROSS JOIN`): SQLite must not choose, and would fail rather than read the whole table. Where no
 * index serves the filter, one may serve the order.
 */
export function plan(planned: Planned): Plan {
  const { directory, selection, base, ready, after, limit } = planned;
  const { type, filter } = selection;
  const bindings = createBindings(directory, type.name);
  const drive = filter === undefined ? undefined : driveOf(filter, { type, bindings, ready });
  const driving = [...bindings.values];
  const order = orderIn(planned, bindings);
  const descending = planned.sorted === 'descending';
  const { from, condition } = drive ?? everyOne(order);
  const driven = `FROM ${from} WHERE ${condition}`;
  const asked = [
    `SELECT r.number${planned.merged ? `, ${order.key ?? 'NULL'}, ${selection.index}` : ''} ${driven} AND deadline()`,
  ];
  if (filter !== undefined) asked.push(` AND ${where(filter, resourceScope({ type, base, bindings }))}`);
  if (after !== undefined) {
    asked.push(` AND ${comesAfter(after, afterPlace(order, { selection: selection.index, descending, bindings }))}`);
  }
  asked.push(` ORDER BY ${orderBy(order, descending)}`);
  if (limit !== undefined) asked.push(` ${limitTo(bindings.bind(limit))}`);
  return {
    find: {
      type: type.name,
      selection: selection.index,
      sql: asked.join(''),
      values: bindings.values,
      place: placeOf(planned),
    },
    ...(drive === undefined ? {} : { probe: probeOf(driven, driving) }),
    inOrder: filter === undefined && order.index !== undefined,
  };
}

function afterPlace(
  { key, nullable, tie }: Order,
  given: { readonly selection: number; readonly descending: boolean; readonly bindings: Bindings },
): AfterPlace {
  const { selection, descending, bindings } = given;
  return {
    ...(key === undefined ? {} : { key }),
    ...{ selection, nullable, descending, true: '1', false: '0' },
    tie: { column: tie, type: tie === 'r.twin' ? 'string' : 'number', descends: tieDescends(tie, descending) },
    bindKey: (value) => bindings.bind(value),
    bindTie: (value) => bindings.bind(value),
  };
}

function probeOf(driven: string, driving: readonly SqlValue[]): (limit: number) => Statement {
  const limited = limitTo(`?${driving.length + 1}`);
  return (limit) => ({
    sql: `SELECT count(*) FROM (SELECT 1 ${driven} ${limited})`,
    values: [...driving, limit],
  });
}

/** What stands in a position of a row, whose number is the last value. */
function placeOf(planned: Pick<Planned, 'directory' | 'selection' | 'base' | 'sorted'>): Statement {
  const bindings = createBindings(planned.directory);
  const order = orderIn(planned, bindings);
  const { values } = bindings;
  const key = planned.sorted === undefined ? '' : `, ${order.key ?? 'NULL'}`;
  const sql = `SELECT ${order.tie}${key} FROM resources r WHERE r.directory = ?1 AND r.number = ?${values.length + 1}`;
  return { sql, values };
}

function orderIn(
  { selection, base, sorted }: Pick<Planned, 'selection' | 'base' | 'sorted'>,
  bindings: Bindings,
): Order {
  const { type, sortBy } = selection;
  return sorted === undefined || sortBy === undefined ? BY_CREATION : orderOf({ type, sortBy, base, bindings });
}

function everyOne({ index = 'resources_seq' }: Order): Drive {
  return { from: `resources r INDEXED BY ${index}`, condition: OF_TYPE };
}
