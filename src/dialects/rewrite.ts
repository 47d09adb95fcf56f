import type { Attribute, AttributePath, Comparison, JsonObject, JsonValue, ResourceType } from '../scim/index.ts';
import type { Operation } from './operation.ts';

/**
 * One thing that real identity providers send and the RFCs do not allow, and what it becomes before the engine reads
 * it. A rewrite looks at what its quirk concerns and at nothing else; what it cannot make legal it leaves as it is, for
 * the engine to refuse in its own words.
 *
 * Each hook gives back the very same reference (or undefined, where it says so) when there is nothing to rewrite: that
 * is how the cheap case stays cheap.
 */
export interface Rewrite {
  /** Named for the quirk, as its file is: `boolean-as-string`. Journals and tests call it that. */
  readonly name: string;
  /** Rows of `idp-clients` §4, 1 to 36; empty when the quirk is told elsewhere in it. */
  readonly quirks: readonly number[];
  /** Who sends it, and where that is written or was seen. */
  readonly sentBy: string;

  /** The body of a POST or PUT as a whole. */
  readonly resource?: (body: JsonObject, type: ResourceType) => JsonObject;
  /** The body of a PATCH as a whole. */
  readonly message?: (body: JsonObject) => JsonObject;
  /** What stands at an attribute: in a resource, in the value of a PATCH operation. */
  readonly value?: ValueHook;
  /** One operation of a PATCH; undefined when it stays as it is. */
  readonly operation?: (operation: Operation, type: ResourceType) => readonly Operation[] | undefined;
  /** An attribute's path, in a filter or of a PATCH operation; not those inside brackets. */
  readonly path?: (path: AttributePath, type: ResourceType) => AttributePath;
  /** The same, in filters only; tried last. */
  readonly filterPath?: (path: AttributePath, type: ResourceType) => AttributePath;
  /** A comparison in a filter, its attribute already found. */
  readonly comparison?: ComparisonHook;
  /** The text of a filter, before it is parsed. */
  readonly filterText?: (text: string) => string;
  /** The parameter `attributes`, or one of its names in a SearchRequest. */
  readonly attributes?: (names: string) => string;
}

interface ValueHook {
  /** Whether the rewrite can ever apply to this attribute at this place: asked once a schema, not once a request. */
  concerns(attribute: Attribute, place: Place): boolean;
  rewrite(value: JsonValue, attribute: Attribute): JsonValue;
}

interface ComparisonHook {
  /** As of `ValueHook`. */
  concerns(attribute: Attribute): boolean;
  rewrite(comparison: Comparison<AttributePath>): Comparison<AttributePath>;
}

/**
 * `all`: what stands at a multi-valued attribute. `one`: one of its elements, or what stands at a single-valued one.
 * `operation`: what an operation of a PATCH whose path names the attribute has as its value; before the others.
 */
export type Place = 'all' | 'one' | 'operation';
