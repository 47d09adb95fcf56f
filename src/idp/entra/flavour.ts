/**
 * How Entra writes a PATCH (idp-clients §2.2). The administrator decides by what stands at the end of the Tenant URL;
 * nothing is negotiated.
 *
 * - `classic`: without a flag. `"op":"Replace"`, one operation a path, `"False"`, `Remove` of `members` with a list.
 * - `aadOptscim062020`: `"op":"replace"`, a value with many keys and no path, `false`, `members[value eq "…"]`.
 */
export const ENTRA_FLAVOURS = ['classic', 'aadOptscim062020'] as const;

export type EntraFlavour = (typeof ENTRA_FLAVOURS)[number];
