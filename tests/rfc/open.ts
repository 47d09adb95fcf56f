/** Sections whose cases are not written yet, by the prefix of their ids. Empty in the end. */
export const OPEN: readonly string[] = [];
