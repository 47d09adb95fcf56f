import { strict as assert } from 'node:assert';
import { parse } from 'csv-parse/sync';
import { testCredentials } from '../../../src/idp/okta/import.ts';
import { MAPPINGS, USER_NAME_IS_EMAIL } from '../../../src/idp/okta/mapping.ts';
import type { Okta } from '../../../src/idp/okta/okta.ts';
import type { Person } from '../../../src/idp/okta/person.ts';
import { assign, create, deactivate, forceSync, provisionUser, unassign, update } from '../../../src/idp/okta/users.ts';
import { account, accountsOf, ask, callsOf, done, hire, refusedWith } from './administrator.ts';
import { massDeactivation } from './mass-deactivation.ts';
import { refusedSoon, soon } from './soon.ts';
import { defineStory } from './story.ts';
import type { Key, World } from './world.ts';

interface Scene {
  readonly world: World;
  key: Key;
  okta: Okta;
  zoe: Person;
  clashing: Person;
  unlicensed: Person;
}

const TO_APP = [...MAPPINGS.filter(({ okta }) => okta !== 'login'), USER_NAME_IS_EMAIL];
const WHERE = ['--organization', 'acme', '--application', 'app'] as const;

export const oktopostApp = defineStory<Scene>({
  name: 'oktopost-app',
  title: 'Oktopost, the application: accounts that follow Okta, and a list of those that could not',
  example: 'oktopost',
  publicUrl: 'https://app.oktopost.com',

  async begin(world) {
    await world.joinery('organization', 'create', '--name', 'Acme', '--slug', 'acme');
    return { world } as Scene;
  },

  steps: [
    {
      holds: ['oktopost.md:7', 'oktopost.md:9', 'oktopost.md:33', 'oktopost.md:34'],
      title: 'The application is connected apart from the board, with a key that its administrator was given',
      async run(scene) {
        const { world } = scene;
        scene.key = await world.key('acme', '--application', 'app');
        assert.equal(scene.key.baseUrl, 'https://app.oktopost.com/scim/v2');
        const eu = world.okta(scene.key, { baseUrl: 'https://eu-app.oktopost.com/scim/v2' });
        await done(testCredentials(eu));
        const board = world.okta(scene.key, { baseUrl: 'https://board.oktopost.com/scim/v2' });
        await refusedWith(testCredentials(board), 'Unauthorized');
        await refusedWith(testCredentials(world.okta({ ...scene.key, token: 'nobody gave it' })), 'Unauthorized');
        return 'on both hosts of the application; the key does not open the board';
      },
    },
    {
      holds: ['oktopost.md:36', 'oktopost.md:37', 'oktopost.md:38', 'oktopost.md:39'],
      title: 'Okta tests the connection when "To App" is saved',
      async run(scene) {
        scene.okta = scene.world.okta(scene.key, { mappings: TO_APP });
        await done(testCredentials(scene.okta));
        return 'accepted';
      },
    },
    {
      holds: ['oktopost.md:45', 'oktopost.md:47', 'oktopost.md:48'],
      title: 'Who was assigned before gets nothing, until "Provision now", or until unassigned and assigned',
      async run({ okta }) {
        const [early, before] = [hire(okta, ['Early', 'Bird']), hire(okta, ['Before', 'Hand'])];
        for (const person of [early, before]) person.assigned = true;
        const calls = await callsOf(okta, async () => {
          for (const person of [early, before]) {
            await done(forceSync(okta, person));
            await done(update(okta, person, { title: 'Unseen' }));
          }
        });
        assert.equal(calls, 0);
        assert.equal((await accountsOf(okta, early.profile.email)).length, 0);
        await done(provisionUser(okta, early));
        await done(unassign(okta, before));
        await done(assign(okta, before));
        for (const person of [early, before]) assert.equal((await account(okta, person)).active, true);
        return 'no call at all before; one account each way afterwards';
      },
    },
    {
      holds: ['oktopost.md:15', 'oktopost.md:17', 'oktopost.md:32', 'oktopost.md:43'],
      title: 'Who is assigned is created, with the e-mail address as username',
      async run(scene) {
        const { okta, world, key } = scene;
        scene.zoe = hire(okta, ['Zoë', 'Berg'], { login: 'zberg' });
        await done(assign(okta, scene.zoe));
        const { userName, active, emails } = await account(okta, scene.zoe);
        assert.deepEqual([userName, active], ['zoe.berg@acme.example', true]);
        assert.deepEqual(emails, [{ value: 'zoe.berg@acme.example', type: 'work', primary: true }]);
        const careless = world.okta(key);
        const ida = hire(careless, ['Ida', 'Iqbal'], { email: 'ida@acme.example' });
        return `created; with another username format: ${await refusedWith(assign(careless, ida), 'userName', 'e-mail')}`;
      },
    },
    {
      holds: ['oktopost.md:19', 'oktopost.md:21', 'oktopost.md:94'],
      title: 'Every later change in Okta overwrites what is here',
      async run({ okta, world, key, zoe }) {
        await done(update(okta, zoe, { lastName: 'Berg-Lund' }));
        const beside = { schemas: [PATCH], Operations: [{ op: 'replace', path: 'name.givenName', value: 'Zoo' }] };
        assert.ok((await ask(okta, 'PATCH', `/Users/${zoe.appId}`, beside)).status < 300);
        await done(forceSync(okta, zoe));
        const { name } = await account(okta, zoe);
        assert.deepEqual([name.givenName, name.familyName], ['Zoë', 'Berg-Lund']);
        const wizard = world.okta(key, { flavour: 'aiw', mappings: TO_APP });
        await done(update(wizard, zoe, { firstName: 'Zoé' }));
        assert.equal((await account(okta, zoe)).name.givenName, 'Zoé');
        return 'by PATCH and by PUT, over what somebody else had written';
      },
    },
    {
      holds: ['oktopost.md:23', 'oktopost.md:25'],
      title: 'Unassigned or deactivated in Okta is suspended here, and assigned again is the same account',
      async run({ okta, zoe }) {
        const id = zoe.appId;
        for (const leave of [unassign, deactivate]) {
          await done(leave(okta, zoe));
          assert.equal((await account(okta, zoe)).active, false);
          await done(assign(okta, zoe));
          assert.equal(zoe.appId, id);
          assert.equal((await account(okta, zoe)).active, true);
        }
        await done(unassign(okta, zoe));
        // As where Okta's look-up missed.
        await done(create(okta, zoe));
        assert.equal(zoe.appId, id);
        return 'twice suspended, and brought back by a change and by a create, always under its id';
      },
    },
    {
      holds: ['oktopost.md:87', 'oktopost.md:93', 'oktopost.md:97'],
      title: 'Username and e-mail change together, and never apart',
      async run({ okta, world, key, zoe }) {
        await done(update(okta, zoe, { email: 'zoe.lund@acme.example' }));
        const { userName, emails } = await account(okta, zoe);
        assert.deepEqual([userName, emails[0].value], ['zoe.lund@acme.example', 'zoe.lund@acme.example']);
        const patch = (value: object) => ({ schemas: [PATCH], Operations: [{ op: 'replace', value }] });
        const apart = [
          await ask(okta, 'PATCH', `/Users/${zoe.appId}`, patch({ userName: 'other@acme.example' })),
          await ask(
            okta,
            'PATCH',
            `/Users/${zoe.appId}`,
            patch({ emails: [{ value: 'o@acme.example', type: 'work', primary: true }] }),
          ),
          await ask(okta, 'PUT', `/Users/${zoe.appId}`, {
            ...(await account(okta, zoe)),
            userName: 'other@acme.example',
          }),
        ];
        for (const { status, body } of apart) {
          assert.ok(status >= 400 && status < 500, `${status}`);
          assert.match(body.detail, /userName/);
          assert.match(body.detail, /e-mail/);
        }
        const wizard = world.okta(key, { flavour: 'aiw' });
        await refusedWith(update(wizard, { ...zoe }, { login: 'zoe@elsewhere.example' }), 'userName');
        assert.equal((await account(okta, zoe)).userName, 'zoe.lund@acme.example');
        return String(apart[0]?.body.detail);
      },
    },
    {
      holds: ['oktopost.md:91', 'oktopost.md:94', 'oktopost.md:95', 'oktopost.md:96', 'oktopost.md:97'],
      title:
        'Only userName, given and family name and the primary work e-mail are kept; the rest is taken and forgotten',
      async run({ okta, world }) {
        const kim = hire(okta, ['Kim', 'Kaya'], { title: 'CEO', department: 'Board', mobilePhone: '1', nickName: 'K' });
        await done(assign(okta, kim));
        const beside = [
          { value: 'k@home.example', type: 'home' },
          { value: 'kim.other@acme.example', type: 'work' },
          { value: 'k.public@acme.example', type: 'other', primary: true },
        ];
        for (const email of beside) {
          const body = { schemas: [PATCH], Operations: [{ op: 'add', path: 'emails', value: [email] }] };
          assert.ok((await ask(okta, 'PATCH', `/Users/${kim.appId}`, body)).status < 300);
        }
        await done(update(okta, kim, { title: 'Chair', city: 'Bern', lastName: 'Kaya Ek' }));
        const { id, externalId, meta, schemas, ...kept } = await account(okta, kim);
        assert.deepEqual(schemas, ['urn:ietf:params:scim:schemas:core:2.0:User']);
        assert.deepEqual(kept, {
          userName: 'kim.kaya@acme.example',
          active: true,
          name: { givenName: 'Kim', familyName: 'Kaya Ek' },
          emails: [{ value: 'kim.kaya@acme.example', type: 'work', primary: true }],
        });
        const ignored = async (): Promise<string[]> => {
          const journal = await world.joinery('journal', 'list', ...WHERE, '--limit', '10', '--json');
          return journal.split('\n').flatMap((line) => (line === '' ? [] : JSON.parse(line).ignored));
        };
        await soon(async () => (await ignored()).includes('title'));
        return `of a person with a title, a department, a phone and four addresses: ${Object.keys(kept).join(', ')}`;
      },
    },
    {
      holds: ['oktopost.md:79'],
      title: 'Whose e-mail address is here already is refused with a sentence, and the next user is served',
      async run(scene) {
        const { okta, world, zoe } = scene;
        const file = world.file(
          'users.csv',
          'userName,name.givenName,name.familyName,emails.work\r\nann.abel@acme.example,Ann,Abel,ann.abel@acme.example\r\n',
        );
        await world.joinery('users', 'import', file, ...WHERE);
        scene.clashing = hire(okta, ['Ann', 'Abel']);
        const said = await refusedWith(assign(okta, scene.clashing), 'Conflict', 'ann.abel@acme.example');
        await refusedWith(create(okta, scene.clashing), 'Conflict', 'ann.abel@acme.example');
        const [ann] = await accountsOf(okta, 'ann.abel@acme.example');
        assert.equal(ann.externalId, undefined);
        assert.equal(ann.name.givenName, 'Ann');
        await done(update(okta, zoe, { lastName: 'Lund' }));
        return said;
      },
    },
    {
      holds: ['oktopost.md:80'],
      title:
        'Who finds no licence is refused with a sentence, the next user is served, and a retry works with another licence',
      async run(scene) {
        const { okta, world, zoe } = scene;
        const { body } = await ask(okta, 'GET', '/Users?filter=active%20eq%20true&count=0');
        await world.joinery('seats', 'set', ...WHERE, '--limit', String(body.totalResults));
        scene.unlicensed = hire(okta, ['Una', 'Ude']);
        const said = await refusedSoonOrNow(okta, scene.unlicensed);
        assert.match(said, new RegExp(`^Conflict\\..*\\b${body.totalResults}\\b`));
        await done(update(okta, zoe, { lastName: 'Lund-Berg' }));
        return said;
      },
    },
    {
      holds: ['oktopost.md:81'],
      title: 'A connection that fails is told in Okta, and listed here',
      async run({ world }) {
        const spare = await world.key('acme', '--application', 'app', '--name', 'expired one');
        const okta = world.okta(spare);
        await done(testCredentials(okta));
        const listed = await world.joinery('token', 'list', '--organization', 'acme');
        await world.joinery('token', 'revoke', /^(\S+) .*expired one/m.exec(listed)?.[1] ?? '');
        const said = await refusedSoon(() => testCredentials(okta), /^Unauthorized/);
        const failures = await world.joinery('failures', 'list', ...WHERE);
        assert.match(failures, /expired one/);
        return said;
      },
    },
    {
      holds: ['oktopost.md:77', 'oktopost.md:83'],
      title: 'Who could not be provisioned is a list to download, each with the sentence; it empties itself',
      async run({ okta, world, clashing, unlicensed }) {
        const download = async (): Promise<Record<string, string>[]> => {
          const text = await world.joinery('failures', 'export', ...WHERE, '--format', 'csv');
          return parse(text, { columns: true, bom: true });
        };
        const rowOf = (rows: readonly Record<string, string>[], { profile }: Person) =>
          rows.find((row) => Object.values(row).includes(profile.email));
        const before = await download();
        assert.match(Object.values(rowOf(before, clashing) ?? {}).join(' '), /exist/);
        assert.match(Object.values(rowOf(before, unlicensed) ?? {}).join(' '), /seat/);
        await world.joinery('seats', 'set', ...WHERE, '--limit', '100');
        let served = false;
        for (let tries = 0; !served && tries < 100; tries++) served = (await assign(okta, unlicensed)) === undefined;
        assert.ok(served, 'the licence was added, and the user is refused all the same');
        const after = await download();
        assert.equal(rowOf(after, unlicensed), undefined);
        assert.ok(rowOf(after, clashing));
        return `${before.length} rows; ${after.length} once the licence was there`;
      },
    },
    massDeactivation<Scene>({ organization: 'acme', application: 'app', deactivated: 'suspended' }),
  ],
});

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** The server hears of the limit within seconds; whoever was let in meanwhile is let out again. */
async function refusedSoonOrNow(okta: Okta, person: Person): Promise<string> {
  return refusedSoon(async () => {
    const said = await assign(okta, person);
    if (said === undefined) await done(unassign(okta, person));
    return said;
  });
}
