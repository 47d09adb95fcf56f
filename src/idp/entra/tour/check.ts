import { compareGroup } from '../../judge/group.ts';
import { idOf, recordsOf } from '../../judge/reader.ts';
import { compareShape, compareUser, type ExpectedUser } from '../../judge/user.ts';
import { expect, overAll } from '../../tour.ts';
import type { PushedGroup } from '../group.ts';
import { MANAGER, MAPPINGS } from '../mapping.ts';
import { nameOf, type Person } from '../person.ts';
import type { Tour } from './tour.ts';

const READING = 'Read it back';

/** Reads each account back and holds it against what Entra believes of it. */
export async function checkPeople(tour: Tour, people: readonly Person[]): Promise<void> {
  await overAll(tour, { title: READING, items: people }, async (person) => {
    const expected = expectedUser(person);
    if (expected?.id === undefined) return;
    const read = await tour.reader.get('/Users', expected.id);
    expect(tour, [expected.who, 'the status of a read by id'], { expected: 200, found: read.status });
    if (read.status === 200 && read.json !== undefined) compareUser(tour.ledger, expected, read.json);
  });
}

/** Undefined for someone who has no account. */
export function expectedUser(person: Person): ExpectedUser | undefined {
  const { accountId: id, belief } = person;
  if (id === undefined || belief === undefined) return undefined;
  const { values, active, manager } = belief;
  const mapped = MAPPINGS.filter(({ entra }) => entra !== 'mailNickname');
  return {
    ...{ who: nameOf(person), id, active, email: values.get('mail'), externalId: values.get('mailNickname') },
    values: [
      ...mapped.map(({ entra, place }) => ({ place, value: values.get(entra) })),
      { place: MANAGER, value: manager },
    ],
  };
}

/** What the create answered is what a read answers now, before anything else is written. */
export async function checkCreated(tour: Tour, people: readonly Person[]): Promise<void> {
  await overAll(tour, { title: READING, items: people }, async ({ accountId, created, ...person }) => {
    if (accountId === undefined || created === undefined) return;
    const { json } = await tour.reader.get('/Users', accountId);
    if (json === undefined) return;
    const views = { first: 'the reply to the create', a: created, second: 'a read by id', b: json };
    compareShape(tour.ledger, nameOf({ ...person, accountId, created }), views);
  });
}

/** The account, and only it, answers to the sign-in name, in any case: active or not (idp-clients §2.1, §2.4). */
export async function checkFound(tour: Tour, people: readonly Person[]): Promise<void> {
  await overAll(tour, { title: READING, items: people }, async (person) => {
    const { accountId, belief } = person;
    const name = belief?.values.get('userPrincipalName');
    if (accountId === undefined || name === undefined) return;
    for (const value of [name, name.toUpperCase()]) {
      const found = recordsOf(await tour.reader.find('/Users', 'userName', value)).map(idOf);
      const what = `the look-up by userName ${JSON.stringify(value)}`;
      expect(tour, [nameOf(person), what], { expected: accountId, found: found.join(', ') || undefined });
    }
  });
}

export async function checkGone(tour: Tour, who: string, { path, status }: { path: string; status: number }) {
  const [, endpoint, id = ''] = path.split('/');
  const read = await tour.reader.get(endpoint === 'Groups' ? '/Groups' : '/Users', id);
  expect(tour, [who, 'the status of a read by id'], { expected: status, found: read.status });
}

export async function checkGroups(tour: Tour, groups: readonly PushedGroup[]): Promise<void> {
  const labels = peopleById(tour);
  await overAll(tour, { title: READING, items: groups }, async (group) => {
    if (group.appId === undefined) return;
    const who = `Group "${group.name}"`;
    const read = await tour.reader.get('/Groups', group.appId);
    expect(tour, [who, 'the status of a read by id'], { expected: 200, found: read.status });
    if (read.status === 200 && read.json !== undefined) {
      compareGroup(tour.ledger, expectedGroup(group, labels), read.json);
    }
  });
}

export function expectedGroup(group: PushedGroup, people: ReadonlyMap<string, string>) {
  const { name, appId: id, objectId: externalId, pushed, others } = group;
  const members = new Map([...pushed, ...others].map((each) => [each, people.get(each) ?? each]));
  return { name, id, externalId, members, people };
}

export function peopleById(tour: Tour): ReadonlyMap<string, string> {
  return new Map(
    tour.entra.people.flatMap((person): [string, string][] =>
      person.accountId === undefined ? [] : [[person.accountId, nameOf(person)]],
    ),
  );
}
