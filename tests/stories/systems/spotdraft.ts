import { strict as assert } from 'node:assert';
import { testCredentials } from '../../../src/idp/okta/import.ts';
import type { Okta } from '../../../src/idp/okta/okta.ts';
import type { Person } from '../../../src/idp/okta/person.ts';
import { assign, create, deactivate, unassign, update } from '../../../src/idp/okta/users.ts';
import { account, done, hire, refusedWith } from './administrator.ts';
import { massDeactivation } from './mass-deactivation.ts';
import { refusedSoon } from './soon.ts';
import { importMembers, importTeams } from './spotdraft-imports.ts';
import { OFF } from './spotdraft-off.ts';
import { syncPasswords } from './spotdraft-passwords.ts';
import { pushTeams } from './spotdraft-teams.ts';
import { defineStory } from './story.ts';
import { undone } from './undone.ts';
import type { Key, World } from './world.ts';

interface Scene {
  readonly world: World;
  key: Key;
  okta: Okta;
  zoe: Person;
  today: Okta;
  tom: Person;
}

const WORKSPACE = ['--application', 'workspace'] as const;

export const spotdraft = defineStory<Scene>({
  name: 'spotdraft',
  title: 'SpotDraft: members, teams and passwords of a workspace',
  example: 'spotdraft',
  publicUrl: 'https://api.spotdraft.example',

  async begin(world) {
    await world.joinery('organization', 'create', '--name', 'Acme', '--slug', 'acme', '--plan', 'free');
    return { world } as Scene;
  },

  steps: [
    {
      holds: ['spotdraft.md:7'],
      title: 'A key is made only for a customer whose plan includes SSO',
      async run(scene) {
        const { world } = scene;
        const said = await world.refused(
          'token',
          'create',
          '--organization',
          'acme',
          ...WORKSPACE,
          '--name',
          'Okta production',
        );
        for (const word of ['free', 'business', 'enterprise']) assert.match(said, new RegExp(word));
        await world.joinery('organization', 'set', 'acme', '--plan', 'business');
        return said.trim();
      },
    },
    {
      holds: ['spotdraft.md:59', 'spotdraft.md:60', 'spotdraft.md:61'],
      title: 'A key has a name, and is copied with the base URL; there may be several',
      async run(scene) {
        const { world } = scene;
        scene.key = await world.key('acme', ...WORKSPACE, '--name', 'Okta production');
        const other = await world.key('acme', ...WORKSPACE, '--name', 'Okta preview');
        assert.equal(scene.key.baseUrl, 'https://api.spotdraft.example/api/scim/v2');
        assert.notEqual(other.token, scene.key.token);
        const listed = await world.joinery('token', 'list', '--organization', 'acme');
        assert.match(listed, /Okta production/);
        const id = /^(\S+) .*Okta preview/m.exec(listed)?.[1] ?? '';
        await world.joinery('token', 'revoke', id);
        await refusedSoon(() => testCredentials(world.okta(other)), /^Unauthorized/);
        await done(testCredentials(world.okta(scene.key)));
        return `${scene.key.baseUrl} and a key; the end of one key is not the end of the other`;
      },
    },
    {
      holds: [
        'spotdraft.md:68',
        'spotdraft.md:74',
        'spotdraft.md:75',
        'spotdraft.md:76',
        'spotdraft.md:82',
        'spotdraft.md:86',
      ],
      title: 'Base URL and key are pasted into Okta and tested, and "To App" is saved',
      async run(scene) {
        scene.okta = scene.world.okta(scene.key);
        await done(testCredentials(scene.okta));
        await done(testCredentials(scene.okta));
        await refusedWith(testCredentials(scene.world.okta({ ...scene.key, token: 'a wrong key' })), 'Unauthorized');
        return 'accepted at both savings; a wrong key is refused';
      },
    },
    {
      holds: ['spotdraft.md:15', 'spotdraft.md:83', 'spotdraft.md:93'],
      title: 'Who is assigned becomes a member of the workspace',
      async run(scene) {
        const { okta } = scene;
        scene.zoe = hire(okta, ['Zoë', 'Berg'], { title: 'Counsel' });
        await done(assign(okta, scene.zoe));
        const { userName, active, title } = await account(okta, scene.zoe);
        assert.deepEqual([userName, active, title], ['zoe.berg@acme.example', true, 'Counsel']);
        const twin = hire(okta, ['Zoë', 'Berg']);
        return `a member; somebody else with the name: ${await refusedWith(create(okta, twin), 'Conflict')}`;
      },
    },
    {
      holds: ['spotdraft.md:16', 'spotdraft.md:84'],
      title: 'What changes in Okta changes here',
      async run({ okta, world, key, zoe }) {
        await done(update(okta, zoe, { lastName: 'Lund', title: 'General Counsel', department: 'Legal' }));
        const wizard = world.okta(key, { flavour: 'aiw' });
        await done(update(wizard, zoe, { title: 'Partner', department: undefined }));
        const user = await account(okta, zoe);
        assert.deepEqual([user.name.familyName, user.title], ['Lund', 'Partner']);
        assert.equal(user['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'], undefined);
        return 'by PATCH and by PUT; what was emptied is gone';
      },
    },
    {
      holds: ['spotdraft.md:17', 'spotdraft.md:85', 'spotdraft.md:93'],
      title: 'Deactivated in Okta is deactivated here, and reactivated is the same member',
      async run({ okta, world, key, zoe }) {
        const id = zoe.appId;
        const wizard = world.okta(key, { flavour: 'aiw' });
        for (const by of [okta, wizard]) {
          await done(deactivate(by, zoe));
          assert.equal((await account(okta, zoe)).active, false);
          await done(assign(by, zoe));
          assert.equal((await account(okta, zoe)).active, true);
        }
        await done(unassign(okta, zoe));
        await done(create(okta, zoe));
        assert.equal(zoe.appId, id);
        return 'by PATCH, by PUT and by a create: one id all along';
      },
    },
    importMembers,
    importTeams,
    pushTeams,
    syncPasswords,
    ...OFF,
    massDeactivation<Scene>({ organization: 'acme', application: 'workspace', deactivated: 'suspended' }),
    undone<Scene>({ organization: 'acme', application: 'workspace', credential: 'Okta production' }),
  ],
});
