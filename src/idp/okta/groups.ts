import { asArray, asText, type Json, type JsonObject, member } from '../json.ts';
import { patchOf } from '../patch-op.ts';
import { GROUP } from '../scim.ts';
import { find } from './find.ts';
import { type PushedGroup, pushable } from './group.ts';
import type { Okta, Task } from './okta.ts';
import type { Person } from './person.ts';

/** Push: look up by name; link what is found (its members stay), create what is not, then send the members (§1.6). */
export async function pushGroup(okta: Okta, group: PushedGroup): Task {
  const value = group.name;
  const found = await find(okta, { operation: 'find group', endpoint: '/Groups', attribute: 'displayName', value });
  if (found.kind === 'problem') return found.message;
  if (found.kind === 'one') return linkGroup(okta, group, found.id);
  // The group is made empty, `members` and all; its people follow (ROSTR; the empty one is plan case C9317).
  const body = { schemas: [GROUP], displayName: group.name, members: [] };
  const made = await okta.client.call({ operation: 'create group', method: 'POST', path: '/Groups', body });
  if (made.problem !== undefined) return made.problem;
  const id = asText(member(made.json, 'id'));
  if (id === undefined || id === '') return 'Create new group returned empty group.';
  group.appId = id;
  return okta.flavour.group === 'PUT' || pushable(group.members).length > 0 ? pushNow(okta, group) : undefined;
}

async function linkGroup(okta: Okta, group: PushedGroup, id: string): Task {
  group.appId = id;
  const { json, problem } = await readGroup(okta, group);
  if (problem !== undefined) return problem;
  const ours = new Set(pushable(group.members).map(({ appId }) => appId));
  for (const row of asArray(member(json, 'members')) ?? []) {
    const present = asText(member(row, 'value'));
    if (present !== undefined && !ours.has(present)) group.others.add(present);
  }
  return memberDelta(okta, group, { add: pushable(group.members), remove: [] });
}

export interface MemberDelta {
  readonly add: readonly Person[];
  readonly remove: readonly Person[];
}

/**
 * People joined or left (idp-clients §1.6). With PATCH the rename goes first, as on every membership update:
 *
 *     [{"op":"replace","value":{"id":"{gid}","displayName":"Sales"}}]
 *     [{"op":"remove","path":"members[value eq \"{uid}\"]"},
 *      {"op":"add","path":"members","value":[{"value":"{uid}","display":"a@b.c"}]}]
 */
export async function memberDelta(okta: Okta, group: PushedGroup, { add, remove }: MemberDelta): Task {
  for (const person of remove) group.members.delete(person);
  for (const person of add) group.members.add(person);
  if (group.appId === undefined) return undefined;
  if (okta.flavour.group === 'PUT') return putGroup(okta, group);
  const named = await renamePatch(okta, group);
  if (named !== undefined) return named;
  const removals = pushable(remove).map(({ appId }) => ({ op: 'remove', path: `members[value eq "${appId}"]` }));
  const value = pushable(add).map(memberOf);
  const additions = value.length === 0 ? [] : [{ op: 'add', path: 'members', value }];
  const operations = [...removals, ...additions];
  return operations.length === 0 ? undefined : patchGroup(okta, group, operations);
}

/** Push Now: all members in one request, whatever was there (plan case C9316, for empty groups too). */
export async function pushNow(okta: Okta, group: PushedGroup): Task {
  group.others.clear();
  if (group.appId === undefined) return undefined;
  if (okta.flavour.group === 'PUT') return putGroup(okta, group);
  const members = pushable(group.members).map(memberOf);
  const named = okta.flavour.pushNow === 'path' ? { path: 'members', value: members } : { value: { members } };
  return patchGroup(okta, group, [{ op: 'replace', ...named }]);
}

export async function renameGroup(okta: Okta, group: PushedGroup, name: string): Task {
  group.name = name;
  if (group.appId === undefined) return undefined;
  return okta.flavour.group === 'PUT' ? putGroup(okta, group) : renamePatch(okta, group);
}

/** "Delete the group in the target app" is a DELETE, "Leave the group" is nothing (idp-clients §1.6). */
export async function unlink(okta: Okta, group: PushedGroup, what: 'delete' | 'leave'): Task {
  const { appId } = group;
  group.appId = undefined;
  if (what === 'leave' || appId === undefined) return undefined;
  const path = `/Groups/${appId}`;
  return (await okta.client.call({ operation: 'delete group', method: 'DELETE', path })).problem;
}

/** The id rides along inside the value: no server may call that an attempt to change it (quirk 7). */
function renamePatch(okta: Okta, group: PushedGroup): Task {
  return patchGroup(okta, group, [{ op: 'replace', value: { id: group.appId ?? null, displayName: group.name } }]);
}

async function patchGroup(okta: Okta, group: PushedGroup, operations: readonly Json[]): Task {
  const path = `/Groups/${group.appId}`;
  return (await okta.client.call({ operation: 'patch group', method: 'PATCH', path, body: patchOf(operations) }))
    .problem;
}

/** `{"schemas":[…],"id":"…","displayName":"…","members":[{"value":"…","display":null}]}` after a GET (§1.6, AIW). */
async function putGroup(okta: Okta, group: PushedGroup): Task {
  const read = await readGroup(okta, group);
  if (read.problem !== undefined) return read.problem;
  const others = [...group.others].map((value) => ({ value, display: null }));
  const members = [...pushable(group.members).map(memberOf), ...others];
  const body = { schemas: [GROUP], id: group.appId ?? null, displayName: group.name, members };
  const path = `/Groups/${group.appId}`;
  const written = await okta.client.call({ operation: 'replace group', method: 'PUT', path, body });
  if (written.problem !== undefined) return written.problem;
  return asText(member(written.json, 'id')) === undefined ? 'Update group returned empty group.' : undefined;
}

function readGroup(okta: Okta, group: PushedGroup) {
  return okta.client.call({ operation: 'get group', method: 'GET', path: `/Groups/${group.appId}` });
}

/** No `type`, no `$ref` (SCIM-SDK#419, captured). */
function memberOf({ appId, profile }: Person): JsonObject {
  return { value: appId ?? null, display: profile.login };
}
