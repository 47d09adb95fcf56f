import { asObject, asText, type JsonObject, member } from '../json.ts';
import { valuesAt } from '../place.ts';
import type { Entra, Task } from './entra.ts';
import { find, refersTo } from './find.ts';
import { MANAGER, MAPPINGS } from './mapping.ts';
import { type Belief, isInScope, type Person, shouldBeActive } from './person.ts';
import { createBody } from './user-body.ts';
import { accountPatch, type Edit, managerPatch, noManagerPatch } from './user-patch.ts';

/** Does to someone's account what a cycle does: match, create, update, switch off, delete (idp-clients §2.2, §2.7). */
export async function provisionUser(entra: Entra, person: Person): Task {
  if (person.deleted === 'for good') return removeUser(entra, person);
  if (person.appId === undefined) {
    if (!isInScope(person)) return undefined;
    const problem = await matchOrCreate(entra, person);
    if (problem !== undefined || person.created !== undefined) return problem;
  }
  const problem = await bringInLine(entra, person);
  // Unassigned: the account is off, and Entra has nothing more to do with it (ED-how).
  if (problem === undefined && !person.assigned) person.appId = undefined;
  return problem;
}

/** The hard delete: thirty days after the soft one, or at once from an app that knows no soft one. 404 is as good. */
export async function removeUser(entra: Entra, person: Person): Task {
  if (person.appId === undefined) return undefined;
  const path = `/Users/${person.appId}`;
  const { status, problem } = await entra.client.call({ operation: 'delete user', method: 'DELETE', path });
  if (problem !== undefined && status !== 404) return problem;
  for (const { pushed } of entra.groups) pushed.delete(person.appId);
  forget(person);
  return undefined;
}

function forget(person: Person): void {
  person.appId = undefined;
  person.accountId = undefined;
  person.belief = undefined;
  person.created = undefined;
}

/** Everything that must differ for a PATCH is read first; nothing different, nothing sent. */
async function bringInLine(entra: Entra, person: Person): Task {
  const path = `/Users/${person.appId}`;
  const read = await entra.client.call({ operation: 'get user', method: 'GET', path });
  if (read.status === 404 && isInScope(person)) return startOver(entra, person);
  if (read.problem !== undefined) return read.problem;
  const seen = asObject(read.json);
  if (seen === undefined) return 'The account was not answered as an object.';
  const edits = editsOf(person, seen);
  if (edits.length > 0) {
    const body = accountPatch(entra, edits);
    const { problem } = await entra.client.call({ operation: 'patch user', method: 'PATCH', path, body });
    if (problem !== undefined) return problem;
  }
  person.belief = beliefOf(person, seen);
  return undefined;
}

/** The account that Entra knew is gone from the app: it is matched or made anew, groups and all. */
async function startOver(entra: Entra, person: Person): Task {
  for (const { pushed } of entra.groups) if (person.appId !== undefined) pushed.delete(person.appId);
  forget(person);
  for (const each of entra.people) if (each === person || each.manager === person) each.managerChanged = true;
  return provisionUser(entra, person);
}

async function matchOrCreate(entra: Entra, person: Person): Task {
  person.created = undefined;
  for (const name of entra.matching) {
    const value = person.profile[name];
    const place = MAPPINGS.find(({ entra: each }) => each === name)?.place;
    if (value === undefined || place === undefined) continue;
    const found = await find(entra, { endpoint: '/Users', place, value });
    if (found.kind === 'problem') return found.message;
    if (found.kind === 'none') continue;
    person.appId = found.id;
    person.accountId = found.id;
    return undefined;
  }
  return create(entra, person);
}

async function create(entra: Entra, person: Person): Task {
  const body = createBody(person);
  const request = { operation: 'create user', method: 'POST', path: '/Users', body } as const;
  const { problem, json } = await entra.client.call(request);
  if (problem !== undefined) return problem;
  const id = asText(member(json, 'id')) ?? '';
  if (id === '') return 'The create was answered without an id.';
  person.created = asObject(json);
  person.appId = id;
  person.accountId = id;
  person.belief = beliefOf(person, {});
  return undefined;
}

/** Out of scope means off, and nothing else. A null is not provisioned: what the app has stays (ED-ki). */
function editsOf(person: Person, seen: JsonObject): Edit[] {
  const mapped = isInScope(person) ? MAPPINGS : [];
  const edits = mapped.flatMap(({ entra, place }): Edit[] => {
    const value = person.profile[entra];
    const [found] = valuesAt(seen, place);
    return value === undefined || value === found ? [] : [{ place, value, isNew: found === undefined }];
  });
  const active = shouldBeActive(person);
  if (member(seen, 'active') === active) return edits;
  return [...edits, { place: { at: 'user', name: 'active' }, value: active, isNew: false }];
}

function beliefOf(person: Person, seen: JsonObject): Belief {
  const values = new Map(
    MAPPINGS.map(({ entra, place }) => {
      const kept = person.belief?.values.get(entra) ?? asText(valuesAt(seen, place)[0]);
      return [entra, isInScope(person) ? (person.profile[entra] ?? kept) : kept];
    }),
  );
  const manager = person.belief?.manager ?? asText(valuesAt(seen, MANAGER)[0]);
  return { values, active: shouldBeActive(person), manager };
}

/** The pass over references, after all users are there (idp-clients §2.7): asked first, then written. */
export async function provisionManager(entra: Entra, person: Person): Task {
  const { appId: id, manager, belief } = person;
  if (id === undefined || belief === undefined || !isInScope(person)) return undefined;
  if (manager === undefined) {
    if (belief.manager === undefined) return undefined;
    return writeManager(entra, person, { body: noManagerPatch(entra), manager: undefined });
  }
  const target = manager.appId;
  // A manager who is not in the app yet is written when they are.
  if (target === undefined || target === id) return undefined;
  const isThere = await refersTo(entra, { id, manager: target });
  if (typeof isThere === 'string') return isThere;
  if (isThere) {
    belief.manager = target;
    return undefined;
  }
  return writeManager(entra, person, { body: managerPatch(entra, target), manager: target });
}

async function writeManager(
  entra: Entra,
  person: Person,
  { body, manager }: { body: JsonObject; manager: string | undefined },
): Task {
  const request = { operation: 'patch manager', method: 'PATCH', path: `/Users/${person.appId}`, body } as const;
  const { problem } = await entra.client.call(request);
  if (problem === undefined && person.belief !== undefined) person.belief.manager = manager;
  return problem;
}

/** For tasks that Entra's administrator starts by hand: the shapes of a request without the flag (ED-comp). */
export function withoutFlag(entra: Entra): Entra {
  return { ...entra, flavour: 'classic' };
}
