import { member } from '../../json.ts';
import { idOf, recordsOf } from '../../judge/reader.ts';
import { compareShape } from '../../judge/user.ts';
import { expect, overAll } from '../../tour.ts';
import { compareGroup, compareUser } from '../compare.ts';
import type { PushedGroup } from '../group.ts';
import { nameOf, type Person } from '../person.ts';
import type { Tour } from './tour.ts';

const READING = 'Read it back';

/** Reads each account back and holds it against Okta's person. */
export async function checkPeople(tour: Tour, people: readonly Person[]): Promise<void> {
  await overAll(tour, { title: READING, items: people }, async (person) => {
    if (person.firstAppId === undefined) return;
    const read = await tour.reader.get('/Users', person.firstAppId);
    expect(tour, [nameOf(person), 'the status of a read by id'], { expected: 200, found: read.status });
    if (read.status === 200 && read.json !== undefined) compareUser(tour.ledger, person, read.json);
  });
}

/** What the create answered is what a read answers now. */
export async function checkCreated(tour: Tour, people: readonly Person[]): Promise<void> {
  await overAll(tour, { title: READING, items: people }, async (person) => {
    if (person.firstAppId === undefined || person.created === undefined) return;
    const { json } = await tour.reader.get('/Users', person.firstAppId);
    if (json === undefined) return;
    const views = { first: 'the reply to the create', a: person.created, second: 'a read by id', b: json };
    compareShape(tour.ledger, nameOf(person), views);
  });
}

/** The account, and only it, answers to the person's sign-in name, in any case (RFC 7643 §4.1.1). */
export async function checkFound(tour: Tour, people: readonly Person[]): Promise<void> {
  await overAll(tour, { title: READING, items: people }, async (person) => {
    if (person.firstAppId === undefined) return;
    const { login } = person.profile;
    for (const value of [login, login.toUpperCase()]) {
      const found = recordsOf(await tour.reader.find('/Users', 'userName', value)).map(idOf);
      const what = `the look-up by userName ${JSON.stringify(value)}`;
      expect(tour, [nameOf(person), what], { expected: person.firstAppId, found: found.join(', ') || undefined });
    }
  });
}

export async function checkGroups(tour: Tour, groups: readonly PushedGroup[]): Promise<void> {
  await overAll(tour, { title: READING, items: groups }, async (group) => {
    if (group.appId === undefined) return;
    const who = `Group "${group.name}"`;
    const read = await tour.reader.get('/Groups', group.appId);
    expect(tour, [who, 'the status of a read by id'], { expected: 200, found: read.status });
    if (read.status === 200 && read.json !== undefined) compareGroup(tour.ledger, group, read.json);
    const found = recordsOf(await tour.reader.find('/Groups', 'displayName', group.name));
    const names = found.map((record) => member(record, 'displayName'));
    expect(tour, [who, 'the look-up by displayName'], { expected: group.name, found: names[0] });
    expect(tour, [who, 'the number of groups with this name'], { expected: 1, found: names.length });
  });
}
