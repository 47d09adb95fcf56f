/**
 * Which Okta is calling (idp-clients §1.1): how the administrator made the app decides the verbs, nothing is negotiated.
 *
 * - `aiw`: App Integration Wizard, a private SAML or SWA app. Every write is a PUT.
 * - `catalog`: the "SCIM 2.0 Test App" templates. Profiles by PUT; activation, passwords and groups by PATCH.
 * - `oin-put`: a published integration, with "Support PATCH for User" left off.
 * - `oin-patch`: a published integration with it on: a profile update is a PATCH of what changed.
 */
export interface Flavour {
  readonly userUpdate: 'PUT' | 'PATCH';
  readonly userActive: 'PUT' | 'PATCH';
  readonly userPassword: 'PUT' | 'PATCH';
  readonly group: 'PUT' | 'PATCH';
  /** Push Now names `members` in `path`, or in the value (Metatavu#100: the path-less form). */
  readonly pushNow: 'path' | 'value';
}

export const FLAVOURS = {
  aiw: { userUpdate: 'PUT', userActive: 'PUT', userPassword: 'PUT', group: 'PUT', pushNow: 'path' },
  catalog: { userUpdate: 'PUT', userActive: 'PATCH', userPassword: 'PATCH', group: 'PATCH', pushNow: 'value' },
  'oin-put': { userUpdate: 'PUT', userActive: 'PATCH', userPassword: 'PATCH', group: 'PATCH', pushNow: 'path' },
  'oin-patch': { userUpdate: 'PATCH', userActive: 'PATCH', userPassword: 'PATCH', group: 'PATCH', pushNow: 'path' },
} as const satisfies Record<string, Flavour>;

export type FlavourName = keyof typeof FLAVOURS;

/** How the credential is written on the wire (idp-clients §1.3). */
export type AuthMode = 'bearer' | 'raw-header' | 'basic';
