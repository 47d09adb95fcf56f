/** A user with everything is 10 KB; the rest is room for certificates and photos. */
export const MAX_BODY = 10 * 1024 * 1024;

/** Okta sends all members at once, and echoes our `type` and `$ref`: 100,000 of them are 17 MiB (decision 27). */
export const MAX_GROUP_BODY = 32 * 1024 * 1024;
export const MAX_MEMBERS = 200_000;
/** Entra sends 50 operations in a PATCH, others some hundreds. */
export const MAX_OPERATIONS = 5_000;

/** Okta walks in steps of 100 whatever it gets, so a page of 100 must be given whole (idp-clients §1.5). */
export const PAGES = { defaultCount: 100, maxCount: 200 } as const;
