import type { Filter } from './filter/tree.ts';
import type { Attribute, Resource, ResourceType } from './schema/attribute.ts';
import type { Target } from './target.ts';
import type { JsonObject, JsonValue } from './value.ts';

/** What a caller asked, in the standard's terms: read, looked up and checked; nothing is text any more. */
export type ScimRequest =
  | ({ readonly kind: 'read'; readonly type: ResourceType; readonly id: string; readonly view: View } & Preconditions)
  | {
      readonly kind: 'query';
      readonly selections: readonly Selection[];
      readonly query: Query;
      /** What a cursor to the next page is good for; only where `after` says that pages are walked so. */
      readonly walk?: Walk;
    }
  | ScimWrite;

export type ScimWrite =
  | { readonly kind: 'create'; readonly type: ResourceType; readonly draft: Draft; readonly view: View }
  | ({
      readonly kind: 'replace';
      readonly type: ResourceType;
      readonly id: string;
      readonly draft: Draft;
      readonly view: View;
    } & Preconditions)
  | ({
      readonly kind: 'patch';
      readonly type: ResourceType;
      readonly id: string;
      readonly operations: readonly PatchOperation[];
      /** Absent: 204 is enough (a group's PATCH that names no `attributes`), so nothing is read to be shown. */
      readonly view?: View;
    } & Preconditions)
  | ({ readonly kind: 'remove'; readonly type: ResourceType; readonly id: string } & Preconditions);

/** What must be true of a resource's version before it is told or written (RFC 7644 §3.14, RFC 9110 §13). */
export interface Preconditions {
  readonly ifMatch?: VersionCondition;
  readonly ifNoneMatch?: VersionCondition;
}

/** RFC 9110 §13.1.1: `*`, or the opaque values of a list of entity tags (`W/` and quotes taken off, conflict D1). */
export type VersionCondition = '*' | readonly string[];

/** RFC 7644 §3.9. At most one of the two lists is given. */
export interface View {
  readonly attributes?: readonly ViewPath[];
  readonly excluded?: readonly ViewPath[];
  /** Attributes that are returned only on request, and were written just now (RFC 7643 §7): shown unless left out by name. */
  readonly written?: ReadonlySet<Attribute>;
}
/** An attribute, one of its sub-attributes, or a whole extension. Names that no schema has are dropped when it is read. */
export type ViewPath = Target | { readonly wholeExtension: string };

/** One of the types that a query covers, and what is asked of it: several at the root (RFC 7644 §3.4.2.1). */
export interface Selection {
  readonly type: ResourceType;
  readonly filter?: Filter<Target>;
  /** Absent in a sorted query: the type does not have the attribute, and its resources count as having no value. */
  readonly sortBy?: Target;
  readonly view: View;
}

/** Which of the matches, in which order; numbers already within their limits (RFC 7644 §3.4.2.4). */
export interface Query {
  /** 1-based; 1 where `after` says where to go on. */
  readonly startIndex: number;
  /** 0 asks for the total only. */
  readonly count: number;
  /** By each selection's `sortBy`, what is equal in order of creation; absent: all in order of creation. */
  readonly sorted?: 'ascending' | 'descending';
  /** RFC 9865: where the page before ended. */
  readonly after?: Position;
}

/** All that decides which resources come in which order; a cursor is good for nothing else. */
export interface Walk {
  readonly directory: string;
  /** The types, the filter, the sorting, as they were written. */
  readonly query: readonly (string | undefined)[];
}

/**
 * Where a walk stands (RFC 9865): what the store needs to go on after the last resource of a page. `[]` is the beginning.
 * Only the store reads it.
 */
export type Position = readonly (string | number | boolean | null)[];

/**
 * What a client wants a resource to be: validated, canonical names, nulls and empty arrays dropped, readOnly dropped.
 */
export interface Draft {
  /** Base attributes at the top, extensions under their URN. No `schemas`, `id`, `meta`, nothing kept apart. */
  readonly attributes: JsonObject;
  /** The paths that the body gave as null or []: they differ from what is missing only where a rule says so (`active`). */
  readonly cleared: readonly string[];
  /** In the clear, and nowhere else: it is hashed or forgotten, and never stored, told or logged. */
  readonly password?: string;
  /** Group `members`, when the body has them; `[]` when it clears them. */
  readonly members?: readonly MemberReference[];
}

