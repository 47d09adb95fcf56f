import { asText, type Json, type JsonObject, member } from '../json.ts';
import { patchOf } from '../patch-op.ts';
import { GROUP } from '../scim.ts';
import type { Entra, Task } from './entra.ts';
import { find } from './find.ts';
import type { PushedGroup } from './group.ts';
import { isInScope } from './person.ts';

/** Does to a group what a cycle does, without its members: match, create, rename, delete (idp-clients §2.2). */
export async function provisionGroup(entra: Entra, group: PushedGroup): Task {
  if (group.deleted) return removeGroup(entra, group);
  if (group.appId === undefined) {
    const place = { at: 'user', name: 'displayName' } as const;
    const found = await find(entra, { endpoint: '/Groups', place, value: group.name });
    if (found.kind === 'problem') return found.message;
    if (found.kind === 'none') return create(entra, group);
    group.appId = found.id;
  }
  return bringInLine(entra, group);
}

/**
 *     POST /Groups {"schemas":["urn:…:core:2.0:Group","http://schemas.microsoft.com/2006/11/…/ADSCIM/2.0/Group"],
 *      "externalId":"8aa1a0c0-…","displayName":"Sales","meta":{"resourceType":"Group"}}
 *
 * The second URN is nobody's schema; `members` is there and empty for some.
 */
async function create(entra: Entra, group: PushedGroup): Task {
  const { objectId: externalId, name: displayName, index } = group;
  const members = index % 2 === 0 ? {} : { members: [] };
  const body = { schemas: [GROUP, ADSCIM], externalId, displayName, meta: { resourceType: 'Group' }, ...members };
  const request = { operation: 'create group', method: 'POST', path: '/Groups', body } as const;
  const { problem, json } = await entra.client.call(request);
  if (problem !== undefined) return problem;
  const id = asText(member(json, 'id')) ?? '';
  if (id === '') return 'The create was answered without an id.';
  group.appId = id;
  return undefined;
}

const ADSCIM = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';

/** A group is always read without its members. */
async function bringInLine(entra: Entra, group: PushedGroup): Task {
  const path = `/Groups/${group.appId}`;
  const query = { excludedAttributes: 'members' };
  const read = await entra.client.call({ operation: 'get group', method: 'GET', path, query });
  if (read.status === 404) {
    group.appId = undefined;
    group.pushed.clear();
    return provisionGroup(entra, group);
  }
  if (read.problem !== undefined) return read.problem;
  const wanted: [string, string][] = [
    ['displayName', group.name],
    ['externalId', group.objectId],
  ];
  const edits = wanted.filter(([name, value]) => member(read.json, name) !== value);
  return edits.length === 0 ? undefined : patchGroup(entra, group, renameOf(entra, edits));
}

/** `{"op":"Replace","path":"displayName","value":"Sales"}`; with the flag several in one value without a path. */
function renameOf({ flavour }: Entra, edits: readonly [string, string][]): readonly JsonObject[] {
  if (flavour === 'classic') return edits.map(([path, value]) => ({ op: 'Replace', path, value }));
  if (edits.length === 1) return edits.map(([path, value]) => ({ op: 'replace', path, value }));
  return [{ op: 'replace', value: Object.fromEntries(edits) }];
}

/**
 * Who joined and who left, against what Entra pushed before (idp-clients §2.2). In an initial cycle those who joined go
 * twenty at a time, afterwards a PATCH each.
 *
 *     {"op":"Add","path":"members","value":[{"$ref":null,"value":"{uid}"}]}
 *     {"op":"Remove","path":"members","value":[{"$ref":null,"value":"{uid}"}]}      without the flag
 *     {"op":"remove","path":"members[value eq \"{uid}\"]"}                          with it
 */
export async function provisionMembers(entra: Entra, group: PushedGroup): Task {
  if (group.appId === undefined) return undefined;
  const members = [...group.members];
  const wanted = members.filter((person) => isInScope(person)).flatMap(({ appId }) => appId ?? []);
  // Someone out of scope stays a member: a restore does not send it again (ED-how, known limitations).
  const kept = new Set(members.flatMap(({ accountId }) => accountId ?? []));
  const left = [...group.pushed].filter((id) => !kept.has(id));
  const joined = wanted.filter((id) => group.resend || !group.pushed.has(id));
  group.resend = false;
  for (const id of left) {
    const problem = await patchGroup(entra, group, [removalOf(entra, id)]);
    if (problem !== undefined) return problem;
    group.pushed.delete(id);
  }
  const step = entra.cycle === 1 ? 20 : 1;
  for (let at = 0; at < joined.length; at += step) {
    const ids = joined.slice(at, at + step);
    const problem = await patchGroup(entra, group, [additionOf(entra, ids)]);
    if (problem !== undefined) return problem;
    for (const id of ids) group.pushed.add(id);
  }
  return undefined;
}

export function additionOf({ flavour }: Pick<Entra, 'flavour'>, ids: readonly string[]): JsonObject {
  if (flavour !== 'classic') return { op: 'add', path: 'members', value: ids.map((value) => ({ value })) };
  return { op: 'Add', path: 'members', value: ids.map((value) => ({ $ref: null, value })) };
}

export function removalOf({ flavour }: Pick<Entra, 'flavour'>, id: string): JsonObject {
  if (flavour !== 'classic') return { op: 'remove', path: `members[value eq "${id}"]` };
  return { op: 'Remove', path: 'members', value: [{ $ref: null, value: id }] };
}

async function removeGroup(entra: Entra, group: PushedGroup): Task {
  if (group.appId === undefined) return undefined;
  const path = `/Groups/${group.appId}`;
  const { status, problem } = await entra.client.call({ operation: 'delete group', method: 'DELETE', path });
  if (problem !== undefined && status !== 404) return problem;
  group.appId = undefined;
  group.pushed.clear();
  return undefined;
}

async function patchGroup({ client }: Entra, group: PushedGroup, operations: readonly Json[]): Task {
  const request = { operation: 'patch group', method: 'PATCH', path: `/Groups/${group.appId}` } as const;
  return (await client.call({ ...request, body: patchOf(operations) })).problem;
}
