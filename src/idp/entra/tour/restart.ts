import { patchOf } from '../../patch-op.ts';
import { expect } from '../../tour.ts';
import { restart } from '../cycle.ts';
import { isInScope, nameOf } from '../person.ts';
import type { Groups } from './cast.ts';
import { checkGroups, checkPeople } from './check.ts';
import { cycle, type Step } from './tour.ts';

/** "Restart provisioning": the one time that Entra looks at everybody again, and puts right what was changed behind it. */
export function restarting({ everyone, team, empty, linked }: Groups): readonly Step[] {
  return [
    {
      title: 'Restart after edits in the app',
      run: async (tour) => {
        const meddled = tour.cast.meddled.filter((person) => isInScope(person) && person.appId !== undefined);
        const lost = meddled.at(-1);
        for (const person of meddled) {
          const path = `/Users/${person.appId}`;
          if (person === lost) await tour.reader.change('DELETE', path);
          else await tour.reader.change('PATCH', path, patchOf([{ op: 'replace', path: 'title', value: 'Changed' }]));
        }
        const [someone] = [...team.pushed].filter((id) => id !== lost?.appId);
        const removal = { op: 'remove', path: `members[value eq "${someone}"]` };
        await tour.reader.change('PATCH', `/Groups/${team.appId}`, patchOf([removal]));
        const before = lost?.appId;
        restart(tour.entra);
        const { tasks } = await cycle(tour);
        if (lost !== undefined) {
          const isNew = lost.appId !== before;
          expect(tour, [nameOf(lost), 'a new account for the one deleted in the app'], {
            expected: true,
            found: isNew,
          });
        }
        await checkPeople(tour, tour.entra.people);
        await checkGroups(tour, [everyone, team, empty, linked]);
        return `${tasks} users and groups looked at, ${meddled.length} put right, one of them made anew`;
      },
    },
  ];
}
