import { ScimError } from '../error.ts';
import { readNumeral } from '../numeral.ts';
import { refersToResource, wholeReference } from '../reference.ts';
import type { Attribute, ResourceType } from '../schema/attribute.ts';
import { findSubAttribute, findTarget } from '../schema/find.ts';
import { shorten } from '../shorten.ts';
import type { AttributePath, Target } from '../target.ts';
import type { JsonValue } from '../value.ts';
import { type ValueKey, valueKey } from '../value-key.ts';
import { printAttributePath } from './attribute-path.ts';
import type { CompareOperator, Comparison, Filter } from './tree.ts';

export interface ResolveOptions {
  /** As the filter was parsed: `externalId eq 701984` then compares with the string, `weight eq 1.0` with the number. */
  readonly unquotedValues: boolean;
  /**
   * The types of a query over several. An attribute that only others of them have counts as having no value
   * (RFC 7644 §3.4.2.1).
   */
  readonly among?: readonly ResourceType[];
  /** The SCIM base URL, by which references are compared whole. */
  readonly base?: string;
}

/**
 * A filter whose names are attributes of the type, whose values are of their types, and whose comparisons have keys.
 *
 *     emails co "example.com"        → emails.value (RFC 7644 figure 2; only many-valued attributes with `value`)
 *     name[familyName eq "a"]        → name pr and name.familyName eq "a": brackets stay on many-valued attributes only
 *     eq null, ne null               → key null: not present, present (RFC 7643 §2.5)
 *
 * What each type of attribute may be asked (RFC 7644 table 3; the rest is invalidFilter):
 *
 *     string, reference   eq ne co sw ew gt ge lt le     boolean   eq ne
 *     integer, decimal    eq ne gt ge lt le              binary    eq ne
 *     dateTime            eq ne gt ge lt le              complex   pr, brackets
 *
 * @throws ScimError invalidFilter for an attribute that the type does not have, or that is never returned (no filter may
 *   feel its way to a password), for an operator or a value that does not go with it
 */
export function resolveFilter(
  filter: Filter<AttributePath>,
  type: ResourceType,
  options: ResolveOptions,
): Filter<Target> {
  return resolve(filter, options, (path) => {
    const target = findTarget(type, path);
    if (target !== undefined) return target;
    if (options.among?.some((other) => findTarget(other, path) !== undefined)) return undefined;
    throw unknown(printAttributePath(path), (options.among ?? [type]).map(({ name }) => `a ${name}`).join(' or '));
  });
}

/** The same for what stands inside the brackets of an attribute: its sub-attributes, and nothing else (FIL-52). */
export function resolveElementFilter(
  filter: Filter<AttributePath>,
  parent: Attribute,
  options: ResolveOptions,
): Filter<Target> {
  return resolve(filter, options, (path) => ({ attribute: subAttribute(path, parent) }));
}

/** Undefined for an attribute that no resource of the type can have a value of. */
type LookUp = (path: AttributePath) => Target | undefined;

/** Every resource matches, or none. */
const TRUE: Filter<Target> = { kind: 'and', terms: [] };
const FALSE: Filter<Target> = { kind: 'or', terms: [] };

function resolve(filter: Filter<AttributePath>, options: ResolveOptions, lookUp: LookUp): Filter<Target> {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, terms: filter.terms.map((term) => resolve(term, options, lookUp)) };
    case 'not':
      return { kind: 'not', term: resolve(filter.term, options, lookUp) };
    case 'present': {
      const path = lookUp(filter.path);
      return path === undefined ? FALSE : { kind: 'present', path: filterable(path) };
    }
    case 'compare': {
      const path = lookUp(filter.path);
      if (path !== undefined) return resolveComparison(filter, filterable(path), options);
      // FIL-60, FIL-61: what has no value is equal to null, and to nothing else.
      return filter.operator === (filter.value === null ? 'eq' : 'ne') ? TRUE : FALSE;
    }
    case 'elements': {
      const path = lookUp(filter.path);
      return path === undefined ? FALSE : resolveElements(filter.filter, filterable(path), options);
    }
  }
}

function resolveElements(filter: Filter<AttributePath>, target: Target, options: ResolveOptions): Filter<Target> {
  const { attribute, sub } = target;
  if (attribute.type !== 'complex' || sub !== undefined) {
    throw ScimError.invalidFilter(
      `The attribute ${nameOf(target)} has no sub-attributes, so no "[…]" may follow it in a filter.`,
    );
  }
  if (attribute.multiValued) {
    return { kind: 'elements', path: target, filter: resolveElementFilter(filter, attribute, options) };
  }
  // Of a single value, brackets say no more than the dotted names, but that there is one.
  const dotted = resolve(filter, options, (path) => ({ ...target, sub: subAttribute(path, attribute) }));
  return { kind: 'and', terms: [{ kind: 'present', path: target }, dotted] };
}

