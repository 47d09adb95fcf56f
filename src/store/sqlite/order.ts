import { isPrimary, type ResourceType, SORTED_CHARACTERS, type Target } from '../../scim/index.ts';
import { namesAreUnique, namingAttribute } from '../columns.ts';
import type { Bindings } from './bindings.ts';
import { resourceScope } from './where-scope.ts';

/** What the rows `r` of a type are sorted by: first by their key, if there is one, and then by what they are told apart by. */
export interface Order {
  /** An expression that is NULL where the value is missing; absent when it is missing everywhere. */
  readonly key?: string;
  /** Whether the key may be missing. */
  readonly nullable: boolean;
  /** Sorts as `seq` does, among rows of one key. */
  readonly tie: 'r.seq' | 'r.number' | 'r.twin';
  /** The index whose order it is; absent when everything has to be sorted. */
  readonly index?: string;
}

export interface Ordered {
  readonly type: ResourceType;
  /** Absent: the type does not have the attribute. */
  readonly sortBy?: Target;
  /** The SCIM base URL. */
  readonly base: string;
  readonly bindings: Bindings;
}

export const BY_CREATION: Order = { nullable: true, tie: 'r.seq', index: 'resources_seq' };

/** The order that `compareSortKeys` gives to what `sortKey` says of the resources. */
export function orderOf({ type, sortBy, base, bindings }: Ordered): Order {
  if (sortBy === undefined) return BY_CREATION;
  const indexed = indexedOrder(type, sortBy);
  if (indexed !== undefined) return indexed;
  return { key: cut(keyOf(sortBy, { type, base, bindings }), sortBy), nullable: true, tie: 'r.seq' };
}

/** The columns that every row has, and has an index for. Row numbers, which end each index, rise as `seq` does. */
function indexedOrder(type: ResourceType, { extension, attribute, sub }: Target): Order | undefined {
  if (extension !== undefined) return undefined;
  if (attribute.name === 'meta') {
    if (sub?.name === 'created') return { ...BY_NUMBER, key: 'r.created', index: 'resources_created' };
    if (sub?.name === 'lastModified') return { ...BY_NUMBER, key: 'r.modified', index: 'resources_modified' };
  }
  if (sub !== undefined) return undefined;
  if (attribute.name === 'id') return { ...BY_NUMBER, key: 'r.id', index: 'resources_id' };
  if (attribute.name !== namingAttribute(type) || attribute.caseExact) return undefined;
  const tie = namesAreUnique(type) ? 'r.twin' : 'r.number';
  return { key: 'r.name_key', nullable: false, tie, index: 'resources_name' };
}

const BY_NUMBER = { nullable: false, tie: 'r.number' } as const;

function keyOf(sortBy: Target, { type, base, bindings }: Omit<Ordered, 'sortBy'>): string {
  const { attribute, sub } = sortBy;
  const scope = resourceScope({ type, base, bindings });
  if (!attribute.multiValued && !sub?.multiValued) return scope.value(sortBy);
  const first = scope.first(sortBy);
  const primary = attribute.subAttributes?.find(isPrimary);
  if (!attribute.multiValued || sub === undefined || primary === undefined) return first;
  const { from, element } = scope.elements(sortBy);
  const value = sub.multiValued ? element.first({ attribute: sub }) : element.value({ attribute: sub });
  const isPrimaryOne = `${element.value({ attribute: primary })} IS 1`;
  // Most have one value, and no list has to be made of that.
  return `CASE ${scope.length(sortBy)} WHEN 1 THEN ${first} ELSE (SELECT ${value} FROM ${from} deadline() ORDER BY ${isPrimaryOne} DESC, e.key LIMIT 1) END`;
}

/** As `sortKey` cuts what is long. */
function cut(key: string, { attribute, sub }: Target): string {
  return LONG.has((sub ?? attribute).type) ? `substr(${key}, 1, ${SORTED_CHARACTERS})` : key;
}

const LONG: ReadonlySet<string> = new Set(['string', 'reference', 'binary']);

/** How `ORDER BY` goes on. What is missing is last, and first in the order's reverse (RFC 7644 §3.4.2.3). */
export function orderBy({ key, nullable, tie }: Order, descending: boolean): string {
  if (key === undefined) return tie;
  const direction = descending ? ' DESC' : '';
  const missing = nullable ? (descending ? ' NULLS FIRST' : ' NULLS LAST') : '';
  return `${key}${direction}${missing}, ${tie}${tieDescends(tie, descending) ? direction : ''}`;
}

/** Unique names have no ties, and the index ends with `twin`: both go the same way, so that nothing is left to be sorted. */
export function tieDescends(tie: Order['tie'], descending: boolean): boolean {
  return tie === 'r.twin' && descending;
}
