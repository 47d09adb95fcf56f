import { asObject, asText, type Json, type JsonObject, member } from '../json.ts';
import { letters } from '../random.ts';
import { find } from './find.ts';
import { userNameIn } from './mapping.ts';
import type { Okta, Task } from './okta.ts';
import { type Person, shouldBeActive } from './person.ts';
import { edited, type ProfileChange } from './profile.ts';
import { createBody, overlaidBody } from './user-body.ts';
import { activePatch, passwordPatch, profilePatch } from './user-patch.ts';

/**
 * Assign: look up; link what is found, create what is not (idp-clients §1.4b). A reassignment is the same (§1.4e).
 * `password` where Okta synchronizes it: a create has it then in place of the placeholder (§1.4g).
 */
export async function assign(okta: Okta, person: Person, password?: string): Task {
  person.assigned = true;
  person.status = 'active';
  const value = userNameIn(person.profile, okta.mappings);
  const found = await find(okta, { operation: 'find user', endpoint: '/Users', attribute: 'userName', value });
  if (found.kind === 'problem') return found.message;
  return found.kind === 'none' ? create(okta, person, password) : link(okta, person, found);
}

/**
 * The create alone, as after a look-up that missed: the app's unique field is another one than the one Okta was told.
 * For someone who was deactivated the server must bring the old account back, not refuse (idp-clients §1.4e).
 */
export async function create(okta: Okta, person: Person, password = letters(okta.random, 8)): Task {
  person.assigned = true;
  person.status = 'active';
  const body = createBody(person, password, okta.mappings);
  const { problem, json } = await okta.client.call({ operation: 'create user', method: 'POST', path: '/Users', body });
  if (problem !== undefined) return problem;
  const id = asText(member(json, 'id'));
  if (id === undefined || id === '') return 'Create new user returned empty user.';
  person.created = asObject(json);
  own(person, id);
  return undefined;
}

interface Account {
  readonly id: string;
  readonly resource: JsonObject;
}

/** The account is there: switch it on if it is off, and push the profile to it. */
async function link(okta: Okta, person: Person, { id, resource }: Account): Task {
  person.appId = id;
  if (okta.flavour.userActive === 'PATCH' && member(resource, 'active') === false) {
    const problem = await patchUser(okta, person, activePatch(true));
    if (problem !== undefined) return problem;
  }
  return pushProfile(okta, person, { whole: true });
}

/** An edit in Okta. What Okta thinks unchanged, or may not push, is not sent (idp-clients §1.4c). */
export async function update(okta: Okta, person: Person, change: ProfileChange): Task {
  person.profile = edited(person.profile, change);
  if (person.appId === undefined || !shouldBeActive(person)) return undefined;
  return pushProfile(okta, person, { whole: false });
}

/** Unassigned, or deactivated in Okta: the account is switched off, never deleted (idp-clients §1.4d, f). */
export async function unassign(okta: Okta, person: Person): Task {
  person.assigned = false;
  if (person.appId === undefined) return undefined;
  return okta.flavour.userActive === 'PATCH' ? patchUser(okta, person, activePatch(false)) : putUser(okta, person);
}

export async function deactivate(okta: Okta, person: Person): Task {
  person.status = 'deactivated';
  return unassign(okta, person);
}

/** Okta tells the app nothing (idp-clients §1.4d, plan case C9295). */
export async function suspend(_okta: Okta, person: Person): Task {
  person.status = 'suspended';
  return undefined;
}

/** Sync Password: Okta's own of the person, or one made at random (idp-clients §1.4g). */
export async function setPassword(okta: Okta, person: Person, password = `${letters(okta.random, 16)}!A9`): Task {
  if (person.appId === undefined) return undefined;
  if (okta.flavour.userPassword === 'PATCH') return patchUser(okta, person, passwordPatch(password));
  return putUser(okta, person, password);
}

/** Force Sync pushes the whole profile again, but only to accounts that are provisioned (idp-clients §1.4h). */
export async function forceSync(okta: Okta, person: Person): Task {
  if (person.appId === undefined || !shouldBeActive(person)) return undefined;
  return pushProfile(okta, person, { whole: true });
}

/** The Provision User button: for those assigned before provisioning was switched on (idp-clients §1.4h). */
export async function provisionUser(okta: Okta, person: Person): Task {
  return person.assigned && person.appId === undefined ? assign(okta, person) : undefined;
}

async function pushProfile(okta: Okta, person: Person, { whole }: { whole: boolean }): Task {
  if (okta.flavour.userUpdate === 'PUT') {
    if (!whole && sameProfile(person)) return undefined;
    return putUser(okta, person);
  }
  const also = whole ? { externalId: person.oktaId, active: shouldBeActive(person) } : {};
  const before = whole ? undefined : person.pushed;
  const body = profilePatch({
    before,
    after: person.profile,
    clearing: person.clearing,
    mappings: okta.mappings,
    also,
  });
  const problem = body === undefined ? undefined : await patchUser(okta, person, body);
  if (problem === undefined && person.appId !== undefined) own(person, person.appId);
  return problem;
}

function sameProfile({ pushed, profile }: Person): boolean {
  return JSON.stringify(pushed) === JSON.stringify(profile);
}

async function patchUser(okta: Okta, person: Person, body: JsonObject): Task {
  const path = `/Users/${person.appId}`;
  // 200 with the user and 204 without are both taken (idp-clients §1.4c).
  return (await okta.client.call({ operation: 'patch user', method: 'PATCH', path, body })).problem;
}

/** GET, lay the profile over what came back, PUT it (idp-clients §1.4c). Whatever came back: SO 77524118. */
async function putUser(okta: Okta, person: Person, password?: string): Task {
  const path = `/Users/${person.appId}`;
  const read = await okta.client.call({ operation: 'get user', method: 'GET', path });
  if (read.problem !== undefined) return read.problem;
  const seen = asObject(read.json);
  if (seen === undefined) return 'Get user returned empty user.';
  const { oktaId, profile, clearing } = person;
  const overlay = { oktaId, profile, clearing, mappings: okta.mappings, active: shouldBeActive(person) };
  const body = overlaidBody(seen, password === undefined ? overlay : { ...overlay, password });
  const written = await okta.client.call({ operation: 'replace user', method: 'PUT', path, body });
  if (written.problem !== undefined) return written.problem;
  if (!hasId(written.json)) return 'Update user returned empty user.';
  if (person.appId !== undefined) own(person, person.appId);
  return undefined;
}

function hasId(json: Json | undefined): boolean {
  return (asText(member(json, 'id')) ?? '') !== '';
}

function own(person: Person, id: string): void {
  person.appId = id;
  person.firstAppId ??= id;
  person.pushed = person.profile;
}
