import type { Intent } from './intent.ts';
import type { GroupState, Model } from './model.ts';
import type { Random } from './random.ts';

/**
 * Who is taken by a write in flight. A write and its neighbours must commute, or the state after a kill could not be
 * told from the journal: one write a user at a time, one a membership, and whole-group writes only in groups of their own.
 */
export interface Taken {
  /** Users and groups that one write has for itself. */
  readonly alone: Set<string>;
  /** How many writes mention a user as a member. */
  readonly mentioned: Map<string, number>;
  /** `group user` of membership edits. */
  readonly pairs: Set<string>;
}

export function nothingTaken(): Taken {
  return { alone: new Set(), mentioned: new Map(), pairs: new Set() };
}

/** The next write: mostly what Okta sends, some of what others send, now and then a set of thousands of members. */
export function choose(model: Model, taken: Taken, { random, n }: { random: Random; n: number }): Intent {
  const roll = random.integer(100);
  return (
    (roll < 24 ? undefined : chosen(roll, model, { taken, random, n })) ?? {
      kind: 'create-user',
      userName: `u${n}@soak.example`,
      externalId: `x${n}`,
      stamp: n,
    }
  );
}

export interface Picking {
  readonly random: Random;
  readonly n: number;
}

function chosen(roll: number, model: Model, { taken, random, n }: Picking & { taken: Taken }): Intent | undefined {
  const user = pickFree(model.userIds, taken, random);
  const state = user === undefined ? undefined : model.users.get(user);
  const group = pickFree(model.groupIds, taken, random);
  const team = group === undefined ? undefined : model.groups.get(group);
  if (roll < 46) {
    if (user === undefined || state === undefined) return undefined;
    const userName = random.chance(0.25) ? `u${n}@soak.example` : state.userName;
    return { kind: 'put-user', id: user, userName, externalId: state.externalId, active: state.active, stamp: n };
  }
  if (roll < 64) {
    if (user === undefined || state === undefined) return undefined;
    return { kind: 'patch-active', id: user, active: !state.active };
  }
  if (roll < 88) return changeMembers(model, taken, random);
  if (roll < 92)
    return { kind: 'create-group', name: groupName(n), members: stayers(model, random.integer(12), random) };
  if (group === undefined || team === undefined) return undefined;
  if (roll < 95) return isOwned(team) ? { kind: 'rename-group', id: group, name: `Owned ${n}` } : undefined;
  if (roll < 97) {
    if (!isOwned(team)) return undefined;
    const members = stayers(model, 1 + random.integer(40), random);
    return members.every((id) => team.members.has(id)) ? undefined : { kind: 'replace-members', id: group, members };
  }
  if (roll < 98) return isOwned(team) ? { kind: 'remove-group', id: group } : undefined;
  if (user === undefined || !isLeaver(model, user) || (taken.mentioned.get(user) ?? 0) > 0) return undefined;
  return { kind: 'remove-user', id: user };
}

/** Some in, some out, in a group that others change at the same moment. */
function changeMembers(model: Model, taken: Taken, random: Random): Intent | undefined {
  const id = random.pick(model.groupIds.slice(0, 40).filter((group) => !isOwned(model.groups.get(group))));
  const group = id === undefined ? undefined : model.groups.get(id);
  if (id === undefined || group === undefined) return undefined;
  const free = (user: string) => !taken.alone.has(user) && !taken.pairs.has(`${id} ${user}`);
  const add = new Set<string>();
  for (let tries = 1 + random.integer(8); tries > 0; tries--) {
    const user = random.pick(model.userIds);
    if (user !== undefined && free(user) && !group.members.has(user)) add.add(user);
  }
  const remove: string[] = [];
  const most = random.integer(group.members.size > 20 ? 8 : 2);
  for (const user of group.members) {
    if (remove.length >= most) break;
    if (free(user)) remove.push(user);
  }
  return add.size + remove.length === 0 ? undefined : { kind: 'change-members', id, add: [...add], remove };
}

export function take(taken: Taken, intent: Intent): void {
  for (const id of aloneIn(intent)) taken.alone.add(id);
  for (const user of mentionedIn(intent)) taken.mentioned.set(user, (taken.mentioned.get(user) ?? 0) + 1);
  for (const pair of pairsIn(intent)) taken.pairs.add(pair);
}

export function release(taken: Taken, intent: Intent): void {
  for (const id of aloneIn(intent)) taken.alone.delete(id);
  for (const user of mentionedIn(intent)) {
    const left = (taken.mentioned.get(user) ?? 1) - 1;
    if (left === 0) taken.mentioned.delete(user);
    else taken.mentioned.set(user, left);
  }
  for (const pair of pairsIn(intent)) taken.pairs.delete(pair);
}

function aloneIn(intent: Intent): readonly string[] {
  return 'id' in intent && intent.kind !== 'change-members' ? [intent.id] : [];
}

function mentionedIn(intent: Intent): readonly string[] {
  if (intent.kind === 'change-members') return [...intent.add, ...intent.remove];
  return 'members' in intent ? intent.members : [];
}

function pairsIn(intent: Intent): readonly string[] {
  return intent.kind === 'change-members' ? mentionedIn(intent).map((user) => `${intent.id} ${user}`) : [];
}

/** Every other group is changed by one write at a time, and has no members who leave. */
function groupName(n: number): string {
  return `${n % 2 === 0 ? 'Owned' : 'Shared'} ${n}`;
}

export function isOwned(group: GroupState | undefined): boolean {
  return group?.name.startsWith('Owned') === true;
}

export function isLeaver(model: Model, user: string): boolean {
  return model.users.get(user)?.externalId.endsWith('9') === true;
}

function stayers(model: Model, count: number, random: Random): string[] {
  const found = new Set<string>();
  for (let tries = 0; tries < count; tries++) {
    const user = random.pick(model.userIds);
    if (user !== undefined && !isLeaver(model, user)) found.add(user);
  }
  return [...found];
}

function pickFree(ids: readonly string[], taken: Taken, random: Random): string | undefined {
  const id = random.pick(ids);
  return id === undefined || taken.alone.has(id) ? undefined : id;
}
