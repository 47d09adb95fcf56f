import {
  type Found,
  type FoundGroup,
  type FoundUser,
  type Get,
  type ListPage,
  readDirectory,
  withConnections,
} from './directory.ts';
import type { Target } from './drive.ts';
import { type Intent, stampedEmail } from './intent.ts';
import type { Journal } from './journal.ts';
import { type GroupState, isLarge, type Model, settle, type UserState } from './model.ts';

export interface Verdict {
  /** Acknowledged writes that are not there any more, one sentence each. */
  readonly lost: readonly string[];
  /** Writes in flight at the kill that are there in part, or an index that says otherwise than the record. */
  readonly half: readonly string[];
  readonly settled: Settled;
}

export interface Settled {
  readonly applied: number;
  readonly absent: number;
  /** The kinds of those that concern more than 1,000 members, which the store makes in slices. */
  readonly large: readonly Intent['kind'][];
}

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/**
 * Reads the whole directory over SCIM and holds it against the journal. Each write that was in flight must be wholly
 * there or wholly not: one piece of evidence decides which, and then everything must agree. What was found applied
 * counts from now on: it may not go away later.
 *
 * `everyone`: look each user up by id, names and e-mail; else only those that the latest writes touched.
 */
export async function verify(
  model: Model,
  { target, journal, everyone }: { target: Target; journal: Journal; everyone: boolean },
): Promise<Verdict> {
  const found = await readDirectory(target);
  const doubtful = new Set<string>();
  const settled = await settleInFlight(model, found, { journal, doubtful });
  const lost: string[] = [];
  const half: string[] = [...found.faults];
  const report = (id: string, what: string) => void (doubtful.has(id) ? half : lost).push(`${id}: ${what}`);

  for (const [id, user] of model.users) {
    const there = found.users.get(id);
    if (there === undefined) report(id, `the user ${user.userName} is not listed`);
    else for (const difference of userDifferences(user, there)) report(id, difference);
  }
  for (const [id, group] of model.groups) {
    const there = found.groups.get(id);
    if (there === undefined) report(id, `the group ${group.name} is not listed`);
    else for (const difference of groupDifferences(group, there)) report(id, difference);
  }
  for (const id of [...found.users.keys(), ...found.groups.keys()]) {
    if (model.users.has(id) || model.groups.has(id)) continue;
    report(id, model.removed.has(id) ? 'was removed and is listed again' : 'is listed and nobody wrote it');
  }
  const touched = everyone ? [...model.users.keys()] : [...doubtful, ...model.userIds.slice(-200)];
  half.push(...(await lookUps(model, target, touched)));
  return { lost, half, settled };
}

async function settleInFlight(
  model: Model,
  found: Found,
  { journal, doubtful }: { journal: Journal; doubtful: Set<string> },
): Promise<Settled> {
  const idOf = idsByName(found);
  const count = { applied: 0, absent: 0 };
  const large: Intent['kind'][] = [];
  for (const [n, intent] of [...model.inFlight]) {
    const id = 'id' in intent ? intent.id : idOf.get(intent.kind === 'create-user' ? intent.userName : intent.name);
    if (id !== undefined) doubtful.add(id);
    if (isLarge(intent, model)) large.push(intent.kind);
    if (intent.kind === 'remove-user') {
      for (const [group, { members }] of model.groups) if (members.has(intent.id)) doubtful.add(group);
    }
    if (id !== undefined && isApplied(intent, model, found)) {
      settle(model, n, id);
      await journal.keep({ n, settled: 'applied', id });
      count.applied += 1;
    } else {
      model.inFlight.delete(n);
      await journal.keep({ n, settled: 'absent' });
      count.absent += 1;
    }
  }
  return { ...count, large };
}

function idsByName({ users, groups }: Found): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const { id, userName } of users.values()) ids.set(userName, id);
  for (const { id, displayName } of groups.values()) ids.set(displayName, id);
  return ids;
}

/** Any trace of the write. If it is there, all of it must be. */
function isApplied(intent: Intent, model: Model, { users, groups }: Found): boolean {
  switch (intent.kind) {
    case 'create-user':
    case 'create-group':
      return true;
    case 'put-user': {
      const user = users.get(intent.id);
      return (
        user !== undefined &&
        (stampsOf(user).includes(intent.stamp) || user.userName !== model.users.get(intent.id)?.userName)
      );
    }
    case 'patch-active':
      return users.get(intent.id)?.active === intent.active;
    case 'remove-user':
      return !users.has(intent.id);
    case 'remove-group':
      return !groups.has(intent.id);
    case 'rename-group':
      return groups.get(intent.id)?.displayName === intent.name;
    case 'change-members': {
      const members = memberIds(groups.get(intent.id));
      return intent.add.some((id) => members.has(id)) || intent.remove.some((id) => !members.has(id));
    }
    case 'put-group':
      return groups.get(intent.id)?.displayName === intent.name || hasOtherMembers(intent, model, groups);
    case 'replace-members':
    case 'add-members':
      return hasOtherMembers(intent, model, groups);
  }
}

function hasOtherMembers(
  { id, members: wanted }: { readonly id: string; readonly members: readonly string[] },
  model: Model,
  groups: Found['groups'],
): boolean {
  const members = memberIds(groups.get(id));
  const before = model.groups.get(id)?.members ?? new Set<string>();
  return wanted.some((member) => members.has(member) && !before.has(member)) || members.size < before.size;
}

