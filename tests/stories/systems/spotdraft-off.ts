import { strict as assert } from 'node:assert';
import type { PushedGroup } from '../../../src/idp/okta/group.ts';
import { pushGroup } from '../../../src/idp/okta/groups.ts';
import { importGroups, importUsers, testCredentials } from '../../../src/idp/okta/import.ts';
import type { Okta } from '../../../src/idp/okta/okta.ts';
import { oktaId } from '../../../src/idp/okta/people.ts';
import type { Person } from '../../../src/idp/okta/person.ts';
import { assign, forceSync, setPassword, update } from '../../../src/idp/okta/users.ts';
import { account, accountsOf, ask, done, hire, refusedWith } from './administrator.ts';
import { soon } from './soon.ts';
import type { Step } from './story.ts';
import type { World } from './world.ts';

interface Scene {
  readonly world: World;
  /** The Okta of a workspace that has no more than the guide has today. */
  today: Okta;
  tom: Person;
}

const WHERE = ['--organization', 'acme', '--application', 'today'] as const;
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** What the guide says is not there yet: an application may still be without it. */
export const OFF: readonly Step<Scene>[] = [
  {
    holds: ['spotdraft.md:20', 'spotdraft.md:82', 'spotdraft.md:86'],
    title: 'A workspace without the four is connected, and has members, as ever',
    async run(scene) {
      const { world } = scene;
      const key = await world.key('acme', '--application', 'today', '--name', 'Okta today');
      scene.today = world.okta(key);
      await done(testCredentials(scene.today));
      scene.tom = hire(scene.today, ['Tom', 'Tan']);
      await done(assign(scene.today, scene.tom));
      await done(update(scene.today, scene.tom, { title: 'Counsel' }));
      assert.equal((await account(scene.today, scene.tom)).title, 'Counsel');
      return `accepted at ${key.baseUrl}, though imports are off`;
    },
  },
  {
    holds: ['spotdraft.md:20', 'spotdraft.md:22'],
    title: 'Where imports are off, they are refused with a sentence, while each member is found by name',
    async run({ today, tom }) {
      const { problem } = await importUsers(today, () => undefined);
      assert.match(problem ?? '', /^Forbidden\./);
      assert.match(problem ?? '', /import/i);
      for (const path of ['/Users?startIndex=1&count=100', '/Users', '/?count=10']) {
        assert.equal((await ask(today, 'GET', path)).status, 403, path);
      }
      assert.equal((await accountsOf(today, tom.profile.login)).length, 1);
      await done(forceSync(today, tom));
      return problem ?? '';
    },
  },
  {
    holds: ['spotdraft.md:20', 'spotdraft.md:23', 'spotdraft.md:24'],
    title: 'Where teams are off, they are neither imported nor pushed, and are in no discovery',
    async run({ today, tom }) {
      const types = await ask(today, 'GET', '/ResourceTypes');
      assert.deepEqual(
        types.body.Resources.map(({ id }: { id: string }) => id),
        ['User'],
      );
      const schemas = await ask(today, 'GET', '/Schemas');
      assert.ok(!schemas.text.includes('core:2.0:Group'), '/Schemas has groups');
      const seen: unknown[] = [];
      const imported = await importGroups(today, (record) => seen.push(record));
      assert.deepEqual(seen, []);
      const legal: PushedGroup = {
        ...{ oktaId: oktaId('00g', today.random), name: 'Legal' },
        ...{ members: new Set([tom]), others: new Set<string>(), appId: undefined },
      };
      const said = await refusedWith(pushGroup(today, legal), /group/i);
      assert.equal(legal.appId, undefined);
      const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Legal' };
      const { status } = await ask(today, 'POST', '/Groups', body);
      assert.ok(status === 403 || status === 404, `a group is answered with ${status}`);
      return `${imported.problem === undefined ? 'nothing to import' : imported.problem}; a push: ${said}`;
    },
  },
  {
    holds: ['spotdraft.md:20', 'spotdraft.md:25'],
    title: 'Where passwords are off, they are taken without a complaint, kept nowhere, and in no discovery',
    async run({ today, world, tom }) {
      const provider = await ask(today, 'GET', '/ServiceProviderConfig');
      assert.equal(provider.body.changePassword.supported, false);
      const schema = await ask(today, 'GET', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User');
      assert.ok(!schema.body.attributes.some(({ name }: { name: string }) => name === 'password'));
      const before = await account(today, tom);
      await done(setPassword(today, tom));
      const secret = 'Correct-Horse-Battery-9';
      const patch = { schemas: [PATCH], Operations: [{ op: 'replace', value: { password: secret } }] };
      const written = await ask(today, 'PATCH', `/Users/${tom.appId}`, patch);
      assert.ok(written.status < 300);
      assert.deepEqual(await account(today, tom), before);
      const isJournaled = async (): Promise<boolean> => {
        const journal = await world.joinery('journal', 'list', ...WHERE, '--limit', '20', '--json');
        return journal.includes(String(written.headers['x-request-id']));
      };
      await soon(isJournaled);
      assert.ok(!(await world.kept()).includes(secret), 'the password is in a file');
      return 'the account is as it was, and the password in no file';
    },
  },
];
