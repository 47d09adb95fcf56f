import { strict as assert } from 'node:assert';
import type { Okta } from '../../../src/idp/okta/okta.ts';
import { assign, unassign, update } from '../../../src/idp/okta/users.ts';
import { ask, done, hire, hireMany, refusedWith } from './administrator.ts';
import type { Step } from './story.ts';
import type { World } from './world.ts';

interface Directory {
  readonly organization: string;
  /** Where there are several. */
  readonly application?: string;
  /** What becomes of who is deactivated. */
  readonly deactivated: 'removed' | 'suspended';
}

const LIMIT = 10;
const MORE = 3;

/** None of the guides has it: a mistake in Okta takes ten people, the next ones wait for a person. */
export function massDeactivation<Scene extends { readonly world: World; readonly okta: Okta }>({
  organization,
  application,
  deactivated,
}: Directory): Step<Scene> {
  const where = ['--organization', organization, ...(application === undefined ? [] : ['--application', application])];
  return {
    holds: [],
    title: 'A mass deactivation is held after ten people, approved by a person, and never told as done before',
    async run({ world, okta }) {
      const people = hireMany(okta, 'Crowd', LIMIT + MORE);
      for (const person of people) await done(assign(okta, person));
      await world.joinery('guard', 'lift', ...where);
      const [first, held] = [people.slice(0, LIMIT), people.slice(LIMIT)];
      const isGone = async ({ appId }: (typeof people)[number]): Promise<boolean> => {
        const { status, body } = await ask(okta, 'GET', `/Users/${appId}`);
        return deactivated === 'removed' ? status === 404 : body.active === false;
      };
      for (const person of first) {
        await done(unassign(okta, person));
        assert.ok(await isGone(person));
      }
      let said = '';
      for (const person of held) {
        said = await refusedWith(unassign(okta, person), 'Conflict');
        assert.ok(!(await isGone(person)));
      }
      // The next user is served.
      const bystander = hire(okta, ['Next', 'User']);
      await done(assign(okta, bystander));
      await done(update(okta, bystander, { firstName: 'Served' }));
      const listed = await world.joinery('holds', 'list', ...where);
      for (const { profile } of held) assert.ok(listed.includes(profile.email), `holds list lacks ${profile.email}`);
      for (const { profile } of first) assert.ok(!listed.includes(profile.email), `holds list has ${profile.email}`);
      await world.joinery('holds', 'approve', '--all', ...where);
      for (const person of held) assert.ok(await isGone(person));
      // Okta's retry finds it done; who is removed, it cannot find any more.
      if (deactivated === 'suspended') for (const person of held) await done(unassign(okta, person));
      return `${LIMIT} applied, ${MORE} held and then approved; Okta was told: ${said}`;
    },
  };
}