/** An element of `members` as a client sends it; everything else of it is the server's to fill. */
export interface MemberReference {
  readonly value: string;
  readonly type?: string;
}

export type PatchPath =
  /** `name.familyName`, `active`, `urn:…:User:department` */
  | { readonly kind: 'attribute'; readonly target: Target }
  /** `emails[type eq "work"]`, `emails[type eq "work"].value` */
  | {
      readonly kind: 'elements';
      readonly target: Target;
      readonly filter: Filter<Target>;
      readonly sub?: Attribute;
    }
  /** a whole extension, by its URN */
  | { readonly kind: 'extension'; readonly urn: string };

/** RFC 7644 §3.5.2, one operation. Path-less operations have been spread into one for each attribute of their value. */
export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: PatchPath;
  readonly value?: JsonValue;
}

/**
 * What a PATCH does to an attribute that is kept apart, in the order of its operations. `where` is looked up by the
 * store (as ids), except for `value eq "…"`, which names the id itself.
 */
export type MemberEdit =
  | { readonly kind: 'add'; readonly members: readonly MemberReference[] }
  | { readonly kind: 'set'; readonly members: readonly MemberReference[] }
  | { readonly kind: 'remove'; readonly ids: readonly string[] }
  | { readonly kind: 'removeWhere'; readonly filter: Filter<Target> };

/** What a patch makes of a resource: pure, before any directory rule. */
export interface Patched {
  readonly after: Resource;
  readonly memberEdits: readonly MemberEdit[];
}

/**
 * Where the default answers otherwise than the pure standard: providers first. Every one is a line of the table in
 * `docs/decisions/`; `strict` turns all of them off.
 */
export interface Tolerances {
  /** An unknown extension URN in `schemas` or as a key is dropped; strict: 400. */
  readonly unknownSchemas: boolean;
  /** `filter=userName eq bjensen`: the bare word is a string; strict: 400 invalidFilter. */
  readonly unquotedFilterValues: boolean;
  /** `replace` on `emails[type eq "work"].value` that matches nothing creates the element; strict: 400 noTarget. */
  readonly createOnMiss: boolean;
  /** An element of which a PATCH takes parts away goes when nothing but its type and primary is left; strict: it stays. */
  readonly dropEmptyElements: boolean;
  /** `active` missing or null on PUT leaves it as it is; strict: back to the schema's default. */
  readonly keepActiveOnReplace: boolean;
  /** locale, timezone, country, e-mail are stored as sent; strict: checked. */
  readonly verbatimFormats: boolean;
  /** An echoed `name.formatted` equal to the stored one is dropped when given or family name changed; strict: kept. */
  readonly dropStaleFormatted: boolean;
  /** An unknown manager id is stored without `$ref`; strict: 400. */
  readonly unknownManager: boolean;
  /** A role or entitlement that is named as people are shown it is stored by its id; strict: the id itself, or 400. */
  readonly entitlementsByName: boolean;
  /** Two groups may not share a displayName (409, and `/Schemas` says so); strict: they may. */
  readonly uniqueGroupNames: boolean;
}

export const TOLERANT: Tolerances = {
  unknownSchemas: true,
  unquotedFilterValues: true,
  createOnMiss: true,
  dropEmptyElements: true,
  keepActiveOnReplace: true,
  verbatimFormats: true,
  dropStaleFormatted: true,
  unknownManager: true,
  entitlementsByName: true,
  uniqueGroupNames: true,
};

export const STRICT: Tolerances = {
  unknownSchemas: false,
  unquotedFilterValues: false,
  createOnMiss: false,
  dropEmptyElements: false,
  keepActiveOnReplace: false,
  verbatimFormats: false,
  dropStaleFormatted: false,
  unknownManager: false,
  entitlementsByName: false,
  uniqueGroupNames: false,
};
