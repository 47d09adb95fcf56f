import type { JsonObject } from '../value.ts';

/** RFC 7643 §2.3; a sub-attribute is never `complex` (errata 5606, 8435, 8415). */
export type AttributeType =
  | 'string'
  | 'boolean'
  | 'decimal'
  | 'integer'
  | 'dateTime'
  | 'binary'
  | 'reference'
  | 'complex';

/**
 * One attribute of a schema, with the characteristics of RFC 7643 §2.2 and §7:
 *
 *     {"name":"userName","type":"string","multiValued":false,"required":true,"caseExact":false,
 *      "mutability":"readWrite","returned":"default","uniqueness":"server"}
 */
export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
  readonly returned: 'always' | 'never' | 'default' | 'request';
  readonly uniqueness: 'none' | 'server' | 'global';
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
  /**
   * Ours, never published. `apart`: the values live in their own table and may be a hundred thousand, so the patch
   * engine emits edits for them in place of a rewritten array, and a resource read for a decision does not hold them.
   */
  readonly kept: 'inline' | 'apart';
  /**
   * Ours, never published. A filter that asks for one value of it (of a complex one: for its `value`) looks at the resources
   * that have it, and at no others.
   */
  readonly indexed?: boolean;
}

export interface Schema {
  /** The URN: `urn:ietf:params:scim:schemas:core:2.0:User`. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

/** RFC 7643 §6. `endpoint` is relative to the base: `/Users`. */
export interface ResourceType {
  /** Equal to `name`: `User`. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly endpoint: string;
  readonly schema: Schema;
  readonly extensions: readonly { readonly schema: Schema; readonly required: boolean }[];
  /** Ours, never published. All there is of a type that the operator declares, and that no client changes. */
  readonly declared?: DeclaredResources;
}

export interface DeclaredResources {
  /** Where users name them, by `id`. */
  readonly attribute: 'roles' | 'entitlements';
  /** Without `meta`. */
  readonly resources: readonly JsonObject[];
}

/**
 * A resource in canonical spelling, as a reply shows it: base attributes at the top, each extension's under its URN.
 *
 *     {"schemas":["urn:…:User"],"id":"2819…","userName":"bjensen","urn:…:enterprise:2.0:User":{"department":"x"},"meta":{…}}
 */
export type Resource = JsonObject;
