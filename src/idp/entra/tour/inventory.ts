import { eachOf } from '../../each.ts';
import { member } from '../../json.ts';
import { compareGroup } from '../../judge/group.ts';
import { idOf, recordsOf } from '../../judge/reader.ts';
import { compareShape, compareUser } from '../../judge/user.ts';
import { compareGroupsOfUsers, compareTotals, gather, type Walk } from '../../judge/walk.ts';
import { count, expect, note } from '../../tour.ts';
import { nameOf } from '../person.ts';
import type { Groups } from './cast.ts';
import { expectedGroup, expectedUser, peopleById } from './check.ts';
import type { Step, Tour } from './tour.ts';

/** Entra does not import: the judge walks through both lists, to see that nothing is missing and nothing too many. */
export function takingStock(groups: Groups, title: { users: string; groups: string }): readonly Step[] {
  return [
    { title: title.users, run: (tour) => compareUsers(tour) },
    { title: title.groups, run: (tour) => compareGroups(tour, groups) },
  ];
}

async function compareUsers(tour: Tour): Promise<string> {
  const walk = await walkAll(tour, '/Users');
  const accounts = tour.entra.people.filter(({ accountId }) => accountId !== undefined);
  for (const person of accounts) {
    const resource = walk.ours.get(person.accountId ?? '');
    const expected = expectedUser(person);
    expect(tour, [nameOf(person), 'a record in the list'], { expected: true, found: resource !== undefined });
    if (resource !== undefined && expected !== undefined) compareUser(tour.ledger, expected, resource);
  }
  const known = new Set(accounts.map(({ accountId }) => accountId));
  await compareTotals(tour, walk, { known, before: tour.before.users });
  await eachOf([...walk.ours].slice(0, 10), tour.lanes, async ([id, listed]) => {
    const { json } = await tour.reader.get('/Users', id);
    if (json === undefined) return;
    compareShape(tour.ledger, `/Users/${id}`, { first: 'the list', a: listed, second: 'a read by id', b: json });
  });
  compareMemberships(tour, walk);
  return `${count(walk.seen, 'record', 'records')} there, ${walk.ours.size} of this run`;
}

async function compareGroups(tour: Tour, groups: Groups): Promise<string> {
  const walk = await walkAll(tour, '/Groups');
  const kept = Object.values(groups).filter(({ appId }) => appId !== undefined);
  const labels = peopleById(tour);
  for (const group of kept) {
    const resource = walk.ours.get(group.appId ?? '');
    const who = `Group "${group.name}"`;
    expect(tour, [who, 'a record in the list'], { expected: true, found: resource !== undefined });
    if (resource !== undefined) compareGroup(tour.ledger, expectedGroup(group, labels), resource);
  }
  const known = new Set(kept.map(({ appId }) => appId));
  await compareTotals(tour, walk, { known, before: tour.before.groups });
  return `${count(walk.seen, 'record', 'records')} there, ${walk.ours.size} of this run`;
}

const PAGE = 100;

async function walkAll(tour: Tour, endpoint: '/Users' | '/Groups'): Promise<Walk> {
  const name = `The list of ${endpoint}`;
  const gathering = gather(tour, endpoint, 'the list');
  for (let startIndex = 1; ; startIndex += PAGE) {
    const page = await tour.reader.page(endpoint, startIndex, PAGE);
    note(tour, name, page.problem);
    const records = recordsOf(page);
    for (const record of records) gathering.take(idOf(record), record);
    const total = Number(member(page.json, 'totalResults'));
    if (total >= startIndex + PAGE && records.length > 0) continue;
    return { name, endpoint, seen: gathering.seen(), total, ours: gathering.ours };
  }
}

function compareMemberships(tour: Tour, walk: Walk): void {
  const groups = tour.entra.groups.filter(({ appId }) => appId !== undefined);
  const names = new Map(groups.map(({ appId, name }) => [appId, name]));
  const memberships = tour.entra.people.flatMap((person) => {
    const id = person.accountId;
    if (id === undefined) return [];
    const listing = groups.filter(({ pushed, others }) => pushed.has(id) || others.has(id));
    return [{ who: nameOf(person), id, groups: listing.map(({ name }) => name) }];
  });
  compareGroupsOfUsers(tour, walk, { memberships, names });
}
