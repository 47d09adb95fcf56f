import type { Attribute } from '../../scim/index.ts';
import { type Dialect, type Keyed, lengthOf } from '../where.ts';
import type { Bindings } from './bindings.ts';

/** How PostgreSQL says it. What is text is compared by code point, whatever the database's own collation is. */
export function dialectOf(bindings: Bindings): Dialect {
  return {
    true: 'TRUE',
    false: 'FALSE',
    // OFFSET 0: asked row by row, never joined to everything that the directory has.
    exists: (from, condition) => `EXISTS (SELECT FROM ${from} ${condition} OFFSET 0)`,
    notEmpty: (value, attribute) =>
      kindOf(attribute) === 'text' ? `coalesce(${value} <> '', FALSE)` : `${value} IS NOT NULL`,
    test: (value, comparison) => test(value, comparison, bindings),
  };
}

/** What the keys of an attribute are. */
export function kindOf({ type }: Attribute): 'text' | 'numeric' | 'boolean' {
  if (type === 'boolean') return 'boolean';
  return type === 'integer' || type === 'decimal' ? 'numeric' : 'text';
}

/** A number as JavaScript writes it, which is how it stands in JSON: no rounding in between. */
export function bindKey(key: string | number | boolean, bindings: Bindings): string {
  if (typeof key === 'string') return `${bindings.bind(key)}::text`;
  if (typeof key === 'number') return `${bindings.bind(String(key))}::numeric`;
  return `${bindings.bind(key)}::boolean`;
}

function test(value: string, { operator, key }: Keyed, bindings: Bindings): string {
  switch (operator) {
    case 'eq':
      if (NEVER_NULL.has(value)) return `${value} = ${bindKey(key, bindings)}`;
      return `coalesce(${value} = ${bindKey(key, bindings)}, FALSE)`;
    case 'ne':
      return `coalesce(${value} <> ${bindKey(key, bindings)}, TRUE)`;
    case 'co':
      return `coalesce(strpos(${exact(value)}, ${bindKey(key, bindings)}) > 0, FALSE)`;
    case 'sw':
      return `coalesce(starts_with(${exact(value)}, ${bindKey(key, bindings)}), FALSE)`;
    case 'ew':
      return `coalesce(right(${value}, ${bindings.bind(lengthOf(key))}::int) = ${bindKey(key, bindings)}, FALSE)`;
    default: {
      const ordered = typeof key === 'string' ? exact(value) : value;
      return `coalesce(${ordered} ${BY_ORDER[operator]} ${bindKey(key, bindings)}, FALSE)`;
    }
  }
}

/** An index can be asked for them: whether one of a hundred thousand is a member. */
const NEVER_NULL: ReadonlySet<string> = new Set(['m.member_id', 'm.group_id', 'r.id', 'r.name_key']);

const BY_ORDER = { gt: '>', ge: '>=', lt: '<', le: '<=' } as const;

/** By code point. */
export function exact(value: string): string {
  return `(${value}) COLLATE "C"`;
}
