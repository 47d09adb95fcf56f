/** How much of what JSON text may hold: each counts before anything looks at it more closely. */
export interface JsonLimits {
  readonly depth: number;
  /** Of one object. */
  readonly names: number;
  /** Of the whole text: names that stand after the 32nd of their object, where no resource has any. */
  readonly furtherNames: number;
  /** Of the whole text, each counted once: objects of ever new names take the parser a hundred times as long. */
  readonly differentNames: number;
  /** Of the whole text: each object, array, string, number, true, false and null is one. */
  readonly values: number;
  /** Of the whole text: numbers with a point, an exponent or more than 15 digits, which take a closer look. */
  readonly decimals: number;
  /** Characters of one string, from its first escape on: they are looked at one by one, and all in one step. */
  readonly escaped: number;
  /** Characters of one number. */
  readonly numeral: number;
}

/**
 * No schema has a hundred attributes, and what reads a body looks at each of its names. A hundred thousand values are
 * hundreds of users; only a group with all its members has more.
 */
export const JSON_LIMITS: JsonLimits = {
  depth: 64,
  names: 1000,
  furtherNames: 50_000,
  differentNames: 5000,
  values: 100_000,
  decimals: 10_000,
  escaped: 1_048_576,
  numeral: 1000,
};

/** Names of one object that are nothing unusual. */
export const MANY = 32;

/** Names of a whole text before it is counted how many different ones follow. */
export const FEW = 256;
