import { type Comparison, type Filter, isPrimary, type Target } from '../../scim/index.ts';
import type { SqlValue } from './connection.ts';
import type { Scope } from './where-scope.ts';

/** The values of a statement in the order of their numbers: `?1`, `?2` … Whatever a client sent is only ever here. */
export interface Bindings {
  readonly values: SqlValue[];
  /** The placeholder of a value. */
  bind(value: SqlValue | boolean): string;
}

export function createBindings(...first: readonly SqlValue[]): Bindings {
  const values = [...first];
  return { values, bind: (value) => `?${values.push(typeof value === 'boolean' ? Number(value) : value)}` };
}

/**
 * A filter as a condition of SQL, which says of each row what `matches` says of the resource:
 *
 *     userName eq "BJensen" and not (emails[type eq "work" and value co "@x"])
 *     → (r.name_key IS ?2 AND NOT (deadline() AND EXISTS (SELECT 1 FROM json_each(r.shape, ?3) e WHERE deadline() AND (… IS ?5 AND instr(…) > 0))))
 *
 * Names come from schemas, never from the request, and even they are bound. Each condition is 0 or 1, never NULL, so that
 * NOT is the opposite. Order is by code point (SQLite's BINARY). LIKE is not used: it has wildcards and folds by itself.
 */
export function where(filter: Filter<Target>, scope: Scope): string {
  switch (filter.kind) {
    case 'and':
      return joined(filter.terms, { by: ' AND ', none: '1', scope });
    case 'or':
      return joined(filter.terms, { by: ' OR ', none: '0', scope });
    case 'not':
      return `NOT (${where(filter.term, scope)})`;
    case 'present':
      return present(filter.path, scope);
    case 'compare':
      return compare(filter, scope);
    case 'elements': {
      const { from, element } = scope.elements(filter.path);
      return exists(from, where(filter.filter, element));
    }
  }
}

function joined(
  terms: readonly Filter<Target>[],
  { by, none, scope }: { by: string; none: string; scope: Scope },
): string {
  return terms.length === 0
    ? none
    : `(${balanced(
        terms.map((term) => where(term, scope)),
        by,
      )})`;
}

/** SQLite parses a chain of ANDs as a tree as deep as it is long, and refuses one deeper than 1,000. */
function balanced(conditions: readonly string[], by: string): string {
  if (conditions.length <= 2) return conditions.join(by);
  const middle = conditions.length >> 1;
  return `(${balanced(conditions.slice(0, middle), by)})${by}(${balanced(conditions.slice(middle), by)})`;
}

/**
 * `deadline()` throws when the query has had its time; within one row it stops what has very many elements, and what is
 * looked into very often: each look reads the whole shape, which may be megabytes long.
 */
function exists(from: string, condition: string): string {
  return `(deadline() AND EXISTS (SELECT 1 FROM ${from} deadline() AND ${condition}))`;
}

function present(path: Target, scope: Scope): string {
  const { attribute, sub } = path;
  const last = sub ?? attribute;
  if (!attribute.multiValued) {
    if (last.type === 'complex' || last.multiValued) return scope.anything(path);
    return notEmpty(scope.value(path));
  }
  if (sub === undefined && attribute.type === 'complex') return scope.anything(path);
  const { from, element, value } = scope.elements(path);
  if (sub === undefined) return exists(from, notEmpty(value));
  return exists(from, present({ attribute: sub }, element));
}

function notEmpty(value: string): string {
  return `coalesce(${value} <> '', 0)`;
}

function compare(comparison: Comparison<Target>, scope: Scope): string {
  const { path, operator, key } = comparison;
  if (key === undefined || key === null) {
    const found = present(path, scope);
    return operator === 'ne' ? found : `NOT ${found}`;
  }
  // `ne` asks that no value is equal.
  const asksAll = operator === 'ne' && (path.attribute.multiValued || path.sub?.multiValued);
  if (asksAll) return `NOT ${compare({ ...comparison, operator: 'eq' }, scope)}`;
  return compareAt(path, { ...comparison, key }, scope);
}

function compareAt(path: Target, comparison: Keyed, scope: Scope): string {
  const { attribute, sub } = path;
  if (!attribute.multiValued && !sub?.multiValued) return test(keyOf(path, scope), comparison, scope);
  const { from, element, value } = scope.elements(path);
  if (!attribute.multiValued || sub === undefined) return exists(from, test(value, comparison, scope));
  return exists(from, compareAt({ attribute: sub }, comparison, element));
}

/** RFC 7643 §2.4: `primary` is false for an element that does not say; what is not there says nothing. */
function keyOf(path: Target, scope: Scope): string {
  const value = scope.value(path);
  const { sub, ...whole } = path;
  if (!isPrimary(sub ?? path.attribute)) return value;
  const said = `coalesce(${value}, 0)`;
  return sub === undefined ? said : `iif(${scope.anything(whole)}, ${said}, NULL)`;
}

type Keyed = Comparison<Target> & { readonly key: string | number | boolean };

function test(value: string, { operator, key }: Keyed, { bindings }: Scope): string {
  // The last 0 characters would be all of them.
  if (operator === 'ew' && key === '') return `${value} IS NOT NULL`;
  const bound = bindings.bind(key);
  switch (operator) {
    case 'eq':
      return `${value} IS ${bound}`;
    case 'ne':
      return `${value} IS NOT ${bound}`;
    case 'co':
      return `coalesce(instr(${value}, ${bound}) > 0, 0)`;
    case 'sw':
      return `coalesce(substr(${value}, 1, ${bindings.bind(lengthOf(key))}) = ${bound}, 0)`;
    case 'ew':
      return `coalesce(substr(${value}, ${bindings.bind(-lengthOf(key))}) = ${bound}, 0)`;
    case 'gt':
      return `coalesce(${value} > ${bound}, 0)`;
    case 'ge':
      return `coalesce(${value} >= ${bound}, 0)`;
    case 'lt':
      return `coalesce(${value} < ${bound}, 0)`;
    case 'le':
      return `coalesce(${value} <= ${bound}, 0)`;
  }
}

/** In characters, as SQLite counts them. */
function lengthOf(key: string | number | boolean): number {
  return [...String(key)].length;
}
