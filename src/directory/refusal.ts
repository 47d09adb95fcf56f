import { type ScimError, shorten } from '../scim/index.ts';

/**
 * Why the directory said no. `sentence` turns one into what the customer's administrator reads; which status it has is
 * the door's business (`provisioning/refuse.ts`).
 */
export type Refusal =
  | { readonly reason: 'not-found'; readonly type: string; readonly id: string }
  | {
      readonly reason: 'name-taken';
      readonly type: string;
      readonly attribute: 'userName' | 'displayName';
      readonly value: string;
      /** Whether the one that has it is active. */
      readonly active: boolean;
      /** What was asked: somebody new, or another name for somebody known. */
      readonly asked: 'create' | 'rename';
    }
  | { readonly reason: 'external-id-taken'; readonly type: string; readonly externalId: string }
  | { readonly reason: 'two-matches'; readonly type: string; readonly name: string; readonly externalId: string }
  | {
      readonly reason: 'version-mismatch';
      readonly type: string;
      readonly id: string;
      readonly version: number;
      /** The request excludes this version (If-None-Match), in place of asking for another (If-Match). */
      readonly excluded?: boolean;
    }
  | { readonly reason: 'unknown-members'; readonly ids: readonly string[] }
  | { readonly reason: 'member-of-itself'; readonly id: string }
  | { readonly reason: 'unknown-manager'; readonly id: string }
  /** None of the roles, or entitlements, that the application declares; or one of several, and it does not say which. */
  | {
      readonly reason: 'not-declared';
      readonly attribute: 'roles' | 'entitlements';
      /** '' where there is none. */
      readonly value: string;
      /** As it was sent, where it says which kind is meant. */
      readonly type: string | undefined;
      readonly isAmbiguous: boolean;
      readonly possible: readonly { readonly id: string; readonly type?: string }[];
    }
  /** The request itself breaks the protocol in a way that only shows against the stored resource. */
  | { readonly reason: 'protocol'; readonly error: ScimError };

/** What happened, to whom, what to do: as the client is told it, who sent what it quotes. */
export function sentence(refusal: Refusal): string {
  return words(refusal, (id) => shorten(id));
}

/**
 * The same sentence as it is kept and shown to others. What a client sent for an id and is none, and what could be a
 * secret, is left out: somebody may have put a token into the wrong field.
 *
 *     members: no user or group in this directory has the id "…".
 */
export function storedSentence(refusal: Refusal): string {
  return words(refusal, (id) => (ID.test(id) ? id : '…')).replaceAll(SECRETIVE, '…');
}

/** The shape of every id that a record ever had: a UUID. */
const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
/** A token, with `jn-` or without, is a run of at least 43 of these characters; no id and no name of an attribute is. */
const SECRETIVE = /[\w-]{43,}/g;

function words(refusal: Refusal, quoted: (id: string) => string): string {
  switch (refusal.reason) {
    case 'not-found':
      return `There is no ${noun(refusal.type)} with the id "${quoted(refusal.id)}" in this directory. It may have been deleted; assign or push it again to create a new one.`;
    case 'name-taken':
      return nameTaken(refusal);
    case 'external-id-taken':
      return `Another ${noun(refusal.type)} in this directory already has the externalId "${shorten(refusal.externalId)}". Each externalId belongs to one ${noun(refusal.type)}: check which one your identity provider should be linked to.`;
    case 'two-matches':
      return `"${shorten(refusal.name)}" and the externalId "${shorten(refusal.externalId)}" belong to two different ${noun(refusal.type)}s in this directory. Decide which one is meant, and change the other's ${refusal.type === 'User' ? 'userName' : 'displayName'} or externalId.`;
    case 'version-mismatch':
      return refusal.excluded
        ? `The ${noun(refusal.type)} "${quoted(refusal.id)}" is at version W/"${refusal.version}", which the request excludes (If-None-Match). Nothing was changed.`
        : `The ${noun(refusal.type)} "${quoted(refusal.id)}" has changed since it was read: its version is now W/"${refusal.version}". Read it again before you change it.`;
    case 'unknown-members':
      return `members: no user or group in this directory has the id ${list(refusal.ids, quoted)}. Provision the person first (assign the application), then push the group again.`;
    case 'member-of-itself':
      return `members: the group "${quoted(refusal.id)}" cannot be a member of itself. Remove it from its own members.`;
    case 'unknown-manager':
      return `manager.value: no user in this directory has the id "${quoted(refusal.id)}". Provision the manager first.`;
    case 'not-declared':
      return notDeclared(refusal);
    case 'protocol':
      return refusal.error.detail;
  }
}

function notDeclared({
  attribute,
  value,
  type,
  isAmbiguous,
  possible,
}: Extract<Refusal, { reason: 'not-declared' }>): string {
  const sent = `"${shorten(value)}"${type === undefined ? '' : ` of the type "${shorten(type)}"`}`;
  const names = possible.map(({ id, type }) => (type === undefined ? `"${id}"` : `"${id}" (${type})`));
  if (value === '')
    return `${attribute}: an element has no value. The value of one of these was expected: ${few(names)}.`;
  if (isAmbiguous)
    return `${attribute}: ${sent} may mean ${few(names)}. Send the value and the type of the one that is meant.`;
  return `${attribute}: ${sent} is none of those that this application has: ${few(names)}. Assign one of these, or ask the makers of the application for it.`;
}

function nameTaken({ type, attribute, value, active, asked }: Extract<Refusal, { reason: 'name-taken' }>): string {
  const holder = `${active ? 'A' : 'A deactivated'} ${noun(type)} with the ${attribute} "${shorten(value)}" already exists in this directory.`;
  if (!active) return `${holder} Reactivate that ${noun(type)}, or choose another ${attribute}.`;
  const way = asked === 'create' ? `link the existing ${noun(type)} instead of creating it` : 'change theirs first';
  return `${holder} Choose another ${attribute}, or ${way}.`;
}

function noun(type: string): string {
  return type.toLowerCase();
}

function list(ids: readonly string[], quoted: (id: string) => string): string {
  return few(
    ids.map((id) => `"${quoted(id)}"`),
    5,
  );
}

function few(names: readonly string[], most = 10): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
