import { type Attribute, attributesOf, type JsonValue, type ResourceType, type Schema } from '../scim/index.ts';
import type { Place } from './rewrite.ts';
import { REWRITES } from './rewrites.ts';

/** What the rewrites can do at one name, worked out once a schema: most attributes have nothing or little to try. */
export interface Field {
  readonly multiValued: boolean;
  /** For the value of an operation at this path. */
  readonly operation: readonly Step[];
  /** For what stands at a multi-valued attribute. */
  readonly all: readonly Step[];
  /** For each of its elements, or for what stands at a single-valued one. */
  readonly one: readonly Step[];
  /** Whether a filter on its elements may hold something to rewrite: if not, it need not be parsed to find out. */
  readonly filterable: boolean;
  /** Of a complex attribute, or of an extension. */
  readonly subFields: Fields | undefined;
}

/** By the schema's spelling and by lower-case name; a `Map`, so that `constructor` names nothing. */
export type Fields = ReadonlyMap<string, Field>;

/** One rewrite at one attribute. */
export interface Step {
  readonly name: string;
  readonly rewrite: (value: JsonValue) => JsonValue;
}

/** What a resource of this type has at its top: attributes, and extensions by URN. */
export function fieldsOf(type: ResourceType): Fields {
  return remembered(byType, type, () => {
    const fields = new Map(namedFields(attributesOf(type)));
    for (const { schema } of type.extensions) {
      fields.set(schema.id, fieldOfExtension(schema));
      fields.set(schema.id.toLowerCase(), fieldOfExtension(schema));
    }
    return fields;
  });
}

export function fieldOfExtension(schema: Schema): Field {
  return remembered(bySchema, schema, () => ({
    multiValued: false,
    operation: [],
    all: [],
    one: [],
    filterable: false,
    subFields: namedFields(schema.attributes),
  }));
}

export function fieldOf(attribute: Attribute): Field {
  return remembered(byAttribute, attribute, () => ({
    multiValued: attribute.multiValued,
    operation: steps(attribute, 'operation'),
    all: steps(attribute, 'all'),
    one: steps(attribute, 'one'),
    filterable: attribute.subAttributes?.some(mayBeCompared) ?? false,
    subFields: attribute.subAttributes === undefined ? undefined : namedFields(attribute.subAttributes),
  }));
}

function steps(attribute: Attribute, place: Place): Step[] {
  return REWRITES.flatMap(({ name, value: hook }) =>
    hook?.concerns(attribute, place) ? [{ name, rewrite: (value) => hook.rewrite(value, attribute) }] : [],
  );
}

function mayBeCompared(sub: Attribute): boolean {
  return REWRITES.some(({ comparison }) => comparison?.concerns(sub) ?? false);
}

function namedFields(attributes: readonly Attribute[]): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  for (const attribute of attributes) {
    // What clients cannot set is dropped by the engine, whatever it looks like.
    if (attribute.mutability === 'readOnly') continue;
    fields.set(attribute.name, fieldOf(attribute));
    fields.set(attribute.name.toLowerCase(), fieldOf(attribute));
  }
  return fields;
}

const byType = new WeakMap<ResourceType, Fields>();
const bySchema = new WeakMap<Schema, Field>();
const byAttribute = new WeakMap<Attribute, Field>();

function remembered<K extends WeakKey, V>(known: WeakMap<K, V>, key: K, make: () => V): V {
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    known.set(key, value);
  }
  return value;
}
