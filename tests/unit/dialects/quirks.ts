import type { Tolerances } from '../../../src/scim/index.ts';

/** One row of `idp-clients` §4: what providers send, and what of ours deals with it. */
export interface Quirk {
  readonly quirk: number;
  readonly what: string;
  readonly handledBy: readonly (
    | { readonly rewrite: string }
    | { readonly tolerance: keyof Tolerances }
    /** Below `src/`: there it is simply how things are done. */
    | { readonly file: string }
  )[];
  /** Besides the conversations in `tests/wire` whose `source` names the quirk. */
  readonly alsoShownBy?: string;
}

export const QUIRKS: readonly Quirk[] = [
  {
    quirk: 1,
    what: 'PATCH without path; dotted and `urn:…:attr` keys in its value',
    handledBy: [
      { file: 'scim/patch/spread.ts' },
      { rewrite: 'dotted-keys-without-path' },
      { rewrite: 'urn-colon-keys-without-path' },
    ],
  },
  {
    quirk: 2,
    what: '`Add`, `Replace`, `Remove`; names and operators in any case',
    handledBy: [
      { file: 'scim/patch/read-patch.ts' },
      { file: 'scim/schema/find.ts' },
      { file: 'scim/filter/parser.ts' },
    ],
  },
  {
    quirk: 3,
    what: 'booleans as strings; other strings are refused',
    handledBy: [{ rewrite: 'boolean-as-string' }],
  },
  {
    quirk: 4,
    what: '`remove members` with a `value` list removes those; without value and filter, everybody',
    handledBy: [{ rewrite: 'remove-members-by-value' }, { file: 'scim/patch/edit-members.ts' }],
  },
  {
    quirk: 5,
    what: '`members[value eq "x"]` removes one; a non-member is no error',
    handledBy: [{ file: 'scim/patch/edit-members.ts' }],
  },
  {
    quirk: 6,
    what: '`replace` of `members`, with or without path',
    handledBy: [{ file: 'scim/patch/edit-members.ts' }, { file: 'scim/patch/spread.ts' }],
  },
  {
    quirk: 7,
    what: '`id` inside the value of PATCH or PUT is ignored',
    handledBy: [{ file: 'scim/patch/spread.ts' }, { file: 'scim/read-resource.ts' }],
  },
  {
    quirk: 8,
    what: 'PUT echoes `meta`, `groups`, a stale `name.formatted`, unknown attributes',
    handledBy: [{ file: 'scim/read-resource.ts' }, { tolerance: 'dropStaleFormatted' }],
  },
  {
    quirk: 9,
    what: 'PUT omits, nulls or empties what is cleared; `active` missing stays as it is',
    handledBy: [
      { file: 'scim/replace.ts' },
      { rewrite: 'empty-string-is-unassigned' },
      { tolerance: 'keepActiveOnReplace' },
    ],
  },
  {
    quirk: 10,
    what: 'a weak `password` in every POST: checked to be text and forgotten',
    handledBy: [{ file: 'scim/read-resource.ts' }],
  },
  { quirk: 11, what: '`groups: []` on a user is ignored', handledBy: [{ file: 'scim/read-resource.ts' }] },
  {
    quirk: 12,
    what: 'POST of somebody inactive brings the old id back',
    handledBy: [{ file: 'directory/decide/create.ts' }],
  },
  {
    quirk: 13,
    what: 'userName keeps its case and is compared without',
    handledBy: [{ file: 'scim/fold.ts' }],
  },
  {
    quirk: 14,
    what: 'filter by externalId, its case counts',
    handledBy: [
      { file: 'scim/schema/common.ts' },
      { file: 'store/sqlite/lookup.ts' },
      { file: 'store/postgres/lookup.ts' },
    ],
  },
  {
    quirk: 15,
    what: 'keep-alive: a filter for a random GUID',
    handledBy: [{ file: 'store/sqlite/lookup.ts' }, { file: 'store/postgres/lookup.ts' }],
  },
  {
    quirk: 16,
    what: 'nothing found is 200 with an empty list',
    handledBy: [{ file: 'provisioning/write.ts' }],
  },
  {
    quirk: 17,
    what: 'both media types, with charset; GET and DELETE with Content-Type; any Accept',
    handledBy: [{ file: 'provisioning/read.ts' }],
  },
  { quirk: 18, what: 'no User-Agent, or an empty one', handledBy: [{ file: 'http/scim.ts' }] },
  {
    quirk: 19,
    what: 'the token without a scheme',
    handledBy: [{ file: 'provisioning/admit.ts' }],
  },
  {
    quirk: 20,
    what: '`+` for a space; values without quotes',
    handledBy: [{ file: 'provisioning/read.ts' }, { tolerance: 'unquotedFilterValues' }],
  },
  {
    quirk: 21,
    what: 'no startIndex or count; 0 and less; count 0',
    handledBy: [{ file: 'scim/page.ts' }],
  },
  {
    quirk: 22,
    what: 'pages of 100, in a stable order',
    handledBy: [{ file: 'provisioning/limits.ts' }, { file: 'store/walk.ts' }],
  },
  {
    quirk: 23,
    what: 'all members in one body',
    handledBy: [
      { file: 'provisioning/limits.ts' },
      { file: 'store/sqlite/members.ts' },
      { file: 'store/postgres/members.ts' },
    ],
    alsoShownBy: 'tests/wire/many-members.test.ts',
  },
  {
    quirk: 24,
    what: '`display`, `display: null`, `$ref: null`, no `type` in members',
    handledBy: [{ file: 'scim/read-members.ts' }],
  },
  {
    quirk: 25,
    what: 'a filter in a path that matches nothing creates the element',
    handledBy: [{ tolerance: 'createOnMiss' }],
  },
  {
    quirk: 26,
    what: '`roles[primary eq "True"]`',
    handledBy: [{ rewrite: 'boolean-as-string' }],
  },
  {
    quirk: 27,
    what: 'unknown schema URNs and extensions are dropped',
    handledBy: [{ tolerance: 'unknownSchemas' }, { rewrite: 'unknown-extension-in-path' }],
  },
  {
    quirk: 28,
    what: 'null, `[]` and "" are unassigned',
    handledBy: [
      { file: 'scim/read-value.ts' },
      { rewrite: 'empty-string-is-unassigned' },
      { rewrite: 'empty-value-is-unassigned' },
      { tolerance: 'dropEmptyElements' },
    ],
  },
  {
    quirk: 29,
    what: 'Retry-After in whole seconds only',
    handledBy: [{ file: 'scim/error.ts' }],
    alsoShownBy: 'tests/unit/dialects/quirks.test.ts',
  },
  {
    quirk: 30,
    what: 'a test user and a test group are created and deleted',
    handledBy: [{ file: 'directory/decide/remove.ts' }],
  },
  {
    quirk: 31,
    what: 'a deleted userName may come back, with a new id',
    handledBy: [{ file: 'directory/decide/create.ts' }],
  },
  {
    quirk: 32,
    what: 'groups are looked up by displayName, which is unique',
    handledBy: [{ tolerance: 'uniqueGroupNames' }],
  },
  { quirk: 33, what: '`excludedAttributes=members`', handledBy: [{ file: 'scim/project.ts' }] },
  {
    quirk: 34,
    what: 'trailing and double slashes, and the case of an endpoint’s name (`/users`)',
    handledBy: [{ file: 'http/path.ts' }, { file: 'provisioning/route.ts' }],
  },
  {
    quirk: 35,
    what: 'SCIM JSON for every status, with a detail for the administrator',
    handledBy: [{ file: 'provisioning/refuse.ts' }, { file: 'http/scim.ts' }],
  },
  {
    quirk: 36,
    what: 'no service accounts in `/Users`: credentials live elsewhere, so a new directory lists nobody',
    handledBy: [{ file: 'access/credentials.ts' }],
  },
];
