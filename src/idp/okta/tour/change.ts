import { eachOf } from '../../each.ts';
import { recordsOf } from '../../judge/reader.ts';
import { patchOf } from '../../patch-op.ts';
import { count, expect } from '../../tour.ts';
import { nameOf } from '../person.ts';
import { edited } from '../profile.ts';
import { forceSync, provisionUser, setPassword, update } from '../users.ts';
import { checkCreated, checkFound, checkPeople } from './check.ts';
import { forEach, type Step } from './tour.ts';

export const changing: readonly Step[] = [
  {
    title: 'Edit profiles',
    run: async (tour) => {
      const { updated } = tour.cast;
      await forEach(tour, updated, (okta, person) => {
        const { profile } = person;
        return update(okta, person, {
          firstName: `${profile.firstName}update`,
          lastName: `${profile.lastName}-Ünïcødé`,
          displayName: `${profile.firstName}update ${profile.lastName}`,
          email: `new.${profile.email}`,
          title: 'Principal 🎷 Engineer',
          primaryPhone: '415.123.4567',
          zipCode: `0${profile.zipCode ?? ''}`,
          department: `${profile.department}/2`,
          costCenter: 'Kostenstelle-ß',
        });
      });
      await checkPeople(tour, updated);
      return `${count(updated.length, 'profile', 'profiles')} changed in nine places each`;
    },
  },
  {
    title: 'Empty attributes',
    run: async (tour) => {
      const { cleared } = tour.cast;
      const empty = { nickName: undefined, mobilePhone: undefined, primaryPhone: undefined, division: undefined };
      const more = { middleName: undefined, honorificPrefix: undefined, state: undefined, title: undefined };
      const boss = { managerId: undefined, manager: undefined, profileUrl: undefined };
      await forEach(tour, cleared, (okta, person) => update(okta, person, { ...empty, ...more, ...boss }));
      await checkPeople(tour, cleared);
      return `${count(cleared.length, 'profile', 'profiles')}: left out, "" and null by turns`;
    },
  },
  {
    title: 'Change a sign-in name',
    run: async (tour) => {
      for (const person of tour.cast.renamed) {
        const old = person.profile.login;
        await forEach(tour, [person], (okta) => update(okta, person, { login: `married.${old}` }));
        const stale = recordsOf(await tour.reader.find('/Users', 'userName', old));
        expect(tour, [nameOf(person), 'the number of accounts under the old name'], {
          expected: 0,
          found: stale.length,
        });
      }
      await checkPeople(tour, tour.cast.renamed);
      await checkFound(tour, tour.cast.renamed);
      return 'same account, found under the new name only';
    },
  },
  {
    title: 'Set passwords',
    run: async (tour) => {
      const { secret } = tour.cast;
      await forEach(tour, secret, setPassword);
      await checkPeople(tour, secret);
      return `${count(secret.length, 'password', 'passwords')} sent, none shown again`;
    },
  },
  {
    title: 'Force Sync after edits in the app',
    run: async (tour) => {
      const meddled = tour.cast.meddled.filter(({ appId }) => appId !== undefined);
      // "Out of sync": Okta does not notice by itself (idp-clients §1.4c, h).
      await eachOf(meddled, tour.lanes, async ({ appId }) => {
        const body = patchOf([{ op: 'replace', path: 'displayName', value: 'Changed in the app' }]);
        await tour.reader.change('PATCH', `/Users/${appId}`, body);
      });
      const synced = tour.okta.people.filter(({ appId, assigned }) => assigned && appId !== undefined);
      await forEach(tour, synced, forceSync);
      await checkPeople(tour, synced);
      return `${count(synced.length, 'profile', 'profiles')} pushed again, ${meddled.length} put right`;
    },
  },
  {
    title: 'Provision people who were assigned before',
    run: async (tour) => {
      const { late } = tour.cast;
      for (const person of late) person.profile = edited(person.profile, { userType: 'Late joiner' });
      await forEach(tour, late, provisionUser);
      await checkCreated(tour, late);
      await checkPeople(tour, late);
      return `${count(late.length, 'user', 'users')} created`;
    },
  },
];
