import type { JsonValue } from '../value.ts';

/** RFC 7644 §3.4.2.2, table 3, without `pr`. */
export type CompareOperator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/**
 * A filter as a tree. `P` is `AttributePath` as parsed, `Target` once looked up in a resource type (then `value` is
 * also checked against the attribute's type and `key` holds what is compared).
 *
 *     userName eq "a" and not (emails[type eq "work" and value co "@x"])
 *     → {kind:'and', terms:[{kind:'compare', path, operator:'eq', value:'a'},
 *                           {kind:'not', term:{kind:'elements', path, filter:{kind:'and', …}}}]}
 */
export type Filter<P> =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Filter<P>[] }
  | { readonly kind: 'not'; readonly term: Filter<P> }
  | { readonly kind: 'present'; readonly path: P }
  | Comparison<P>
  | { readonly kind: 'elements'; readonly path: P; readonly filter: Filter<P> };

export interface Comparison<P> {
  readonly kind: 'compare';
  readonly path: P;
  readonly operator: CompareOperator;
  /** As written: a JSON literal. */
  readonly value: JsonValue;
  /**
   * What is compared, set when the path is looked up: a folded string (unless the attribute is caseExact), a date as
   * the fixed-width UTC text of `dateTimeKey`, a number, a boolean, or null (`eq null` ≡ not present, `ne null` ≡ present).
   */
  readonly key?: string | number | boolean | null;
}
