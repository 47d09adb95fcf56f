import { eachOf } from '../../each.ts';
import { compareShape } from '../../judge/user.ts';
import { compareGroupsOfUsers, compareTotals, gather, type Walk } from '../../judge/walk.ts';
import { count, expect, note } from '../../tour.ts';
import { compareGroup, compareUser } from '../compare.ts';
import type { PushedGroup } from '../group.ts';
import { type Imported, importGroups, importUsers } from '../import.ts';
import { nameOf } from '../person.ts';
import type { Step, Tour } from './tour.ts';

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
  compareMemberships(tour, walk);
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

async function walkAll(tour: Tour, endpoint: '/Users' | '/Groups'): Promise<Walk & { readonly pulledIn: number }> {
  const name = `Import from ${endpoint}`;
  const gathering = gather(tour, endpoint, 'the import');
  let pulledIn = 0;
  const take = ({ id, resource, pulledIn: isIn }: Imported): void => {
    if (isIn) pulledIn++;
    gathering.take(id, resource);
  };
  const walk = endpoint === '/Users' ? importUsers : importGroups;
  const { problem, total } = await walk(tour.okta, take);
  note(tour, name, problem);
  return { name, endpoint, seen: gathering.seen(), pulledIn, total, ours: gathering.ours };
}

function compareMemberships(tour: Tour, walk: Walk): void {
  const groups = tour.okta.groups.filter(({ appId }) => appId !== undefined);
  const names = new Map(groups.map(({ appId, name }) => [appId, name]));
  const memberships = tour.okta.people.flatMap((person) => {
    const id = person.firstAppId;
    if (id === undefined) return [];
    const listing = groups.filter(({ members, others }) => members.has(person) || others.has(id));
    return [{ who: nameOf(person), id, groups: listing.map(({ name }) => name) }];
  });
  compareGroupsOfUsers(tour, walk, { memberships, names });
}
