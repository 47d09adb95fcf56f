import { strict as assert } from 'node:assert';
import type { Okta } from '../../../src/idp/okta/okta.ts';
import { assign, unassign } from '../../../src/idp/okta/users.ts';
import { account, ask, done, hireMany } from './administrator.ts';
import type { Step } from './story.ts';
import type { World } from './world.ts';

interface Directory {
  readonly organization: string;
  /** Where there are several. */
  readonly application?: string;
  /** The name of the key that Okta has. */
  readonly credential: string;
}

const MANY = 6;

/** None of the guides has it: what Okta did by mistake is taken back, after a dry run that said so. */
export function undone<Scene extends { readonly world: World; readonly okta: Okta }>({
  organization,
  application,
  credential,
}: Directory): Step<Scene> {
  const where = ['--organization', organization, ...(application === undefined ? [] : ['--application', application])];
  return {
    holds: [],
    title: 'What Okta did by mistake is undone: the same people under their ids, after a dry run that says how many',
    async run({ world, okta }) {
      const people = hireMany(okta, 'Mistake', MANY);
      for (const person of people) await done(assign(okta, person));
      await world.joinery('guard', 'lift', ...where);
      const before = await Promise.all(people.map((person) => account(okta, person)));
      const from = new Date().toISOString();
      for (const person of people) await done(unassign(okta, person));
      const to = new Date(Date.now() + 1).toISOString();
      const which = [...where, '--credential', credential, '--from', from, '--to', to, '--json'];

      const foretold = JSON.parse(await world.joinery('undo', ...which, '--dry-run'));
      for (const { appId } of people)
        assert.notDeepEqual((await ask(okta, 'GET', `/Users/${appId}`)).body?.active, true);
      const told = JSON.parse(await world.joinery('undo', ...which, '--yes'));
      assert.deepEqual(told.counts, foretold.counts);
      assert.equal(told.counts.restored + told.counts.activated, MANY);
      assert.equal(told.counts.conflicts + told.counts.refused, 0);

      for (const [at, person] of people.entries()) {
        const { meta: _, ...after } = await account(okta, person);
        const { meta: __, ...was } = before[at];
        assert.deepEqual(after, was);
      }
      return `${MANY} back as they were, and foretold`;
    },
  };
}
