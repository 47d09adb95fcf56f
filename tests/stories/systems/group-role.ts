import { strict as assert } from 'node:assert';
import type { PushedGroup } from '../../../src/idp/okta/group.ts';
import { memberDelta, pushGroup } from '../../../src/idp/okta/groups.ts';
import type { Mapping } from '../../../src/idp/okta/mapping.ts';
import { oktaId } from '../../../src/idp/okta/people.ts';
import { assign, update } from '../../../src/idp/okta/users.ts';
import { account, done, hire } from './administrator.ts';
import type { Step } from './story.ts';
import type { Key, World } from './world.ts';

interface GroupRole {
  readonly organization: string;
  readonly group: string;
  readonly role: string;
  readonly mappings: readonly Mapping[];
}

/** As `users show` prints it. */
interface Given {
  readonly role: string;
  readonly from: readonly { readonly kind: string }[];
}

/** None of the guides has it: Okta's PUT echoes all that it was shown, and must not make a group's role one of the user's own. */
export function groupRole<Scene extends { readonly world: World; readonly key: Key }>({
  organization,
  group: name,
  role,
  mappings,
}: GroupRole): Step<Scene> {
  return {
    holds: [],
    title: `A role comes with the group "${name}", through Okta's PUT of what it read, and goes with it`,
    async run({ world, key }) {
      const okta = world.okta(key, { flavour: 'aiw', mappings });
      const gil = hire(okta, ['Gil', 'Gray']);
      await done(assign(okta, gil));
      const group: PushedGroup = {
        oktaId: oktaId('00g', okta.random),
        name,
        members: new Set([gil]),
        others: new Set(),
        appId: undefined,
      };
      okta.groups.push(group);
      /** From where it has the role. */
      const sources = async (): Promise<string[]> => {
        const { email } = gil.profile;
        const shown = await world.joinery('users', 'show', '--organization', organization, '--user', email, '--json');
        const roles: readonly Given[] = JSON.parse(shown).roles;
        return roles.flatMap((given) => (given.role === role ? given.from.map(({ kind }) => kind) : []));
      };
      assert.deepEqual(await sources(), []);
      await done(pushGroup(okta, group));
      assert.deepEqual(await sources(), ['group']);
      await done(update(okta, gil, { title: 'Echoed' }));
      const read = await account(okta, gil);
      assert.equal(read.title, 'Echoed');
      assert.equal(read.roles, undefined);
      assert.deepEqual(await sources(), ['group']);
      await done(memberDelta(okta, group, { add: [], remove: [gil] }));
      assert.deepEqual(await sources(), []);
      await done(update(okta, gil, { title: 'Echoed again' }));
      assert.deepEqual(await sources(), []);
      return 'there after the push and after a PUT of what was read; gone with the membership, and not back by another PUT';
    },
  };
}
