import { type Attribute, attributesOf, type ResourceType, type Schema } from '../scim/index.ts';
import type { Rewrite, ValueHook } from './rewrite.ts';
import { REWRITES } from './rewrites.ts';

/** What the rewrites can do at one attribute, worked out once a schema: most attributes have nothing or little to try. */
export interface Field {
  readonly attribute: Attribute;
  /** For what stands at a multi-valued attribute. */
  readonly all: readonly ValueRewrite[];
  /** For each of its elements, or for what stands at a single-valued one. */
  readonly one: readonly ValueRewrite[];
  /** Of a complex attribute. */
  readonly subFields: Fields | undefined;
}

/** By the schema's spelling and by lower-case name; a `Map`, so that `constructor` names nothing. */
export type Fields = ReadonlyMap<string, Field | Fields>;

export type ValueRewrite = Rewrite & { readonly value: ValueHook };

/** What a resource of this type has at its top: attributes, and extensions by URN. */
export function fieldsOf(type: ResourceType): Fields {
  return remembered(byType, type, () => {
    const fields = new Map<string, Field | Fields>(namedFields(attributesOf(type)));
    for (const { schema } of type.extensions) {
      fields.set(schema.id, fieldsOfExtension(schema));
      fields.set(schema.id.toLowerCase(), fieldsOfExtension(schema));
    }
    return fields;
  });
}

export function fieldsOfExtension(schema: Schema): Fields {
  return remembered(bySchema, schema, () => namedFields(schema.attributes));
}

export function fieldOf(attribute: Attribute): Field {
  return remembered(byAttribute, attribute, () => {
    const { subAttributes } = attribute;
    return {
      attribute,
      all: VALUE_REWRITES.filter(({ value }) => value.concerns(attribute, 'all')),
      one: VALUE_REWRITES.filter(({ value }) => value.concerns(attribute, 'one')),
      subFields: subAttributes === undefined ? undefined : namedFields(subAttributes),
    };
  });
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

const VALUE_REWRITES = REWRITES.filter((rewrite): rewrite is ValueRewrite => rewrite.value !== undefined);

const byType = new WeakMap<ResourceType, Fields>();
const bySchema = new WeakMap<Schema, Fields>();
const byAttribute = new WeakMap<Attribute, Field>();

function remembered<K extends WeakKey, V>(known: WeakMap<K, V>, key: K, make: () => V): V {
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    known.set(key, value);
  }
  return value;
}
