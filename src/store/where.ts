import { type Attribute, type Comparison, type Filter, isPrimary, type Target } from '../scim/index.ts';

/** The values of a statement. Whatever a client sent is only ever here. */
export interface Binds {
  /** The placeholder of a value. */
  bind(value: string | number | boolean): string;
}

/** Where the values of a filter's attributes stand: in a row of `resources`, in an element of JSON, in a membership. */
export interface Scope {
  readonly dialect: Dialect;
  /** The key of a single value, or NULL: a column, or a place in the shape. */
  value(path: Target): string;
  /** The same where there are many values: the key of the first one. */
  first(path: Target): string;
  /** How many elements an attribute with many values has, or NULL. */
  length(path: Target): string;
  /** The elements of an attribute with many values, else those of its sub-attribute. `from` ends where a condition may follow. */
  elements(path: Target): Elements;
  /** A condition: some leaf of the attribute is neither null nor empty. */
  anything(path: Target): string;
}

export interface Elements {
  /** `json_each(r.shape, ?4) e WHERE`. Taken last: it brings along what the condition was found to ask for. */
  readonly from: string;
  /** An element that is no object. */
  readonly value: string;
  readonly element: Scope;
}

/** What one database says in its own way. A condition is true or false, never NULL. */
export interface Dialect {
  readonly true: string;
  readonly false: string;
  /** `from` as it is in `Elements`. */
  exists(from: string, condition: string): string;
  /** That a value of this attribute is there, and is no empty text. */
  notEmpty(value: string, attribute: Attribute): string;
  /** What no value at all fulfils but by `ne`. */
  test(value: string, comparison: Keyed): string;
}

export type Keyed = Comparison<Target> & { readonly key: string | number | boolean };

/**
 * A filter as a condition of SQL, which says of each row what `matches` says of the resource:
 *
 *     userName eq "BJensen" and not (emails[type eq "work" and value co "@x"])
 *     → (r.name_key IS ?2 AND NOT (deadline() AND EXISTS (SELECT 1 FROM json_each(r.shape, ?3) e WHERE deadline() AND (… IS ?5 AND instr(…) > 0))))
 *
 * Names come from schemas, never from the request, and even they are bound. Each condition is true or false, never NULL, so
 * that NOT is the opposite. Order is by code point. LIKE is not used: it has wildcards and folds by itself.
 */
export function where(filter: Filter<Target>, scope: Scope): string {
  switch (filter.kind) {
    case 'and':
      return joined(filter.terms, { by: ' AND ', none: scope.dialect.true, scope });
    case 'or':
      return joined(filter.terms, { by: ' OR ', none: scope.dialect.false, scope });
    case 'not':
      return `NOT (${where(filter.term, scope)})`;
    case 'present':
      return present(filter.path, scope);
    case 'compare':
      return compare(filter, scope);
    case 'elements': {
      const elements = scope.elements(filter.path);
      const condition = where(filter.filter, elements.element);
      return scope.dialect.exists(elements.from, condition);
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

function present(path: Target, scope: Scope): string {
  const { attribute, sub } = path;
  const last = sub ?? attribute;
  if (!attribute.multiValued) {
    if (last.type === 'complex' || last.multiValued) return scope.anything(path);
    return scope.dialect.notEmpty(scope.value(path), last);
  }
  if (sub === undefined && attribute.type === 'complex') return scope.anything(path);
  const elements = scope.elements(path);
  const { value, element } = elements;
  const condition = sub === undefined ? scope.dialect.notEmpty(value, last) : present({ attribute: sub }, element);
  return scope.dialect.exists(elements.from, condition);
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
  const { dialect } = scope;
  if (!attribute.multiValued && !sub?.multiValued) return dialect.test(keyOf(path, scope), comparison);
  const elements = scope.elements(path);
  const { value, element } = elements;
  const simple = !attribute.multiValued || sub === undefined;
  const condition = simple ? dialect.test(value, comparison) : compareAt({ attribute: sub }, comparison, element);
  return dialect.exists(elements.from, condition);
}

/** RFC 7643 §2.4: `primary` is false for an element that does not say; what is not there says nothing. */
function keyOf(path: Target, scope: Scope): string {
  const value = scope.value(path);
  const { sub, ...whole } = path;
  if (!isPrimary(sub ?? path.attribute)) return value;
  const said = `coalesce(${value}, ${scope.dialect.false})`;
  return sub === undefined ? said : `CASE WHEN ${scope.anything(whole)} THEN ${said} END`;
}

/** In characters, as databases count them. */
export function lengthOf(key: string | number | boolean): number {
  return [...String(key)].length;
}
