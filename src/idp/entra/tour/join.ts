import { eachOf } from '../../each.ts';
import { idOf } from '../../judge/reader.ts';
import { GROUP, USER } from '../../scim.ts';
import { count, expect } from '../../tour.ts';
import { nameOf } from '../person.ts';
import { provisionUser, withoutFlag } from '../users.ts';
import type { Groups } from './cast.ts';
import { checkCreated, checkFound, checkGroups, checkPeople } from './check.ts';
import { change, cycle, forEach, type Step } from './tour.ts';

export function joining(groups: Groups): readonly Step[] {
  const { everyone, empty, team, linked, shortLived } = groups;
  return [
    {
      title: 'Initial cycle',
      run: async (tour) => {
        const { cast } = tour;
        // Some are in the app already: made by its own administrator, or signed up.
        const ids = await eachOf(cast.linked, tour.lanes, async ({ profile }) =>
          idOf((await tour.reader.change('POST', '/Users', signedUp(profile.userPrincipalName))).json),
        );
        const [someone] = cast.linked;
        const [first] = ids;
        const members = first === undefined || first === '' ? [] : [{ value: first }];
        // In another case: the name is put right with the link, in one PATCH with the externalId.
        const body = { schemas: [GROUP], displayName: linked.name.toLowerCase(), members };
        const group = idOf((await tour.reader.change('POST', '/Groups', body)).json);
        for (const { value } of members) linked.others.add(value);
        const people = [...cast.linked, ...cast.newcomers];
        change(people, (person) => {
          person.assigned = true;
        });
        for (const person of people) everyone.members.add(person);
        for (const person of people.slice(0, Math.ceil(people.length / 2))) team.members.add(person);
        for (const person of people.filter((each) => each !== someone).slice(0, 3)) linked.members.add(person);
        for (const person of people.slice(-3)) shortLived.members.add(person);
        for (const each of [everyone, empty, team, linked, shortLived]) each.changed = true;
        const { tasks } = await cycle(tour);
        for (const [at, person] of cast.linked.entries()) {
          expect(tour, [nameOf(person), 'the linked account'], { expected: ids[at], found: person.appId });
        }
        expect(tour, [`Group "${linked.name}"`, 'the linked group'], { expected: group, found: linked.appId });
        await checkPeople(tour, people);
        await checkFound(tour, people.slice(0, 8));
        await checkGroups(tour, Object.values(groups));
        return `${tasks} users and groups: ${cast.newcomers.length} users created, ${cast.linked.length} linked, 5 groups`;
      },
    },
    {
      title: 'A cycle with nothing to do',
      run: async (tour) => {
        const calls = tour.calls();
        await cycle(tour);
        expect(tour, ['An idle cycle', 'the number of calls'], { expected: 1, found: tour.calls() - calls });
        return 'the keep-alive, and nothing else';
      },
    },
    {
      title: 'Match by externalId, then by the work address',
      run: async (tour) => {
        const { byExternalId, byMail } = tour.cast;
        const people = [byExternalId, byMail];
        const accounts = [
          { ...signedUp(`ext.${tour.run}@old.example.com`), externalId: byExternalId.profile.mailNickname },
          {
            ...signedUp(`mail.${tour.run}@old.example.com`),
            emails: [{ value: byMail.profile.mail ?? null, type: 'work', primary: true }],
          },
        ];
        const ids: string[] = [];
        for (const body of accounts) ids.push(idOf((await tour.reader.change('POST', '/Users', body)).json));
        const before = tour.entra.matching;
        tour.entra.matching = ['mailNickname', 'mail'];
        change(people, (person) => {
          person.assigned = true;
        });
        await cycle(tour);
        tour.entra.matching = before;
        for (const [at, person] of people.entries()) {
          expect(tour, [nameOf(person), 'the linked account'], { expected: ids[at], found: person.appId });
        }
        await checkPeople(tour, people);
        await checkFound(tour, people);
        return '2 accounts with other sign-in names linked and renamed, none made twice';
      },
    },
    {
      title: 'Provision on demand',
      run: async (tour) => {
        const { late } = tour.cast;
        change(late, (person) => {
          person.assigned = true;
        });
        const byHand = withoutFlag(tour.entra);
        await forEach(tour, late, (person) => provisionUser(byHand, person));
        await checkCreated(tour, late);
        await checkPeople(tour, late);
        // Once more: nothing differs, nothing is written. Then an edit, in the shapes without the flag.
        change(late, (person) => {
          person.profile = { ...person.profile, jobTitle: 'On demand', department: 'By hand', city: 'Nürnberg' };
        });
        await forEach(tour, late, (person) => provisionUser(byHand, person));
        await checkPeople(tour, late);
        for (const person of late) team.members.add(person);
        await cycle(tour);
        await checkGroups(tour, [team]);
        return `${count(late.length, 'user', 'users')} created, read back and edited`;
      },
    },
  ];
}

/** Someone who signed up in the app itself, without a provider. */
function signedUp(userName: string) {
  const name = { givenName: 'Pat', familyName: 'Placeholder', formatted: 'Pat Placeholder' };
  const emails = [{ value: `pat.${userName.replace(/[^\w.@]/g, '')}`, type: 'work', primary: true }];
  return { schemas: [USER], userName, name, emails, active: true };
}
