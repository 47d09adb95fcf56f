import { eachOf } from '../../each.ts';
import { member } from '../../json.ts';
import { USER } from '../../scim.ts';
import { count, expect } from '../../tour.ts';
import { nameOf } from '../person.ts';
import { assign } from '../users.ts';
import { checkCreated, checkFound, checkPeople } from './check.ts';
import { forEach, type Step } from './tour.ts';

export const joining: readonly Step[] = [
  {
    title: 'Assign people who are new',
    run: async (tour) => {
      const { newcomers, late } = tour.cast;
      // Assigned while provisioning was off: Okta knows them, the app does not.
      for (const person of late) person.assigned = true;
      await forEach(tour, newcomers, assign);
      await checkCreated(tour, newcomers);
      await checkPeople(tour, newcomers);
      await checkFound(tour, newcomers.slice(0, 8));
      return `${count(newcomers.filter(({ created }) => created).length, 'user', 'users')} created and read back`;
    },
  },
  {
    title: 'Assign people who are there already',
    run: async (tour) => {
      const { linked } = tour.cast;
      const ids = await eachOf(linked, tour.lanes, async ({ profile }) => {
        const made = await tour.reader.change('POST', '/Users', signedUp(profile.login));
        return member(made.json, 'id');
      });
      await forEach(tour, linked, assign);
      await checkPeople(tour, linked);
      for (const [at, person] of linked.entries()) {
        expect(tour, [nameOf(person), 'the linked account'], { expected: ids[at], found: person.appId });
        if (tour.okta.flavour.userUpdate === 'PUT') await checkFormatted(tour, person);
      }
      return `${count(linked.length, 'account', 'accounts')} linked and updated, none made twice`;
    },
  },
];

const OLD_NAME = 'Pat Placeholder';

/** Someone who signed up in the app itself, without a provider. */
function signedUp(userName: string) {
  const name = { givenName: 'Pat', familyName: 'Placeholder', formatted: OLD_NAME };
  const emails = [{ value: `pat.${userName.replace(/[^\w.@]/g, '')}`, type: 'work', primary: true }];
  return { schemas: [USER], userName, name, emails, active: true };
}

/** Okta's PUT echoes the old `name.formatted`; it must not outlive the name it was made of (idp-clients §1.4c). */
async function checkFormatted(tour: Parameters<Step['run']>[0], person: Parameters<typeof nameOf>[0]): Promise<void> {
  if (person.appId === undefined) return;
  const { json } = await tour.reader.get('/Users', person.appId);
  const formatted = member(member(json, 'name'), 'formatted');
  if (formatted !== OLD_NAME) return;
  tour.ledger.remark(nameOf(person), 'name.formatted', { expected: 'the new name or nothing', found: `"${OLD_NAME}"` });
}
