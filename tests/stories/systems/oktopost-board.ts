import { strict as assert } from 'node:assert';
import { testCredentials } from '../../../src/idp/okta/import.ts';
import { MAPPINGS } from '../../../src/idp/okta/mapping.ts';
import type { Okta } from '../../../src/idp/okta/okta.ts';
import type { Person } from '../../../src/idp/okta/person.ts';
import { assign, create, unassign, update } from '../../../src/idp/okta/users.ts';
import { account, accountsOf, ask, done, hire, refusedWith } from './administrator.ts';
import { massDeactivation } from './mass-deactivation.ts';
import { defineStory } from './story.ts';
import type { Key, World } from './world.ts';

interface Scene {
  readonly world: World;
  app: Key;
  board: Key;
  okta: Okta;
  zoe: Person;
}

/** "Remove all attributes except username, given name and family name". */
const THREE = MAPPINGS.filter(({ okta }) => ['login', 'firstName', 'lastName'].includes(okta));

export const oktopostBoard = defineStory<Scene>({
  name: 'oktopost-board',
  title: 'Oktopost, the board: a second application of the same customer',
  example: 'oktopost',
  publicUrl: 'https://app.oktopost.com',

  async begin(world) {
    await world.joinery('organization', 'create', '--name', 'Acme', '--slug', 'acme');
    return { world } as Scene;
  },

  steps: [
    {
      holds: ['oktopost.md:9', 'oktopost.md:52', 'oktopost.md:56', 'oktopost.md:62', 'oktopost.md:64'],
      title: 'The board has a base URL and a key of its own, in both regions',
      async run(scene) {
        const { world } = scene;
        scene.app = await world.key('acme', '--application', 'app', '--name', 'the application');
        scene.board = await world.key('acme', '--application', 'board', '--name', 'the board');
        assert.equal(scene.board.baseUrl, 'https://board.oktopost.com/scim/v2');
        for (const host of ['board.oktopost.com', 'eu-board.oktopost.com']) {
          const baseUrl = `https://${host}/scim/v2`;
          await done(testCredentials(world.okta(scene.board, { baseUrl })));
          await refusedWith(testCredentials(world.okta(scene.app, { baseUrl })), 'Unauthorized');
        }
        const { baseUrl } = scene.app;
        await refusedWith(testCredentials(world.okta(scene.board, { baseUrl })), 'Unauthorized');
        return 'two hosts answer to the key of the board; neither key opens the other application';
      },
    },
    {
      holds: ['oktopost.md:66', 'oktopost.md:68'],
      title: 'The token goes in the Authorization header, with "Bearer" before it or bare',
      async run(scene) {
        const { world, board } = scene;
        for (const auth of ['bearer', 'raw-header'] as const) await done(testCredentials(world.okta(board, { auth })));
        await refusedWith(testCredentials(world.okta({ ...board, token: 'jn-of-nobody' })), 'Unauthorized');
        scene.okta = world.okta(board, { flavour: 'aiw', mappings: THREE });
        return 'both are accepted; a token that was never made is not';
      },
    },
    {
      holds: ['oktopost.md:67', 'oktopost.md:70', 'oktopost.md:73'],
      title: 'New users are pushed, with username, given and family name',
      async run(scene) {
        const { okta } = scene;
        scene.zoe = hire(okta, ['Zoë', 'Berg']);
        await done(assign(okta, scene.zoe));
        const { userName, active, name, emails } = await account(okta, scene.zoe);
        assert.deepEqual(
          { userName, active, name, emails },
          {
            userName: 'zoe.berg@acme.example',
            active: true,
            name: { givenName: 'Zoë', familyName: 'Berg' },
            emails: undefined,
          },
        );
        return 'one account, with these three and nothing else';
      },
    },
    {
      holds: ['oktopost.md:65'],
      title: 'Users are found by userName, in any case; there is one of each',
      async run({ okta, zoe }) {
        const found = await accountsOf(okta, 'ZOE.BERG@ACME.EXAMPLE');
        assert.deepEqual(
          found.map(({ id }) => id),
          [zoe.appId],
        );
        const double = hire(okta, ['Zoë', 'Berg']);
        const said = await refusedWith(create(okta, double), 'Conflict', 'zoe.berg@acme.example');
        assert.equal((await accountsOf(okta, 'zoe.berg@acme.example')).length, 1);
        return said;
      },
    },
    {
      holds: ['oktopost.md:67', 'oktopost.md:71'],
      title: 'Changes of a profile are pushed',
      async run({ okta, zoe }) {
        await done(update(okta, zoe, { lastName: 'Lund', login: 'zoe.lund@acme.example' }));
        const { userName, name } = await account(okta, zoe);
        assert.deepEqual([userName, name.familyName], ['zoe.lund@acme.example', 'Lund']);
        return 'a family name and a username';
      },
    },
    {
      holds: ['oktopost.md:72'],
      title: 'Who is unassigned is deactivated, and comes back as the same',
      async run({ okta, zoe }) {
        const id = zoe.appId;
        await done(unassign(okta, zoe));
        assert.equal((await account(okta, zoe)).active, false);
        await done(assign(okta, zoe));
        assert.equal((await account(okta, zoe)).active, true);
        assert.equal(zoe.appId, id);
        return 'off, and on again under the same id';
      },
    },
    {
      holds: ['oktopost.md:9', 'oktopost.md:52'],
      title: 'The board has people of its own: nobody of them is in the application, nor the other way round',
      async run({ world, app, okta, zoe }) {
        const main = world.okta(app);
        const max = hire(main, ['Max', 'Moore']);
        await done(assign(main, max));
        assert.equal((await accountsOf(main, zoe.profile.login)).length, 0);
        assert.equal((await accountsOf(okta, max.profile.login)).length, 0);
        assert.equal((await ask(main, 'GET', `/Users/${zoe.appId}`)).status, 404);
        // The same person may have an account in each.
        const zoeInApp = hire(main, ['Zoë', 'Lund']);
        await done(assign(main, zoeInApp));
        assert.notEqual(zoeInApp.appId, zoe.appId);
        await done(unassign(main, zoeInApp));
        assert.equal((await account(okta, zoe)).active, true);
        return 'each application knows its own; a person may be in both, apart';
      },
    },
    massDeactivation<Scene>({ organization: 'acme', application: 'board', deactivated: 'suspended' }),
  ],
});
