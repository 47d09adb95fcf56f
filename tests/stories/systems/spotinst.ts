import { strict as assert } from 'node:assert';
import { confirm } from '../../../src/idp/okta/confirm.ts';
import { type Imported, importUsers, testCredentials } from '../../../src/idp/okta/import.ts';
import { matchUsers } from '../../../src/idp/okta/match.ts';
import type { Okta } from '../../../src/idp/okta/okta.ts';
import type { Person } from '../../../src/idp/okta/person.ts';
import { assign, create, deactivate, forceSync, unassign, update } from '../../../src/idp/okta/users.ts';
import { account, accountsOf, ask, done, hire, refusedWith } from './administrator.ts';
import { massDeactivation } from './mass-deactivation.ts';
import { defineStory } from './story.ts';
import type { Key, World } from './world.ts';

interface Scene {
  readonly world: World;
  key: Key;
  okta: Okta;
  /** Here before Okta came, and confirmed in an import. */
  nora: Person;
  /** Here before Okta came, and never confirmed. */
  owner: string;
  zoe: Person;
}

export const spotinst = defineStory<Scene>({
  name: 'spotinst',
  title: 'Spotinst: users are made and deleted, and nobody is edited',
  example: 'spotinst',
  publicUrl: 'https://api.spotinst.example',

  async begin(world) {
    await world.joinery('organization', 'create', '--name', 'Acme', '--slug', 'acme');
    return { world, owner: 'owner@acme.example' } as Scene;
  },

  steps: [
    {
      holds: [
        'spotinst.md:26',
        'spotinst.md:27',
        'spotinst.md:28',
        'spotinst.md:29',
        'spotinst.md:30',
        'spotinst.md:34',
      ],
      title: 'The token is inserted and tested, and "To App" is saved',
      async run(scene) {
        const { world } = scene;
        scene.key = await world.key('acme');
        scene.okta = world.okta(scene.key, { auth: 'raw-header' });
        for (let saved = 0; saved < 3; saved++) await done(testCredentials(scene.okta));
        await refusedWith(testCredentials(world.okta({ ...scene.key, token: 'none of ours' })), 'Unauthorized');
        return 'accepted each time; a wrong token is refused';
      },
    },
    {
      holds: [
        'spotinst.md:11',
        'spotinst.md:12',
        'spotinst.md:36',
        'spotinst.md:37',
        'spotinst.md:38',
        'spotinst.md:39',
        'spotinst.md:40',
      ],
      title: 'Users who are here are imported and confirmed',
      async run(scene) {
        const { okta, world, owner } = scene;
        const people = [
          'userName,name.givenName,name.familyName,emails.work',
          `${owner},Olga,Owner,${owner}`,
          'nora.nilsen@acme.example,Nora,Nilsen,nora.nilsen@acme.example',
        ];
        await world.joinery('users', 'import', world.file('users.csv', people.join('\n')), '--organization', 'acme');
        scene.nora = hire(okta, ['Nora', 'Nilsen'], { title: 'Known in Okta only' });
        const records: Imported[] = [];
        assert.equal((await importUsers(okta, (record) => records.push(record))).problem, undefined);
        const found = matchUsers(okta, records);
        assert.deepEqual(found.map(({ userName, match }) => `${userName} ${match}`).toSorted(), [
          'nora.nilsen@acme.example exact',
          `${owner} none`,
        ]);
        const nora = found.find(({ match }) => match === 'exact') ?? assert.fail('nobody');
        confirm(okta, nora, 'existing');
        return `2 users: ${nora.userName} is confirmed, ${owner} is not`;
      },
    },
    {
      holds: ['spotinst.md:41', 'spotinst.md:42', 'spotinst.md:43', 'spotinst.md:58'],
      title: 'Force Sync goes through',
      async run({ okta, world, key, nora }) {
        const before = await account(okta, nora);
        await done(forceSync(okta, nora));
        await done(forceSync(world.okta(key, { flavour: 'aiw' }), nora));
        const { meta: _, externalId, ...after } = await account(okta, nora);
        const { meta: __, externalId: ___, ...was } = before;
        assert.deepEqual(after, was);
        return `accepted by PATCH and by PUT, and nothing is written (externalId ${externalId ?? 'none'})`;
      },
    },
    {
      holds: ['spotinst.md:5', 'spotinst.md:6', 'spotinst.md:48', 'spotinst.md:50', 'spotinst.md:52'],
      title: 'Who is assigned is created',
      async run(scene) {
        const { okta } = scene;
        scene.zoe = hire(okta, ['Zoë', 'Berg']);
        await done(assign(okta, scene.zoe));
        const { userName, active } = await account(okta, scene.zoe);
        assert.deepEqual([userName, active], ['zoe.berg@acme.example', true]);
        return 'one user more';
      },
    },
    {
      holds: ['spotinst.md:56'],
      title: 'Updates are accepted and change nobody',
      async run({ okta, world, key, zoe, nora }) {
        for (const person of [zoe, nora]) {
          const before = await account(okta, person);
          await done(update(okta, person, { firstName: 'Somebody', title: 'Else' }));
          await done(update(world.okta(key, { flavour: 'aiw' }), person, { lastName: 'Entirely' }));
          assert.deepEqual(await account(okta, person), before);
        }
        return 'two users by PATCH and by PUT: the same to the byte, the version too';
      },
    },
    {
      holds: ['spotinst.md:59'],
      title: 'Existing users are not affected in any way',
      async run({ okta, owner }) {
        const [before] = await accountsOf(okta, owner);
        const path = `/Users/${before.id}`;
        const off = { schemas: [PATCH], Operations: [{ op: 'replace', value: { active: false } }] };
        const refused = [
          await ask(okta, 'PATCH', path, off),
          await ask(okta, 'PUT', path, { ...before, active: false }),
          await ask(okta, 'DELETE', path),
        ];
        for (const { status } of refused) assert.equal(status, 409);
        assert.deepEqual(await accountsOf(okta, owner), [before]);
        return String(refused[0]?.body.detail);
      },
    },
    {
      holds: ['spotinst.md:7', 'spotinst.md:8'],
      title: 'Who is deactivated in Okta is deleted, who was confirmed in an import too',
      async run({ okta, world, key, zoe, nora }) {
        // Two stay.
        for (const name of ['Stay', 'Stand']) await done(assign(okta, hire(okta, [name, 'Here'])));
        await done(deactivate(okta, zoe));
        await done(unassign(world.okta(key, { flavour: 'aiw' }), nora));
        for (const { appId, profile } of [zoe, nora]) {
          assert.equal((await ask(okta, 'GET', `/Users/${appId}`)).status, 404);
          assert.equal((await accountsOf(okta, profile.login)).length, 0);
        }
        return 'by PATCH and by PUT: 404, and in no look-up';
      },
    },
    {
      holds: ['spotinst.md:9', 'spotinst.md:10'],
      title: 'Who is reactivated in Okta is made anew',
      async run({ okta, zoe }) {
        const before = zoe.appId;
        await done(assign(okta, zoe));
        assert.notEqual(zoe.appId, before);
        const { active, id } = await account(okta, zoe);
        assert.deepEqual([active, id], [true, zoe.appId]);
        // Who is here and inactive, and was missed by Okta's look-up.
        const hand = hire(okta, ['Old', 'Hand']);
        const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
        const off = { schemas, userName: hand.profile.login, externalId: hand.oktaId, active: false };
        const { status, body: old } = await ask(okta, 'POST', '/Users', off);
        assert.equal(status, 201);
        await done(create(okta, hand));
        assert.notEqual(hand.appId, old.id);
        assert.equal((await ask(okta, 'GET', `/Users/${old.id}`)).status, 404);
        return 'the same name under another id; so is who was inactive';
      },
    },
    {
      holds: ['spotinst.md:60'],
      title: 'More than one user stays, whatever Okta asks, and the next user is served',
      async run({ world }) {
        await world.joinery('organization', 'create', '--name', 'Small', '--slug', 'small');
        const okta = world.okta(await world.key('small'));
        const people = ['One', 'Two', 'Three'].map((name) => hire(okta, [name, 'Of-Three']));
        for (const person of people) await done(assign(okta, person));
        const [one, two, three] = people as [Person, Person, Person];
        await done(unassign(okta, one));
        const said = await refusedWith(unassign(okta, two), 'Conflict', /\b2\b|two/);
        assert.equal((await account(okta, two)).active, true);
        await done(update(okta, three, { title: 'Served' }));
        await done(assign(okta, one));
        await done(unassign(okta, two));
        return said;
      },
    },
    massDeactivation<Scene>({ organization: 'acme', deactivated: 'removed' }),
  ],
});

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
