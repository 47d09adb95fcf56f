import type { Attribute } from './schema/attribute.ts';

/**
 * An attribute path as it was written (RFC 7644 §3.10), not yet looked up.
 *
 *     urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value
 *     ^__________________________________________________ urn     ^_______ name  ^____ sub
 */
export interface AttributePath {
  readonly urn?: string;
  readonly name: string;
  readonly sub?: string;
}

/**
 * The attribute that a path names, looked up in a resource type. Inside brackets (`emails[type eq "work"]`) the
 * attribute is the parent's sub-attribute and `sub` is absent.
 */
export interface Target {
  /** The extension's URN when the attribute lives under one; absent for the base schema and the common attributes. */
  readonly extension?: string;
  readonly attribute: Attribute;
  readonly sub?: Attribute;
}
