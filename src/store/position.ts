import { type Position, ScimError } from '../scim/index.ts';
import type { SqlValue } from './sqlite/connection.ts';
import { type Order, tieDescends } from './sqlite/order.ts';
import type { Bindings } from './sqlite/where.ts';

/** The row that a page ended with, among all the rows of its query. */
export interface Place {
  /** Of the selection, among the query's. */
  readonly selection: number;
  readonly tie: string | number;
  /** What it was sorted by, null where that was missing; absent in order of creation. */
  readonly key?: SqlValue;
}

/**
 * What a page hands to the next one:
 *
 *     [0, 1841]                          in order of creation: the selection, the seq
 *     [0, "", "bjensen"], [1, 77, null]  sorted: the selection, what tells rows of one key apart, the key
 */
export function writePosition({ selection, tie, key }: Place): Position {
  return key === undefined ? [selection, tie] : [selection, tie, key];
}

/**
 * Undefined for the beginning.
 *
 * @throws ScimError invalidCursor for what this version would not have written: positions outlive an update
 */
export function readPosition(
  position: Position,
  { sorted, selections }: { sorted: boolean; selections: number },
): Place | undefined {
  if (position.length === 0) return undefined;
  const [selection, tie, key] = position;
  if (!isNatural(selection) || selection >= selections || !isTie(tie)) throw unreadable();
  if (!sorted && position.length === 2) return { selection, tie };
  if (!sorted || !isKey(key)) throw unreadable();
  if (position.length !== 3) throw unreadable();
  return { selection, tie, key };
}

function isNatural(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isTie(value: unknown): value is Place['tie'] {
  return isNatural(value) || typeof value === 'string';
}

function isKey(value: unknown): value is SqlValue {
  return value === null || typeof value === 'string' || typeof value === 'number';
}

export function unreadable(): ScimError {
  return ScimError.invalidCursor(
    'The cursor was given out by another version of this server. Begin again with an empty cursor.',
  );
}

/** The condition that a row of this selection comes after the place, in this order. */
export function comesAfter(place: Place, asked: AfterPlace): string {
  const { order, descending, bindings } = asked;
  const { key, nullable } = order;
  // In order of creation the selections follow one another.
  if (place.key === undefined) return comesLater(place, asked);
  if (key === undefined) return place.key === null ? comesLater(place, asked) : descending ? '0' : '1';
  if (place.key === null) {
    if (!nullable) return descending ? '1' : '0';
    const later = comesLater(place, asked);
    return descending ? `(${key} IS NOT NULL OR ${later})` : `(${key} IS NULL AND ${later})`;
  }
  const missing = nullable && !descending ? ` OR ${key} IS NULL` : '';
  const beyond = descending ? '<' : '>';
  const known = bindings.bind(place.key);
  return `((${key} ${beyond}= ${known} AND (${key} ${beyond} ${known} OR ${comesLater(place, asked)}))${missing})`;
}

/** Of rows with one key. */
function comesLater({ selection, tie }: Place, { selection: own, order, descending, bindings }: AfterPlace): string {
  if (own !== selection) return own > selection ? '1' : '0';
  if (typeof tie !== (order.tie === 'r.twin' ? 'string' : 'number')) throw unreadable();
  return `${order.tie} ${tieDescends(order.tie, descending) ? '<' : '>'} ${bindings.bind(tie)}`;
}

interface AfterPlace {
  /** Among the query's. */
  readonly selection: number;
  readonly order: Order;
  readonly descending: boolean;
  readonly bindings: Bindings;
}