function userDifferences(user: UserState, there: FoundUser): string[] {
  const differences: string[] = [];
  const same = (what: string, expected: unknown, is: unknown) => {
    if (expected !== is) differences.push(`${what} is ${is}, not ${expected}`);
  };
  same('userName', user.userName, there.userName);
  same('externalId', user.externalId, there.externalId);
  same('active', user.active, there.active);
  for (const stamp of stampsOf(there)) same('an attribute’s write', user.stamp, stamp);
  same('meta.version', user.version, versionOf(there.meta.version));
  return differences;
}

/** The number of the write that each attribute comes from. */
function stampsOf({ title, nickName, name, emails, [ENTERPRISE]: extension }: FoundUser): number[] {
  const texts = [title, nickName, name?.givenName, name?.familyName, emails?.[0]?.value, extension?.department];
  return texts.map((text) => Number(/\d+/.exec(text ?? '')?.[0] ?? -1));
}

function groupDifferences(group: GroupState, there: FoundGroup): string[] {
  const differences: string[] = [];
  if (there.displayName !== group.name) differences.push(`displayName is ${there.displayName}, not ${group.name}`);
  const members = memberIds(there);
  const missing = [...group.members].filter((id) => !members.has(id));
  const extra = [...members].filter((id) => !group.members.has(id));
  if (missing.length > 0) differences.push(`${missing.length} members are missing, ${missing[0]} for one`);
  if (extra.length > 0) differences.push(`${extra.length} members are too many, ${extra[0]} for one`);
  const version = versionOf(there.meta.version);
  if (version !== group.version) differences.push(`meta.version is ${version}, not ${group.version}`);
  return differences;
}

function memberIds(group: FoundGroup | undefined): Set<string> {
  return new Set((group?.members ?? []).map(({ value }) => value));
}

function versionOf(tag: string): number {
  return Number(/^W\/"(\d+)"$/.exec(tag)?.[1]);
}

/** In the list ⇔ by id ⇔ by each indexed attribute; and nobody under a former name. */
async function lookUps(model: Model, target: Target, ids: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  const groupsOf = new Map<string, Map<string, string>>();
  for (const [group, { name, members }] of model.groups) {
    for (const user of members) groupsOf.set(user, (groupsOf.get(user) ?? new Map()).set(group, name));
  }
  const users = [...new Set(ids)].filter((id) => model.users.has(id));
  let next = 0;
  await withConnections(target, 8, async (get) => {
    for (let id = users[next++]; id !== undefined; id = users[next++]) {
      const user = model.users.get(id) as UserState;
      faults.push(...(await lookUpUser(get, { id, user, groups: groupsOf.get(id) ?? new Map() })));
    }
  });
  const groups = [...model.groups];
  let nextGroup = 0;
  await withConnections(target, 8, async (get) => {
    for (let entry = groups[nextGroup++]; entry !== undefined; entry = groups[nextGroup++]) {
      const [id, { name, former }] = entry;
      faults.push(...(await expectOnly(get, '/Groups', { attribute: 'displayName', value: name, ids: [id] })));
      for (const value of former.slice(-2)) {
        faults.push(...(await expectOnly(get, '/Groups', { attribute: 'displayName', value, ids: [] })));
      }
    }
  });
  await withConnections(target, 1, async (get) => {
    for (const active of [true, false]) {
      const { json } = await get(`/Users?filter=${encodeURIComponent(`active eq ${active}`)}&count=0`);
      const expected = [...model.users.values()].filter((user) => user.active === active).length;
      const is = (json as ListPage<FoundUser>).totalResults;
      if (is !== expected) faults.push(`active eq ${active} finds ${is}, not ${expected}`);
    }
    for (const id of [...model.removed].slice(-50)) {
      const statuses = [(await get(`/Users/${id}`)).status, (await get(`/Groups/${id}`)).status];
      if (statuses.some((status) => status !== 404)) faults.push(`${id} was removed and is answered ${statuses}`);
    }
  });
  return faults;
}

async function lookUpUser(
  get: Get,
  { id, user, groups }: { id: string; user: UserState; groups: ReadonlyMap<string, string> },
): Promise<string[]> {
  const { status, json } = await get(`/Users/${id}`);
  if (status !== 200) return [`${id}: by id is answered ${status}`];
  const there = json as FoundUser;
  const faults = userDifferences(user, there).map((difference) => `${id}: by id, ${difference}`);
  const named = new Map((there.groups ?? []).map(({ value, display }) => [value, display]));
  if (named.size !== groups.size || [...groups].some(([group, name]) => named.get(group) !== name)) {
    faults.push(`${id}: groups are ${[...named.values()]}, not ${[...groups.values()]}`);
  }
  const keys = [
    { attribute: 'userName', value: user.userName, ids: [id] },
    { attribute: 'externalId', value: user.externalId, ids: [id] },
    { attribute: 'emails.value', value: stampedEmail(user.stamp), ids: [id] },
    ...user.former.slice(-3).map((former) => ({ ...former, ids: [] })),
  ];
  for (const key of keys) faults.push(...(await expectOnly(get, '/Users', key)));
  return faults;
}

async function expectOnly(
  get: Get,
  path: string,
  { attribute, value, ids }: { attribute: string; value: string; ids: readonly string[] },
): Promise<string[]> {
  const { json } = await get(`${path}?filter=${encodeURIComponent(`${attribute} eq "${value}"`)}`);
  const page = json as ListPage<{ id: string }>;
  const found = (page.Resources ?? []).map(({ id }) => id);
  const right = page.totalResults === ids.length && found.join() === ids.join();
  return right ? [] : [`${attribute} eq "${value}" finds ${found.join() || 'nobody'}, not ${ids.join() || 'nobody'}`];
}
