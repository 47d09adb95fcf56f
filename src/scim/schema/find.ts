import type { AttributePath, Target } from '../target.ts';
import type { Attribute, ResourceType, Schema } from './attribute.ts';
import { COMMON, META, SCHEMAS } from './common.ts';

/**
 * The attribute that a path names, whatever the case of its letters (RFC 7643 §2.1, RFC 7644 §3.10); undefined when no
 * schema of the type has it. The same path always gives the same object.
 *
 *     {name:'USERNAME'} · {urn:'urn:ietf:params:scim:schemas:core:2.0:User', name:'userName'} → userName
 *     {urn:'urn:…:enterprise:2.0:User', name:'manager', sub:'value'} → manager.value of that extension
 */
export function findTarget(type: ResourceType, path: AttributePath): Target | undefined {
  const index = indexOf(type);
  const names = path.urn === undefined ? index.base : index.bySchema.get(path.urn.toLowerCase());
  const found = names?.get(path.name.toLowerCase());
  return path.sub === undefined ? found?.target : found?.subs.get(path.sub.toLowerCase());
}

/** The extension with this URN, in any case. */
export function findExtension(type: ResourceType, urn: string): Schema | undefined {
  return indexOf(type).extensions.get(urn.toLowerCase());
}

/** Whether this is the URN of the type's own schema, in any case. */
export function isBaseSchema(type: ResourceType, urn: string): boolean {
  return urn.length === type.schema.id.length && urn.toLowerCase() === type.schema.id.toLowerCase();
}

/** A sub-attribute by name, in any case. */
export function findSubAttribute(attribute: Attribute, name: string): Attribute | undefined {
  let names = subAttributes.get(attribute);
  if (names === undefined) {
    names = new Map(attribute.subAttributes?.map((sub) => [sub.name.toLowerCase(), sub]));
    subAttributes.set(attribute, names);
  }
  return names.get(name.toLowerCase());
}

/** The attributes at the top of a resource of this type, in the order of a reply: the common ones, then its schema's. */
export function attributesOf(type: ResourceType): readonly Attribute[] {
  return indexOf(type).attributes;
}

/** Those of them that a stored resource holds as data: not `schemas` and `meta`, which follow from it, nothing kept apart. */
export function dataOf(type: ResourceType): readonly Attribute[] {
  return indexOf(type).data;
}

/** What a reply shows only to who asks for it by name, or has just written it (RFC 7643 §7, `returned: request`). */
export function onRequestOf(type: ResourceType): readonly Target[] {
  return indexOf(type).onRequest;
}

interface SchemaIndex {
  readonly onRequest: readonly Target[];
  readonly attributes: readonly Attribute[];
  readonly data: readonly Attribute[];
  readonly base: Names;
  /** The same by lower-case URN; the base schema's URN leads to `base`. */
  readonly bySchema: ReadonlyMap<string, Names>;
  readonly extensions: ReadonlyMap<string, Schema>;
}

/** By lower-case name. What is below an attribute is found from it: a name with a dot in it (`emails.value`) is none. */
type Names = ReadonlyMap<string, { readonly target: Target; readonly subs: ReadonlyMap<string, Target> }>;

const indexes = new WeakMap<ResourceType, SchemaIndex>();
const subAttributes = new WeakMap<Attribute, ReadonlyMap<string, Attribute>>();

function indexOf(type: ResourceType): SchemaIndex {
  let index = indexes.get(type);
  if (index === undefined) {
    index = buildIndex(type);
    indexes.set(type, index);
  }
  return index;
}

function buildIndex(type: ResourceType): SchemaIndex {
  const common = new Set(COMMON.map(({ name }) => name.toLowerCase()));
  // RFC 7643 §3.1: a common attribute keeps its characteristics even if a schema lists it.
  const own = type.schema.attributes.filter(({ name }) => !common.has(name.toLowerCase()));
  const attributes = [...COMMON, ...own];
  const base = targets(attributes);
  const extensions = type.extensions.map(({ schema }) => schema);
  return {
    onRequest: [...onRequest(attributes), ...extensions.flatMap(({ id, attributes }) => onRequest(attributes, id))],
    attributes,
    data: attributes.filter((attribute) => attribute.kept === 'inline' && attribute !== SCHEMAS && attribute !== META),
    base,
    bySchema: new Map([
      [type.schema.id.toLowerCase(), base],
      ...extensions.map((schema) => [schema.id.toLowerCase(), targets(schema.attributes, schema.id)] as const),
    ]),
    extensions: new Map(extensions.map((schema) => [schema.id.toLowerCase(), schema])),
  };
}

function onRequest(attributes: readonly Attribute[], extension?: string): readonly Target[] {
  const place = extension === undefined ? {} : { extension };
  return attributes.flatMap((attribute) => [
    ...(attribute.returned === 'request' ? [{ ...place, attribute }] : []),
    ...(attribute.subAttributes ?? [])
      .filter(({ returned }) => returned === 'request')
      .map((sub) => ({ ...place, attribute, sub })),
  ]);
}

function targets(attributes: readonly Attribute[], extension?: string): Names {
  const place = extension === undefined ? {} : { extension };
  return new Map(
    attributes.map((attribute) => {
      const subs = (attribute.subAttributes ?? []).map(
        (sub) => [sub.name.toLowerCase(), { ...place, attribute, sub }] as const,
      );
      return [attribute.name.toLowerCase(), { target: { ...place, attribute }, subs: new Map(subs) }] as const;
    }),
  );
}
