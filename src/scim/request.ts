import type { Filter } from './filter/tree.ts';
import type { Attribute, Resource, ResourceType } from './schema/attribute.ts';
import type { Target } from './target.ts';
import type { JsonObject, JsonValue } from './value.ts';

/** What a caller asked, in the standard's terms: read, looked up and checked; nothing is text any more. */
export type ScimRequest =
  | { readonly kind: 'read'; readonly type: ResourceType; readonly id: string; readonly view: View }
  | { readonly kind: 'query'; readonly types: readonly ResourceType[]; readonly query: Query; readonly view: View }
  | ScimWrite;

export type ScimWrite =
  | { readonly kind: 'create'; readonly type: ResourceType; readonly draft: Draft; readonly view: View }
  | {
      readonly kind: 'replace';
      readonly type: ResourceType;
      readonly id: string;
      readonly draft: Draft;
      readonly ifMatch?: VersionCondition;
      readonly view: View;
    }
  | {
      readonly kind: 'patch';
      readonly type: ResourceType;
      readonly id: string;
      readonly operations: readonly PatchOperation[];
      readonly ifMatch?: VersionCondition;
      /** Absent: 204 is enough (a group's PATCH that names no `attributes`), so nothing is read to be shown. */
      readonly view?: View;
    }
  | { readonly kind: 'remove'; readonly type: ResourceType; readonly id: string; readonly ifMatch?: VersionCondition };

/** RFC 9110 §13.1.1: `*`, or the opaque values of a list of entity tags (`W/` and quotes taken off, conflict D1). */
export type VersionCondition = '*' | readonly string[];

/** RFC 7644 §3.9. At most one of the two lists is given. */
export interface View {
  readonly attributes?: readonly ViewPath[];
  readonly excluded?: readonly ViewPath[];
}
/** An attribute, one of its sub-attributes, or a whole extension. Names that no schema has are dropped when it is read. */
export type ViewPath = Target | { readonly wholeExtension: string };

/** A query, its numbers already within their limits (RFC 7644 §3.4.2.4). */
export interface Query {
  readonly filter?: Filter<Target>;
  /** 1-based. */
  readonly startIndex: number;
  /** 0 asks for the total only. */
  readonly count: number;
}

/**
 * What a client wants a resource to be: validated, canonical names, nulls and empty arrays dropped, readOnly dropped.
 */
export interface Draft {
  /** Base attributes at the top, extensions under their URN. No `schemas`, `id`, `meta`, nothing kept apart. */
  readonly attributes: JsonObject;
  /** The paths that the body gave as null or []: they differ from what is missing only where a rule says so (`active`). */
  readonly cleared: readonly string[];
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
  /** An element whose value is taken away goes too when nothing but its type, primary or display is left; strict: it stays. */
  readonly dropEmptyElements: boolean;
  /** `active` missing or null on PUT leaves it as it is; strict: back to the schema's default. */
  readonly keepActiveOnReplace: boolean;
  /** locale, timezone, country, e-mail are stored as sent; strict: checked. */
  readonly verbatimFormats: boolean;
  /** An echoed `name.formatted` equal to the stored one is dropped when given or family name changed; strict: kept. */
  readonly dropStaleFormatted: boolean;
  /** An unknown manager id is stored without `$ref`; strict: 400. */
  readonly unknownManager: boolean;
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
  uniqueGroupNames: false,
};
