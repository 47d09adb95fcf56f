/** A user with everything is 10 KB; the rest is room for what is sent and not kept: `decide/weight.ts` keeps 1 MiB of one. */
export const MAX_BODY = 10 * 1024 * 1024;

/** Okta sends all members at once, and echoes our `type` and `$ref`: 100,000 of them are 17 MiB (decision 27). */
export const MAX_GROUP_BODY = 32 * 1024 * 1024;
export const MAX_MEMBERS = 200_000;
/** JSON values of a group's body: each member is an object of at most five, and some are left for the rest. */
export const MAX_GROUP_VALUES = 1_200_000;
/** Entra sends 50 operations in a PATCH, others some hundreds. */
export const MAX_OPERATIONS = 5_000;
/** In characters, of all operations together: each path may hold a filter. `members[value eq "…"]` 5,000 times is half of it. */
export const MAX_PATHS = 524_288;
/** In the objects of all operations together; 5,000 operations that add a member each, as Okta echoes it, have 35,000. */
export const MAX_NAMES = 40_000;

/** A bulk is held in memory, and each of its operations is a durable write of its own. */
export const MAX_BULK_OPERATIONS = 1_000;
/** A search holds a filter and some names. */
export const MAX_SEARCH_BODY = 1024 * 1024;

/** Okta walks in steps of 100 whatever it gets, so a page of 100 must be given whole (idp-clients §1.5). */
export const PAGES = { defaultCount: 100, maxCount: 200 } as const;
