import type { Attribute, AttributeType, Schema } from './attribute.ts';

/** What a schema's author writes of an attribute; the rest is RFC 7643 §2.2's defaults. */
export type AttributeGiven = Partial<Omit<Attribute, 'name' | 'description'>>;

/**
 * An attribute of which only the unusual is said:
 *
 *     attribute('title', "The user's title, such as Vice President.")
 *     → {"name":"title","type":"string","multiValued":false,"required":false,"caseExact":false,
 *        "mutability":"readWrite","returned":"default","uniqueness":"none", …}
 *
 * @throws TypeError when the definition breaks RFC 7643: its name (§2.1), or a complex attribute without sub-attributes
 */
export function attribute(name: string, description: string, given: AttributeGiven = {}): Attribute {
  // RFC 7643 §2.1: ATTRNAME = ALPHA *(nameChar); `$ref` is the RFC's own exception (conflict D4).
  const isName = /^[A-Za-z][-\w$]*$/.test(name) || name === '$ref';
  // What every object has cannot be told from what a resource has.
  if (!isName || name in Object.prototype) throw new TypeError(`not an attribute name: ${name}`);
  if ((given.type === 'complex') !== (given.subAttributes !== undefined)) {
    throw new TypeError(`${name}: a complex attribute has sub-attributes, and no other has`);
  }
  const type = given.type ?? 'string';
  return {
    name,
    type,
    multiValued: false,
    description,
    required: false,
    caseExact: ALWAYS_CASE_EXACT.has(type),
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    kept: 'inline',
    ...given,
  };
}

/** RFC 7643 §2.3.6 and §2.3.7. */
const ALWAYS_CASE_EXACT: ReadonlySet<AttributeType> = new Set(['binary', 'reference']);

/** A schema whose attributes are all readOnly, as those that describe the server itself are (RFC 7643 §5–7). */
export function readOnlySchema(schema: Schema): Schema {
  return { ...schema, attributes: schema.attributes.map(readOnly) };
}

export function readOnly(given: Attribute): Attribute {
  return {
    ...given,
    mutability: 'readOnly',
    ...(given.subAttributes === undefined ? {} : { subAttributes: given.subAttributes.map(readOnly) }),
  };
}
