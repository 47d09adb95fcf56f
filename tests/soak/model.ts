import { type Intent, stampedEmail } from './intent.ts';
import { type JournalLine, readJournal } from './journal.ts';

/** What the server must hold if it keeps what it acknowledged. */
export interface Model {
  readonly users: Map<string, UserState>;
  readonly groups: Map<string, GroupState>;
  readonly removed: Set<string>;
  /** Sent, or about to be, and not answered. */
  readonly inFlight: Map<number, Intent>;
  /** Ids of users in no order, to pick from. */
  readonly userIds: string[];
  readonly groupIds: string[];
  /** Writes that were acknowledged with a 2xx. */
  acknowledged: number;
  /** How many of them concern more than 1,000 members. */
  acknowledgedLarge: number;
  /** Acknowledged, or found applied after a kill. */
  applied: number;
  /** The number after the highest in the journal. */
  next: number;
}

export interface UserState {
  userName: string;
  readonly externalId: string;
  active: boolean;
  stamp: number;
  version: number;
  /** Names and e-mails that it had: they must find nobody any more. */
  readonly former: { readonly attribute: 'userName' | 'emails.value'; readonly value: string }[];
}

export interface GroupState {
  name: string;
  version: number;
  readonly members: Set<string>;
  readonly former: string[];
}

/** Beyond this many members the store writes in slices, in a transaction of its own: a write whose half could be left. */
export const MANY = 1000;

export function isLarge(intent: Intent, model: Model): boolean {
  if (intent.kind === 'remove-group') return sizeOf(model, intent.id) > MANY;
  return 'members' in intent && intent.members.length > MANY;
}

export function sizeOf(model: Model, group: string): number {
  return model.groups.get(group)?.members.size ?? 0;
}

/** The model that the client's journal alone adds up to. */
export async function modelFromJournal(file: string): Promise<Model> {
  const model: Model = {
    users: new Map(),
    groups: new Map(),
    removed: new Set(),
    inFlight: new Map(),
    userIds: [],
    groupIds: [],
    acknowledged: 0,
    acknowledgedLarge: 0,
    applied: 0,
    next: 1,
  };
  for (const line of await readJournal(file)) readLine(model, line);
  return model;
}

function readLine(model: Model, line: JournalLine): void {
  model.next = Math.max(model.next, line.n + 1);
  if ('intent' in line) {
    model.inFlight.set(line.n, line.intent);
    return;
  }
  if ('status' in line) acknowledge(model, line.n, line.id);
  else if (line.settled === 'applied') settle(model, line.n, line.id ?? '');
  else model.inFlight.delete(line.n);
}

export function acknowledge(model: Model, n: number, id: string): void {
  const intent = model.inFlight.get(n);
  model.acknowledged += 1;
  if (intent !== undefined && isLarge(intent, model)) model.acknowledgedLarge += 1;
  settle(model, n, id);
}

/** An intent in flight turned out to be in the directory. `id` is that of what it created. */
export function settle(model: Model, n: number, id: string): void {
  const intent = model.inFlight.get(n);
  if (intent === undefined) throw new Error(`the journal settles ${n}, which is not in flight`);
  model.inFlight.delete(n);
  model.applied += 1;
  apply(model, intent, id);
}

function apply(model: Model, intent: Intent, id: string): void {
  switch (intent.kind) {
    case 'create-user': {
      const { userName, externalId, stamp } = intent;
      model.users.set(id, { userName, externalId, active: true, stamp, version: 1, former: [] });
      model.userIds.push(id);
      return;
    }
    case 'put-user': {
      const user = known(model.users, intent.id);
      if (user.userName !== intent.userName) user.former.push({ attribute: 'userName', value: user.userName });
      user.former.push({ attribute: 'emails.value', value: stampedEmail(user.stamp) });
      user.userName = intent.userName;
      user.active = intent.active;
      user.stamp = intent.stamp;
      user.version += 1;
      return;
    }
    case 'patch-active': {
      const user = known(model.users, intent.id);
      user.active = intent.active;
      user.version += 1;
      return;
    }
    case 'remove-user': {
      for (const group of model.groups.values()) if (group.members.delete(intent.id)) group.version += 1;
      forget(model, 'users', intent.id);
      return;
    }
    case 'create-group': {
      model.groups.set(id, { name: intent.name, version: 1, members: new Set(intent.members), former: [] });
      model.groupIds.push(id);
      return;
    }
    case 'rename-group': {
      const group = known(model.groups, intent.id);
      group.former.push(group.name);
      group.name = intent.name;
      group.version += 1;
      return;
    }
    case 'change-members': {
      const group = known(model.groups, intent.id);
      for (const member of intent.remove) group.members.delete(member);
      for (const member of intent.add) group.members.add(member);
      group.version += 1;
      return;
    }
    case 'replace-members': {
      const group = known(model.groups, intent.id);
      group.members.clear();
      for (const member of intent.members) group.members.add(member);
      group.version += 1;
      return;
    }
    case 'add-members': {
      const group = known(model.groups, intent.id);
      for (const member of intent.members) group.members.add(member);
      group.version += 1;
      return;
    }
    case 'put-group': {
      const group = known(model.groups, intent.id);
      group.former.push(group.name);
      group.name = intent.name;
      group.members.clear();
      for (const member of intent.members) group.members.add(member);
      group.version += 1;
      return;
    }
    case 'remove-group':
      forget(model, 'groups', intent.id);
  }
}

function known<T>(states: ReadonlyMap<string, T>, id: string): T {
  const state = states.get(id);
  if (state === undefined) throw new Error(`the journal changes ${id}, which it has not created`);
  return state;
}

function forget(model: Model, kind: 'users' | 'groups', id: string): void {
  model[kind].delete(id);
  model.removed.add(id);
  const ids = kind === 'users' ? model.userIds : model.groupIds;
  ids.splice(ids.indexOf(id), 1);
}
