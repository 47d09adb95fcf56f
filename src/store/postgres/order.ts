import { isPrimary, type ResourceType, SORTED_CHARACTERS, type Target } from '../../scim/index.ts';
import { namingAttribute } from '../columns.ts';
import type { AfterPlace } from '../position.ts';
import type { Bindings } from './bindings.ts';
import { bindKey, exact, kindOf } from './dialect.ts';
import { resourceScope } from './where-scope.ts';

/** What the rows `r` of a type are sorted by, and then by `seq`. */
export interface Order {
  /** An expression that is NULL where the value is missing; absent when it is missing everywhere. */
  readonly key?: string;
  readonly kind: 'text' | 'numeric';
  /** Whether the key may be missing. */
  readonly nullable: boolean;
  /** The beginning of the key, which an index has in its place. */
  readonly prefix?: 'r.name_sort';
  /** An index has the order, or the beginning of it. */
  readonly indexed: boolean;
}

export interface Ordered {
  readonly type: ResourceType;
  /** Absent: the type does not have the attribute. */
  readonly sortBy?: Target;
  /** The SCIM base URL. */
  readonly base: string;
  readonly bindings: Bindings;
}

export const BY_CREATION: Order = { kind: 'text', nullable: true, indexed: true };

/** The order that `compareSortKeys` gives to what `sortKey` says of the resources. */
export function orderOf({ type, sortBy, base, bindings }: Ordered): Order {
  if (sortBy === undefined) return BY_CREATION;
  const indexed = indexedOrder(type, sortBy);
  if (indexed !== undefined) return indexed;
  const kind = kindOf(sortBy.sub ?? sortBy.attribute);
  const key = keyOf(sortBy, { type, base, bindings });
  if (kind === 'text') return { ...UNINDEXED, kind, key: exact(cut(key, sortBy)) };
  return { ...UNINDEXED, kind: 'numeric', key: kind === 'boolean' ? `(${key})::int::numeric` : key };
}

const UNINDEXED = { nullable: true, indexed: false } as const;
const INDEXED = { kind: 'text', nullable: false, indexed: true } as const;

/** The columns that every row has, and has an index for. */
function indexedOrder(type: ResourceType, { extension, attribute, sub }: Target): Order | undefined {
  if (extension !== undefined) return undefined;
  if (attribute.name === 'meta') {
    if (sub?.name === 'created') return { ...INDEXED, key: 'r.created' };
    if (sub?.name === 'lastModified') return { ...INDEXED, key: 'r.modified' };
  }
  if (sub !== undefined) return undefined;
  if (attribute.name === 'id') return { ...INDEXED, key: 'r.id' };
  if (attribute.name !== namingAttribute(type) || attribute.caseExact) return undefined;
  return { ...INDEXED, key: 'r.name_key', prefix: 'r.name_sort' };
}

function keyOf(sortBy: Target, { type, base, bindings }: Omit<Ordered, 'sortBy'>): string {
  const { attribute, sub } = sortBy;
  const scope = resourceScope({ type, base, bindings });
  if (!attribute.multiValued && !sub?.multiValued) return scope.value(sortBy);
  const first = scope.first(sortBy);
  const primary = attribute.subAttributes?.find(isPrimary);
  if (!attribute.multiValued || sub === undefined || primary === undefined) return first;
  const { from, element } = scope.elements(sortBy);
  const value = sub.multiValued ? element.first({ attribute: sub }) : element.value({ attribute: sub });
  const isPrimaryOne = `(${element.value({ attribute: primary })}) IS TRUE`;
  // Most have one value, and no list has to be made of that.
  return `CASE ${scope.length(sortBy)} WHEN 1 THEN ${first} ELSE (SELECT ${value} FROM ${from} TRUE ORDER BY ${isPrimaryOne} DESC, e.place LIMIT 1) END`;
}

/** As `sortKey` cuts what is long. */
function cut(key: string, { attribute, sub }: Target): string {
  return LONG.has((sub ?? attribute).type) ? `left(${key}, ${SORTED_CHARACTERS})` : key;
}

const LONG: ReadonlySet<string> = new Set(['string', 'reference', 'binary']);

/** How `ORDER BY` goes on, within one type. What is missing is last, and first in the order's reverse (RFC 7644 §3.4.2.3). */
export function orderBy({ key, nullable, prefix }: Order, descending: boolean): string {
  if (key === undefined) return 'r.seq';
  const direction = directionOf(descending, nullable);
  const beginning = prefix === undefined ? '' : `${prefix}${direction}, `;
  // Nothing is left to be told apart.
  return key === 'r.id' ? `r.id${direction}` : `${beginning}${key}${direction}, r.seq`;
}

export function directionOf(descending: boolean, nullable: boolean): string {
  return `${descending ? ' DESC' : ''}${nullable ? (descending ? ' NULLS FIRST' : ' NULLS LAST') : ''}`;
}

/** How the condition is put together that a row comes after a place, in this order. */
export function afterPlace(
  { key, kind, nullable }: Order,
  given: Pick<AfterPlace, 'selection' | 'descending'> & { readonly bindings: Bindings },
): AfterPlace {
  const { bindings, ...rest } = given;
  return {
    ...rest,
    ...(key === undefined ? {} : { key, keyType: kind === 'text' ? 'string' : 'number' }),
    ...{ nullable, true: 'TRUE', false: 'FALSE' },
    tie: { column: 'r.seq', type: 'number', descends: false },
    bindKey: (value) => bindKey(value, bindings),
    bindTie: (value) => `${bindings.bind(value)}::bigint`,
  };
}
