import { idOf, recordsOf } from '../../judge/reader.ts';
import { patchOf } from '../../patch-op.ts';
import { pathOf } from '../../place.ts';
import { USER } from '../../scim.ts';
import { count, expect } from '../../tour.ts';
import { MAPPINGS } from '../mapping.ts';
import { nameOf } from '../person.ts';
import { edited, type ProfileName } from '../profile.ts';
import { checkFound, checkPeople } from './check.ts';
import { change, cycle, forEach, type Step } from './tour.ts';

export const changing: readonly Step[] = [
  {
    title: 'Edit profiles',
    run: async (tour) => {
      const { updated } = tour.cast;
      change(updated, (person) => {
        const { givenName, surname, mail, postalCode, department, telephoneNumber } = person.profile;
        person.profile = edited(person.profile, {
          givenName: `${givenName}update`,
          surname: `${surname}-Ünïcødé`,
          joinedName: `${givenName}update ${surname}-Ünïcødé`,
          displayName: `${givenName}update ${surname}`,
          mail: `new.${mail}`,
          otherMail: `private.${mail}`,
          jobTitle: 'Principal 🎷 Engineer',
          telephoneNumber: `${telephoneNumber} ext. 2`,
          facsimileTelephoneNumber: '+1 425.555.0199',
          postalCode: `0${postalCode ?? ''}`,
          physicalDeliveryOfficeName: 'Geb. 7 «West»',
          department: `${department}/2`,
          costCenter: 'Kostenstelle-ß',
          appRole: 'auditor',
          appRoleName: 'Auditor',
        });
      });
      await cycle(tour);
      await checkPeople(tour, updated);
      return `${count(updated.length, 'profile', 'profiles')} changed in fifteen places each`;
    },
  },
  {
    title: 'Edit one attribute',
    run: async (tour) => {
      const { updated, cleared } = tour.cast;
      change([...updated, ...cleared], (person) => {
        person.profile = edited(person.profile, { nickName: `Nick of ${person.profile.givenName}` });
      });
      await cycle(tour);
      await checkPeople(tour, [...updated, ...cleared]);
      return `${count(updated.length + cleared.length, 'profile', 'profiles')}, an operation each`;
    },
  },
  {
    title: 'Empty attributes',
    run: async (tour) => {
      const { cleared } = tour.cast;
      change(cleared, (person) => {
        const empty = Object.fromEntries(EMPTIED.map((name) => [name, undefined]));
        person.profile = edited(person.profile, empty);
      });
      const writes = writesOf(tour);
      await cycle(tour);
      // A null is not provisioned (ED-ki): the app keeps what it has, and Entra knows.
      expect(tour, ['Emptied attributes', 'the number of writes'], { expected: 0, found: writesOf(tour) - writes });
      await checkPeople(tour, cleared);
      return `${count(cleared.length, 'profile', 'profiles')}; the app is told nothing and keeps what it had`;
    },
  },
  {
    title: 'Null updates, as the gallery suite sends them',
    run: async (tour) => {
      const { cleared } = tour.cast;
      // "" and then null for the next: both clear an optional attribute (idp-clients §2.5).
      await forEach(tour, cleared, async ({ appId, index, belief }) => {
        if (appId === undefined) return undefined;
        const value = index % 2 === 0 ? '' : null;
        const operations = MAPPINGS.filter(({ entra }) => EMPTIED.includes(entra)).map(({ place }) => ({
          op: tour.entra.flavour === 'classic' ? 'Replace' : 'replace',
          path: pathOf(place),
          value,
        }));
        const request = { operation: 'patch user', method: 'PATCH', path: `/Users/${appId}` } as const;
        const { problem } = await tour.entra.client.call({ ...request, body: patchOf(operations) });
        if (problem === undefined) for (const name of EMPTIED) belief?.values.set(name, undefined);
        return problem;
      });
      await checkPeople(tour, cleared);
      return `${count(cleared.length, 'profile', 'profiles')}: "" and null by turns`;
    },
  },
  {
    title: 'Change a sign-in name',
    run: async (tour) => {
      const { renamed } = tour.cast;
      const old = renamed.profile.userPrincipalName;
      change([renamed], (person) => {
        person.profile = edited(person.profile, { userPrincipalName: `married.${old}` });
      });
      await cycle(tour);
      const stale = recordsOf(await tour.reader.find('/Users', 'userName', old));
      const sides = { expected: 0, found: stale.length };
      expect(tour, [nameOf(renamed), 'the number of accounts under the old name'], sides);
      await checkPeople(tour, [renamed]);
      await checkFound(tour, [renamed]);
      return 'same account, found under the new name only';
    },
  },
  {
    title: 'Change and remove managers',
    run: async (tour) => {
      const { updated, cleared, newcomers } = tour.cast;
      const [boss] = newcomers;
      for (const person of [...updated, ...cleared]) {
        person.manager = cleared.includes(person) || person === boss ? undefined : boss;
        person.managerChanged = true;
      }
      await cycle(tour);
      await checkPeople(tour, [...updated, ...cleared]);
      return `${count(updated.length, 'manager', 'managers')} changed, ${cleared.length} removed`;
    },
  },
  {
    title: 'A taken name, kept in escrow and tried again',
    run: async (tour) => {
      const { rival } = tour.cast;
      const wanted = `wanted.${tour.run}@contoso.example.com`;
      const squatter = { schemas: [USER], userName: wanted.toUpperCase(), active: true };
      const { json } = await tour.reader.change('POST', '/Users', squatter);
      change([rival], (person) => {
        person.profile = edited(person.profile, { userPrincipalName: wanted });
      });
      const { failed } = await cycle(tour, new Set([rival]));
      const status = failed.get(rival)?.split('.')[0];
      expect(tour, [nameOf(rival), 'a userName that somebody has'], {
        expected: 'StatusCode: Conflict',
        found: status,
      });
      // Nothing of the refused PATCH was done.
      await checkPeople(tour, [rival]);
      const gone = await tour.reader.change('DELETE', `/Users/${idOf(json)}`);
      expect(tour, ['DELETE /Users/{id}', 'the status'], { expected: 204, found: gone.status });
      await cycle(tour);
      await checkPeople(tour, [rival]);
      expect(tour, [nameOf(rival), 'its place in escrow'], { expected: false, found: tour.entra.escrow.has(rival) });
      return 'refused with 409, and done in the next cycle';
    },
  },
];

const EMPTIED: readonly ProfileName[] = ['nickName', 'mobile', 'telephoneNumber', 'division', 'jobTitle', 'profileUrl'];

function writesOf(tour: Parameters<Step['run']>[0]): number {
  return tour.ledger.timings.filter(({ operation }) => /^(create|patch|delete)/.test(operation)).length;
}
