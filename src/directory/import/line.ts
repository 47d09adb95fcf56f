import type { JsonObject } from '../../scim/index.ts';

/** What a line of a file says, whatever its format. */
export type ImportLine =
  /** SCIM attributes, named as the schemas spell them or in any other case; `schemas` may be left out. */
  | { readonly kind: 'user'; readonly line: number; readonly user: JsonObject }
  /** What is wrong with this line: the others are taken all the same. */
  | { readonly kind: 'wrong'; readonly line: number; readonly problem: string }
  /** Nothing behind this line can be read. */
  | { readonly kind: 'broken'; readonly line: number; readonly problem: string };

/** Bytes of a line (of a record, where it has several lines); a user with everything has 10 KB. */
export const MOST_IN_A_LINE = 1_048_576;
