import { eachOf } from '../each.ts';
import { asArray, asText, type Json, member, sameJson } from '../json.ts';
import { compareGroup } from '../judge/group.ts';
import { compareShape, compareUser } from '../judge/user.ts';
import type { PushedGroup } from '../okta/group.ts';
import { type Imported, type ImportResult, importGroups, importUsers } from '../okta/import.ts';
import { nameOf } from '../okta/person.ts';
import { count, expect, note, type Step, type Tour } from './tour.ts';

/** In the middle of the tour, and again at its end. */
export function importing(title: { users: string; groups: string }, kept: readonly PushedGroup[]): readonly Step[] {
  return [
    { title: title.users, run: (tour) => compareUsers(tour) },
    { title: title.groups, run: (tour) => compareGroups(tour, kept) },
  ];
}

async function compareUsers(tour: Tour): Promise<string> {
  const walk = await walkAll(tour, '/Users');
  const accounts = tour.okta.people.filter(({ firstAppId }) => firstAppId !== undefined);
  for (const person of accounts) {
    const resource = walk.ours.get(person.firstAppId ?? '');
    expect(tour, [nameOf(person), 'a record in the import'], { expected: true, found: resource !== undefined });
    if (resource !== undefined) compareUser(tour.ledger, person, resource);
  }
  const known = new Set(accounts.map(({ firstAppId }) => firstAppId));
  await compareTotals(tour, walk, { known, before: tour.before.users });
  await eachOf([...walk.ours].slice(0, 10), tour.lanes, async ([id, listed]) => {
    const { json } = await tour.reader.get('/Users', id);
    if (json === undefined) return;
    compareShape(tour.ledger, `/Users/${id}`, { first: 'the list', a: listed, second: 'a read by id', b: json });
  });
  compareGroupsOfUsers(tour, walk);
  return `${count(walk.seen, 'record', 'records')} scanned, ${walk.pulledIn} pulled in, ${walk.ours.size} of this run`;
}

async function compareGroups(tour: Tour, kept: readonly PushedGroup[]): Promise<string> {
  const walk = await walkAll(tour, '/Groups');
  const groups = kept.filter(({ appId }) => appId !== undefined);
  for (const group of groups) {
    const resource = walk.ours.get(group.appId ?? '');
    const who = `Group "${group.name}"`;
    expect(tour, [who, 'a record in the import'], { expected: true, found: resource !== undefined });
    if (resource !== undefined) compareGroup(tour.ledger, group, resource);
  }
  await compareTotals(tour, walk, { known: new Set(groups.map(({ appId }) => appId)), before: tour.before.groups });
  return `${count(walk.seen, 'record', 'records')} scanned, ${walk.ours.size} of this run`;
}

interface Walk {
  readonly endpoint: '/Users' | '/Groups';
  readonly seen: number;
  readonly pulledIn: number;
  readonly total: number;
  /** This run's records by id, in the list's order. */
  readonly ours: ReadonlyMap<string, Json>;
}

async function walkAll(tour: Tour, endpoint: '/Users' | '/Groups'): Promise<Walk> {
  const ids = new Set<string>();
  const ours = new Map<string, Json>();
  let seen = 0;
  let pulledIn = 0;
  const take = ({ id, resource, pulledIn: isIn }: Imported): void => {
    seen++;
    if (isIn) pulledIn++;
    if (ids.has(id)) tour.ledger.remark(`${endpoint}/${id}`, 'the import', { expected: 'one record', found: 'two' });
    ids.add(id);
    const name = asText(member(resource, endpoint === '/Users' ? 'userName' : 'displayName')) ?? '';
    if (name.includes(tour.run)) ours.set(id, resource);
  };
  const walk = endpoint === '/Users' ? importUsers : importGroups;
  const { problem, total }: ImportResult = await walk(tour.okta, take);
  note(tour, `Import from ${endpoint}`, problem);
  return { endpoint, seen, pulledIn, total, ours };
}

interface Expected {
  readonly known: ReadonlySet<string | undefined>;
  readonly before: number | undefined;
}

/** Records too many or missing: in this run's own, in the list as a whole, and against what was there before. */
async function compareTotals(tour: Tour, walk: Walk, { known, before }: Expected): Promise<void> {
  const { endpoint, ours, seen, total } = walk;
  for (const [id, resource] of ours) {
    if (known.has(id)) continue;
    const name = member(resource, endpoint === '/Users' ? 'userName' : 'displayName');
    tour.ledger.remark(`${endpoint}/${id}`, 'this record', {
      expected: 'unknown to the app',
      found: JSON.stringify(name),
    });
  }
  expect(tour, [`Import from ${endpoint}`, 'the number of records'], { expected: total, found: seen });
  if (before !== undefined) {
    expect(tour, [`Import from ${endpoint}`, 'totalResults'], { expected: before + known.size, found: total });
  }
  // However short the page, the total is the whole (idp-clients §1.5).
  const stated = await tour.reader.total(endpoint);
  expect(tour, [`A page of one from ${endpoint}`, 'totalResults'], { expected: total, found: stated });
  compareOrder(tour, walk);
}

/** Two walks give the records they share in the same order (idp-clients §1.5: "stable across pages"). */
function compareOrder(tour: Tour, { endpoint, ours }: Walk): void {
  const earlier = new Set(tour.order.get(endpoint));
  const now = [...ours.keys()].filter((id) => earlier.has(id));
  const then = [...earlier].filter((id) => ours.has(id));
  tour.order.set(endpoint, [...ours.keys()]);
  if (now.join() === then.join()) return;
  tour.ledger.remark(`Import from ${endpoint}`, 'the order', {
    expected: 'that of the import before',
    found: 'another',
  });
}

/** `groups` of a user is the other side of `members`: if the server tells it at all, it tells it right (RFC 7643 §4.1.2). */
function compareGroupsOfUsers(tour: Tour, { ours }: Walk): void {
  const told = [...ours.values()].some((resource) => (asArray(member(resource, 'groups')) ?? []).length > 0);
  if (!told) return;
  const groups = tour.okta.groups.filter(({ appId }) => appId !== undefined);
  const names = new Map(groups.map(({ appId, name }) => [appId, name]));
  const nameOfRow = (row: Json): string => {
    const id = asText(member(row, 'value'));
    return names.get(id) ?? id ?? '';
  };
  for (const person of tour.okta.people) {
    const id = person.firstAppId;
    if (id === undefined) continue;
    const rows = asArray(member(ours.get(id), 'groups')) ?? [];
    const expected = groups.filter(({ members, others }) => members.has(person) || others.has(id));
    const sides = { expected: expected.map(({ name }) => name).sort(), found: rows.map(nameOfRow).sort() };
    if (!sameJson(sides.expected, sides.found)) tour.ledger.differ(nameOf(person), 'groups', sides);
  }
}
