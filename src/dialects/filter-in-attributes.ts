import type { Rewrite } from './rewrite.ts';

/**
 *     attributes=userName,emails[type eq "work"]  →  attributes=userName,emails
 *     attributes=emails[type eq "work"].value     →  attributes=emails.value
 *
 * Who asks for some of the e-mail addresses gets all of them, and not none. Not in `excludedAttributes`: there it would
 * keep back more than was asked.
 */
export const filterInAttributes: Rewrite = {
  name: 'filter-in-attributes',
  quirks: [],
  sentBy: "Microsoft's Postman collection (§2.6)",
  attributes: (names) => (names.includes('[') ? names.replaceAll(BRACKETS, '') : names),
};

/** A closing bracket or a comma inside a string is none. No bracket opens inside: so each is looked at once. */
const BRACKETS = /\[(?:[^"[\]]|"(?:[^"\\]|\\.)*")*\]/g;
