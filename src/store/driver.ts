import type { Filter, ResourceType, Target } from '../scim/index.ts';
import { keyNameOf, keyText, namingAttribute } from './columns.ts';

/** What an index is asked for, so that few rows are left for the whole filter. */
export type Driver =
  | { readonly kind: 'column'; readonly column: UniqueColumn | 'display_key'; readonly key: string }
  /** Of the rows of `keys`. */
  | { readonly kind: 'key'; readonly name: string; readonly value: string }
  /** A column of `memberships` has this id, and the other one the ids that are looked for. */
  | {
      readonly kind: 'membership';
      readonly known: MembershipColumn;
      readonly wanted: MembershipColumn;
      readonly id: string;
    }
  | { readonly kind: 'inactive' }
  | { readonly kind: 'date'; readonly column: 'created' | 'modified'; readonly operator: string; readonly key: string };

export type UniqueColumn = 'id' | 'external_id' | 'name_key';
type MembershipColumn = 'group_id' | 'member_id';

export interface Driving {
  readonly type: ResourceType;
  /** Whether all values that have this name in `keys` are there: while they are being filled in, an index would miss some. */
  readonly ready: (keyName: string) => boolean;
}

/** The index that serves a filter, if one does: of the terms that must all hold, the one that leaves the fewest rows. */
export function driverOf(filter: Filter<Target>, driving: Driving): Driver | undefined {
  const terms = [...mustHold(filter)];
  for (const choose of CHOICES) {
    for (const term of terms) {
      const driver = choose(term, driving);
      if (driver !== undefined) return driver;
    }
  }
  return undefined;
}

function* mustHold(filter: Filter<Target>): Generator<Filter<Target>> {
  if (filter.kind !== 'and') yield filter;
  else for (const term of filter.terms) yield* mustHold(term);
}

type Choose = (term: Filter<Target>, driving: Driving) => Driver | undefined;

/** The most selective first. */
const CHOICES: readonly Choose[] = [byUniqueColumn, byKeyedValue, byMembership, byDisplayName, byInactive, byDate];

function byUniqueColumn(term: Filter<Target>, { type }: Driving): Driver | undefined {
  const equality = equalityOf(term);
  const column = equality === undefined ? undefined : uniqueColumn(equality.path, type);
  if (equality === undefined || column === undefined) return undefined;
  return { kind: 'column', column, key: equality.key };
}

export function uniqueColumn({ attribute, sub }: Target, type: ResourceType): UniqueColumn | undefined {
  if (sub !== undefined) return undefined;
  if (attribute.name === 'id') return 'id';
  if (attribute.name === 'externalId') return 'external_id';
  return attribute.name === namingAttribute(type) && !attribute.caseExact ? 'name_key' : undefined;
}

/** `emails.value eq "x"`, `emails[type eq "work" and value eq "x"]`, an extension's attribute that is declared indexed */
function byKeyedValue(term: Filter<Target>, { ready }: Driving): Driver | undefined {
  for (const { path, key } of equalitiesIn(term)) {
    const name = keyNameOf(path);
    // Of true and false nothing is kept by value.
    if (name === undefined || typeof key === 'boolean' || !ready(name)) continue;
    return { kind: 'key', name, value: keyText(key) };
  }
  return undefined;
}

/** `members.value eq "id"` of groups, `groups.value eq "id"` of users. */
function byMembership(term: Filter<Target>): Driver | undefined {
  for (const { path, key } of equalitiesIn(term)) {
    if (path.attribute.kept !== 'apart' || path.sub?.name !== 'value' || path.extension !== undefined) continue;
    const members = path.attribute.name === 'members';
    const [known, wanted] = members ? (['member_id', 'group_id'] as const) : (['group_id', 'member_id'] as const);
    return { kind: 'membership', known, wanted, id: String(key) };
  }
  return undefined;
}

function byDisplayName(term: Filter<Target>, { type }: Driving): Driver | undefined {
  const equality = equalityOf(term);
  if (equality?.path.attribute.name !== 'displayName' || equality.path.attribute.caseExact) return undefined;
  if (namingAttribute(type) === 'displayName') return undefined;
  return { kind: 'column', column: 'display_key', key: equality.key };
}

function byInactive(term: Filter<Target>): Driver | undefined {
  if (term.kind !== 'compare' || term.operator !== 'eq' || term.key !== false) return undefined;
  if (term.path.extension !== undefined || term.path.attribute.name !== 'active') return undefined;
  return { kind: 'inactive' };
}

const RANGE: ReadonlyMap<string, string> = new Map([
  ['eq', '='],
  ['gt', '>'],
  ['ge', '>='],
  ['lt', '<'],
  ['le', '<='],
]);

/** `meta.lastModified gt "2026-11-21T00:00:00Z"` */
function byDate(term: Filter<Target>): Driver | undefined {
  if (term.kind !== 'compare' || typeof term.key !== 'string') return undefined;
  const { extension, attribute, sub } = term.path;
  const operator = RANGE.get(term.operator);
  if (extension !== undefined || attribute.name !== 'meta' || operator === undefined) return undefined;
  const column = sub?.name === 'created' ? 'created' : sub?.name === 'lastModified' ? 'modified' : undefined;
  return column === undefined ? undefined : { kind: 'date', column, operator, key: term.key };
}

/** `attribute eq "text"`, of the base schema. */
export function equalityOf(term: Filter<Target>): { readonly path: Target; readonly key: string } | undefined {
  if (term.kind !== 'compare' || term.operator !== 'eq' || term.path.extension !== undefined) return undefined;
  return typeof term.key === 'string' ? { path: term.path, key: term.key } : undefined;
}

interface Equality {
  readonly path: Target;
  readonly key: string | number | boolean;
}

/** `attribute.sub eq "text"`, and each term of `attribute[sub eq "text" and …]` that must hold. */
function* equalitiesIn(term: Filter<Target>): Generator<Equality> {
  if (term.kind === 'compare' && term.operator === 'eq') {
    if (term.key !== null && term.key !== undefined) yield { path: term.path, key: term.key };
  } else if (term.kind === 'elements') {
    for (const inner of mustHold(term.filter)) {
      for (const { path, key } of equalitiesIn(inner)) yield { path: { ...term.path, sub: path.attribute }, key };
    }
  }
}
