import { type Position, ScimError } from '../scim/index.ts';

/** The row that a page ended with, among all the rows of its query. */
export interface Place {
  /** Of the selection, among the query's. */
  readonly selection: number;
  readonly tie: string | number;
  /** What it was sorted by, null where that was missing; absent in order of creation. */
  readonly key?: PlaceKey;
}

export type PlaceKey = string | number | null;

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

function isKey(value: unknown): value is PlaceKey {
  return value === null || typeof value === 'string' || typeof value === 'number';
}

export function unreadable(): ScimError {
  return ScimError.invalidCursor(
    'The cursor was given out by another version of this server. Begin again with an empty cursor.',
  );
}

/** The condition that a row of this selection comes after the place, in this order. */
export function comesAfter(place: Place, asked: AfterPlace): string {
  const { key, nullable, descending } = asked;
  // In order of creation the selections follow one another.
  if (place.key === undefined) return comesLater(place, asked);
  if (key === undefined) {
    if (place.key === null) return comesLater(place, asked);
    return descending ? asked.false : asked.true;
  }
  if (place.key === null) {
    if (!nullable) return descending ? asked.true : asked.false;
    const later = comesLater(place, asked);
    return descending ? `(${key} IS NOT NULL OR ${later})` : `(${key} IS NULL AND ${later})`;
  }
  const missing = nullable && !descending ? ` OR ${key} IS NULL` : '';
  const beyond = descending ? '<' : '>';
  if (asked.keyType !== undefined && typeof place.key !== asked.keyType) throw unreadable();
  const known = asked.bindKey(place.key);
  return `((${key} ${beyond}= ${known} AND (${key} ${beyond} ${known} OR ${comesLater(place, asked)}))${missing})`;
}

/** Of rows with one key. */
function comesLater({ selection, tie }: Place, asked: AfterPlace): string {
  if (asked.selection !== selection) return asked.selection > selection ? asked.true : asked.false;
  if (typeof tie !== asked.tie.type) throw unreadable();
  return `${asked.tie.column} ${asked.tie.descends ? '<' : '>'} ${asked.bindTie(tie)}`;
}

export interface AfterPlace {
  /** Among the query's. */
  readonly selection: number;
  /** What the rows are sorted by; absent where that is missing everywhere. */
  readonly key?: string;
  /** What a key must be; absent where anything compares with anything. */
  readonly keyType?: 'string' | 'number';
  /** Whether it may be missing. */
  readonly nullable: boolean;
  readonly descending: boolean;
  /** What rows of one key are sorted by. */
  readonly tie: { readonly column: string; readonly type: 'string' | 'number'; readonly descends: boolean };
  readonly true: string;
  readonly false: string;
  /** The placeholder of a key. */
  readonly bindKey: (key: string | number) => string;
  readonly bindTie: (tie: string | number) => string;
}
