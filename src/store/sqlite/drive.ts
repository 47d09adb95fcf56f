import type { Filter, ResourceType, Target } from '../../scim/index.ts';
import { keyNameOf, keyText, namingAttribute } from '../columns.ts';
import type { Bindings } from './where.ts';

/** Where the rows `r` of a statement come from: an index, and what is asked of it. */
export interface Drive {
  readonly from: string;
  readonly condition: string;
}

/** `?1` is the directory, `?2` the type. */
export const OF_TYPE = 'r.directory = ?1 AND r.type = ?2';

export interface Driving {
  readonly type: ResourceType;
  readonly bindings: Bindings;
  /** Whether all values that have this name in `keys` are there: while they are being filled in, an index would miss some. */
  readonly ready: (keyName: string) => boolean;
}

/** The index that serves a filter, if one does: of the terms that must all hold, the one that leaves the fewest rows. */
export function driveOf(filter: Filter<Target>, driving: Driving): Drive | undefined {
  const terms = [...mustHold(filter)];
  for (const choose of CHOICES) {
    for (const term of terms) {
      const drive = choose(term, driving);
      if (drive !== undefined) return drive;
    }
  }
  return undefined;
}

function* mustHold(filter: Filter<Target>): Generator<Filter<Target>> {
  if (filter.kind !== 'and') yield filter;
  else for (const term of filter.terms) yield* mustHold(term);
}

type Choose = (term: Filter<Target>, driving: Driving) => Drive | undefined;

/** The most selective first. */
const CHOICES: readonly Choose[] = [byUniqueColumn, byKeyedValue, byMembership, byDisplayName, byInactive, byDate];

function byUniqueColumn(term: Filter<Target>, { type, bindings }: Driving): Drive | undefined {
  const equality = equalityOf(term);
  const index = equality === undefined ? undefined : uniqueColumn(equality.path, type);
  if (equality === undefined || index === undefined) return undefined;
  return {
    from: `resources r INDEXED BY resources_${index.name}`,
    condition: `${OF_TYPE} AND r.${index.column} = ${bindings.bind(equality.key)}`,
  };
}

interface UniqueColumn {
  readonly name: 'id' | 'external_id' | 'name';
  readonly column: 'id' | 'external_id' | 'name_key';
}

export function uniqueColumn({ attribute, sub }: Target, type: ResourceType): UniqueColumn | undefined {
  if (sub !== undefined) return undefined;
  if (attribute.name === 'id') return { name: 'id', column: 'id' };
  if (attribute.name === 'externalId') return { name: 'external_id', column: 'external_id' };
  const naming = attribute.name === namingAttribute(type) && !attribute.caseExact;
  return naming ? { name: 'name', column: 'name_key' } : undefined;
}

/** `emails.value eq "x"`, `emails[type eq "work" and value eq "x"]`, an extension's attribute that is declared indexed */
function byKeyedValue(term: Filter<Target>, { bindings, ready }: Driving): Drive | undefined {
  for (const { path, key } of equalitiesIn(term)) {
    const name = keyNameOf(path);
    // Of true and false nothing is kept by value.
    if (name === undefined || typeof key === 'boolean' || !ready(name)) continue;
    return {
      from: 'keys k CROSS JOIN resources r INDEXED BY resources_id ON r.directory = k.directory AND r.id = k.subject',
      condition: `k.directory = ?1 AND k.type = ?2 AND k.attribute = ${bindings.bind(name)} AND k.value = ${bindings.bind(keyText(key))} AND r.type = ?2`,
    };
  }
  return undefined;
}

/** `members.value eq "id"` of groups, `groups.value eq "id"` of users. */
function byMembership(term: Filter<Target>, { bindings }: Driving): Drive | undefined {
  for (const { path, key } of equalitiesIn(term)) {
    if (path.attribute.kept !== 'apart' || path.sub?.name !== 'value' || path.extension !== undefined) continue;
    const [known, wanted] = path.attribute.name === 'members' ? ['member_id', 'group_id'] : ['group_id', 'member_id'];
    return {
      from: `memberships d CROSS JOIN resources r INDEXED BY resources_id ON r.directory = d.directory AND r.id = d.${wanted}`,
      condition: `d.directory = ?1 AND d.${known} = ${bindings.bind(key)} AND r.type = ?2`,
    };
  }
  return undefined;
}

function byDisplayName(term: Filter<Target>, { type, bindings }: Driving): Drive | undefined {
  const equality = equalityOf(term);
  if (equality?.path.attribute.name !== 'displayName' || equality.path.attribute.caseExact) return undefined;
  if (namingAttribute(type) === 'displayName') return undefined;
  return {
    from: 'resources r INDEXED BY resources_display',
    condition: `${OF_TYPE} AND r.display_key = ${bindings.bind(equality.key)}`,
  };
}

function byInactive(term: Filter<Target>): Drive | undefined {
  if (term.kind !== 'compare' || term.operator !== 'eq' || term.key !== false) return undefined;
  if (term.path.extension !== undefined || term.path.attribute.name !== 'active') return undefined;
  return { from: 'resources r INDEXED BY resources_inactive', condition: `${OF_TYPE} AND r.active = 0` };
}

const RANGE: ReadonlyMap<string, string> = new Map([
  ['eq', '='],
  ['gt', '>'],
  ['ge', '>='],
  ['lt', '<'],
  ['le', '<='],
]);

/** `meta.lastModified gt "2026-11-21T00:00:00Z"` */
function byDate(term: Filter<Target>, { bindings }: Driving): Drive | undefined {
  if (term.kind !== 'compare' || typeof term.key !== 'string') return undefined;
  const { extension, attribute, sub } = term.path;
  const operator = RANGE.get(term.operator);
  if (extension !== undefined || attribute.name !== 'meta' || operator === undefined) return undefined;
  const column = sub?.name === 'created' ? 'created' : sub?.name === 'lastModified' ? 'modified' : undefined;
  if (column === undefined) return undefined;
  return {
    from: `resources r INDEXED BY resources_${column}`,
    condition: `${OF_TYPE} AND r.${column} ${operator} ${bindings.bind(term.key)}`,
  };
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