function subAttribute(path: AttributePath, parent: Attribute): Attribute {
  const plain = path.urn === undefined && path.sub === undefined;
  const sub = plain ? findSubAttribute(parent, path.name) : undefined;
  if (sub === undefined) throw unknown(printAttributePath(path), parent.name);
  return sub;
}

/** SCH-37, FIL-63. */
function filterable(target: Target): Target {
  if (target.attribute.returned === 'never' || target.sub?.returned === 'never') {
    throw ScimError.invalidFilter(`The attribute ${nameOf(target)} is never returned, and cannot be filtered by.`);
  }
  return target;
}

function resolveComparison(
  filter: Comparison<AttributePath>,
  given: Target,
  options: ResolveOptions,
): Comparison<Target> {
  const path = comparable(given);
  const { operator } = filter;
  const attribute = path.sub ?? path.attribute;
  if (!OPERATORS[attribute.type].includes(operator)) {
    throw ScimError.invalidFilter(
      `The operator ${operator} does not go with ${nameOf(path)}, which is of type ${attribute.type}; it may be asked with ${OPERATORS[attribute.type].join(', ')} and pr.`,
    );
  }
  const value = options.unquotedValues ? bareValue(attribute, filter.value) : filter.value;
  if (value === null) {
    if (operator === 'eq' || operator === 'ne') return { kind: 'compare', path, operator, value, key: null };
    throw ScimError.invalidFilter(`The operator ${operator} cannot compare ${nameOf(path)} with null; eq and ne can.`);
  }
  const key = valueKey(attribute, value);
  if (key === undefined) {
    throw ScimError.invalidFilter(
      `The value that ${nameOf(path)} is compared with is not ${EXPECTED[attribute.type]}.`,
    );
  }
  return { kind: 'compare', path, operator, value, key: referenceKey(path, operator, { key, options }) };
}

/** A relative reference is compared as the whole one that it stands for; a part of one (`co`, `sw` …) as it is. */
function referenceKey(
  path: Target,
  operator: CompareOperator,
  { key, options }: { key: ValueKey; options: ResolveOptions },
): ValueKey {
  const attribute = path.sub ?? path.attribute;
  const isWhole = operator === 'eq' || operator === 'ne';
  if (!isWhole || options.base === undefined || typeof key !== 'string' || !refersToResource(attribute)) return key;
  return wholeReference(key, options.base);
}

/** FIL-46, FIL-47: a complex attribute is compared by a sub-attribute; one with many values has `value` for that. */
function comparable(target: Target): Target {
  const { attribute, sub } = target;
  if (sub !== undefined || attribute.type !== 'complex') return target;
  const value = attribute.multiValued ? findSubAttribute(attribute, 'value') : undefined;
  if (value === undefined) {
    throw ScimError.invalidFilter(
      `The attribute ${attribute.name} is complex and cannot be compared as a whole; one of its sub-attributes was expected, such as ${attribute.name}.${attribute.subAttributes?.[0]?.name}.`,
    );
  }
  return filterable({ ...target, sub: value });
}

/** Without quotes, a value is of the type that its attribute has. `null` stays null: no one is called that. */
function bareValue(attribute: Attribute, value: JsonValue): JsonValue {
  switch (attribute.type) {
    case 'integer':
    case 'decimal': {
      const number = typeof value === 'string' ? readNumeral(value) : value;
      return typeof number === 'number' ? number : value;
    }
    case 'string':
    case 'reference':
    case 'binary':
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    default:
      return value;
  }
}

function nameOf({ extension, attribute, sub }: Target): string {
  return printAttributePath({
    ...(extension === undefined ? {} : { urn: extension }),
    name: attribute.name,
    ...(sub === undefined ? {} : { sub: sub.name }),
  });
}

function unknown(name: string, owner: string): ScimError {
  return ScimError.invalidFilter(`The filter names ${shorten(name)}, which is not an attribute of ${owner}.`);
}

const TEXT: readonly CompareOperator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];
const ORDERED: readonly CompareOperator[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const EQUAL: readonly CompareOperator[] = ['eq', 'ne'];

const OPERATORS: Readonly<Record<Attribute['type'], readonly CompareOperator[]>> = {
  string: TEXT,
  reference: TEXT,
  integer: ORDERED,
  decimal: ORDERED,
  dateTime: ORDERED,
  boolean: EQUAL,
  binary: EQUAL,
  complex: [],
};

const EXPECTED: Readonly<Record<Attribute['type'], string>> = {
  string: 'a string in double quotes',
  reference: 'a URI in double quotes',
  binary: 'base64 in double quotes',
  integer: 'a number without quotes, of at most 15 digits',
  decimal: 'a number without quotes, of at most 15 digits',
  boolean: 'true or false, without quotes',
  dateTime: 'a date and time in double quotes, such as "2011-05-13T04:42:34Z"',
  complex: 'a sub-attribute',
};
