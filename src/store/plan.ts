import type { Filter, ResourceType, Target } from '../scim/index.ts';
import { KEYED, namingAttribute } from './columns.ts';
import type { SqlValue } from './connection.ts';
import { type Bindings, createBindings, where } from './where.ts';
import { resourceScope } from './where-scope.ts';

export interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** How the records of one type that a filter matches are found. */
export interface Plan {
  /** Their row numbers, in order of creation. */
  readonly find: Statement;
  /** How many rows an index leaves to be looked at, counted to `limit` at most; absent when no index helps. */
  readonly probe?: (limit: number) => Statement;
}

export interface Planned {
  readonly directory: string;
  readonly type: ResourceType;
  readonly filter: Filter<Target>;
  readonly base: string;
}

/**
 * An index serves a filter when one of its terms that must all hold (the filter itself, or a term of its `and`) asks for
 * one value of what is indexed; the whole filter is then asked of the few rows that are left. The index is named in the
 * statement (`INDEXED BY`, `CROSS JOIN`): SQLite must not choose, and would fail rather than read the whole table.
 */
export function plan({ directory, type, filter, base }: Planned): Plan {
  const bindings = createBindings(directory, type.name);
  const drive = driveOf(filter, { type, bindings });
  const { from, condition } = drive ?? EVERY;
  const driven = `FROM ${from} WHERE ${condition}`;
  const driving = [...bindings.values];
  const whole = where(filter, resourceScope({ type, base, bindings }));
  const find = { sql: `SELECT r.number ${driven} AND deadline() AND ${whole} ORDER BY r.seq`, values: bindings.values };
  if (drive === undefined) return { find };
  return {
    find,
    probe: (limit) => ({
      sql: `SELECT count(*) FROM (SELECT 1 ${driven} LIMIT ?${driving.length + 1})`,
      values: [...driving, limit],
    }),
  };
}

interface Drive {
  readonly from: string;
  readonly condition: string;
}

const OF_TYPE = 'r.directory = ?1 AND r.type = ?2';
const EVERY: Drive = { from: 'resources r INDEXED BY resources_seq', condition: OF_TYPE };

interface Driving {
  readonly type: ResourceType;
  readonly bindings: Bindings;
}

function driveOf(filter: Filter<Target>, driving: Driving): Drive | undefined {
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

/** `emails.value eq "x"`, `emails[type eq "work" and value eq "x"]` */
function byKeyedValue(term: Filter<Target>, { bindings }: Driving): Drive | undefined {
  const key = elementEqualTo(term, KEYED);
  if (key === undefined) return undefined;
  return {
    from: 'keys k CROSS JOIN resources r INDEXED BY resources_id ON r.directory = k.directory AND r.id = k.subject',
    condition: `k.directory = ?1 AND k.type = ?2 AND k.attribute = '${KEYED.name}' AND k.value = ${bindings.bind(key)} AND r.type = ?2`,
  };
}

/** `members.value eq "id"` of groups, `groups.value eq "id"` of users. */
function byMembership(term: Filter<Target>, { bindings }: Driving): Drive | undefined {
  const member = elementEqualTo(term, { attribute: 'members', sub: 'value' });
  const group = elementEqualTo(term, { attribute: 'groups', sub: 'value' });
  const key = member ?? group;
  if (key === undefined) return undefined;
  const [known, wanted] = member === undefined ? ['group_id', 'member_id'] : ['member_id', 'group_id'];
  return {
    from: `memberships d CROSS JOIN resources r INDEXED BY resources_id ON r.directory = d.directory AND r.id = d.${wanted}`,
    condition: `d.directory = ?1 AND d.${known} = ${bindings.bind(key)} AND r.type = ?2`,
  };
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

/** `attribute.sub eq "text"`, `attribute[sub eq "text" and …]`, of the base schema. */
function elementEqualTo(
  term: Filter<Target>,
  wanted: { readonly attribute: string; readonly sub: string },
): string | undefined {
  const equality = equalityOf(term);
  if (equality?.path.attribute.name === wanted.attribute && equality.path.sub?.name === wanted.sub) return equality.key;
  if (term.kind !== 'elements' || term.path.extension !== undefined) return undefined;
  if (term.path.attribute.name !== wanted.attribute) return undefined;
  for (const inner of mustHold(term.filter)) {
    const within = equalityOf(inner);
    if (within?.path.attribute.name === wanted.sub) return within.key;
  }
  return undefined;
}
