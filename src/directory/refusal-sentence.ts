import { shorten } from '../scim/index.ts';
import type { Refusal } from './refusal.ts';
import { few, list, noun } from './refusal-nouns.ts';
import { held, protectedUser, seatsFull, theOne } from './refusal-sentence-limits.ts';

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
    case 'seats-full':
      return seatsFull(refusal);
    case 'protected-user':
      return protectedUser(refusal);
    case 'last-with-role':
      return `Nothing was changed: without ${theOne(refusal)} nobody active would have the role "${refusal.role}" in the application any more. Give the role to another active user first, then retry.`;
    case 'too-few-left':
      return `"${refusal.label}" was not deprovisioned: ${refusal.active} ${refusal.active === 1 ? 'user is' : 'users are'} active in this directory, and at least ${refusal.atLeast} must stay. Assign others to the application first, or ask its administrator to lower the number, then retry.`;
    case 'held':
      return held(refusal);
    case 'not-owned':
      return notOwned(refusal);
    case 'user-name-no-email':
      return `userName: "${shorten(refusal.userName)}" is not an e-mail address, and in this application the userName is the user's e-mail address. Set the application username format to Email in your identity provider, then retry.`;
    case 'user-name-not-the-email':
      return `userName and emails: the userName "${shorten(refusal.userName)}" is not the user's e-mail address, and in this application both must be the same. Give both the same value in your identity provider, then retry.`;
    case 'role-above-ceiling':
      return aboveCeiling(refusal);
    case 'group-gives-role':
      return `displayName: the group "${shorten(refusal.from)}" cannot be renamed to "${shorten(refusal.to)}", as the name of one of them gives its members the role "${refusal.role}" in the application. Push a group of that name with the members who are to have the role, or ask an administrator of the application to change which group gives it.`;
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

function notOwned({ type, label, asked }: Extract<Refusal, { reason: 'not-owned' }>): string {
  const who = `The ${noun(type)} "${label}" is one of the application's own and is not managed by your identity provider`;
  switch (asked) {
    case 'create':
      return `${who}: nobody was created, and the two were not joined. Ask an administrator of the application to let your identity provider take over existing users, then retry; or assign somebody with another userName.`;
    case 'update':
      return `${who}. Nothing was changed. Ask an administrator of the application to let your identity provider take over existing users, then retry; or leave this one to the application.`;
    case 'deprovision':
      return `${who}, and was not deactivated or removed. Ask an administrator of the application to do it there, or to let your identity provider take over existing users.`;
  }
}

function aboveCeiling({ role, ceiling }: Extract<Refusal, { reason: 'role-above-ceiling' }>): string {
  const possible =
    ceiling.length === 0
      ? 'An identity provider gives no roles there.'
      : `An identity provider may give ${few(ceiling.map((id) => `"${id}"`))}.`;
  return `roles: the role "${shorten(role)}" is given by an administrator of the application only. Nothing was changed. ${possible} Assign one that it may give, or ask that administrator for this one.`;
}
