import type { Rewrite } from './rewrite.ts';

/**
 *     {"userName":"bjensen","title":"","nickName":""}        {"op":"Replace","path":"title","value":""}
 *   → {"userName":"bjensen","title":null,"nickName":null}    {"op":"Replace","path":"title","value":null}
 *
 * A required attribute keeps its empty string and is refused: nobody's userName can be cleared. A boolean keeps it too:
 * `"active":""` says neither yes nor no. And so does `members`: an empty string never empties a group.
 */
export const emptyStringIsUnassigned: Rewrite = {
  name: 'empty-string-is-unassigned',
  quirks: [9, 28],
  sentBy: 'Okta when a value is cleared (§1.4c, test C9337); the Entra gallery suite: "" then null (§2.5 null update)',
  value: {
    concerns: ({ required, type, kept }) => !required && type !== 'boolean' && kept === 'inline',
    rewrite: (value) => (value === '' ? null : value),
  },
};
