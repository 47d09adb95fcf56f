import { strict as assert } from 'node:assert';
import { confirm } from '../../../src/idp/okta/confirm.ts';
import { type Imported, importUsers, testCredentials } from '../../../src/idp/okta/import.ts';
import { MAPPINGS, ROLE, USER_NAME_IS_EMAIL } from '../../../src/idp/okta/mapping.ts';
import { matchUsers } from '../../../src/idp/okta/match.ts';
import type { Okta } from '../../../src/idp/okta/okta.ts';
import type { Person } from '../../../src/idp/okta/person.ts';
import { assign, deactivate, forceSync, unassign, update } from '../../../src/idp/okta/users.ts';
import { account, accountsOf, ask, callsOf, done, hire, refusedWith } from './administrator.ts';
import { groupRole } from './group-role.ts';
import { massDeactivation } from './mass-deactivation.ts';
import { refusedSoon, soon } from './soon.ts';
import { defineStory } from './story.ts';
import { undone } from './undone.ts';
import type { Key, World } from './world.ts';

interface Scene {
  readonly world: World;
  key: Key;
  okta: Okta;
  zoe: Person;
  max: Person;
}

/** "Application username format: Email", and a role that the administrator mapped. */
const TO_APP = [...MAPPINGS.filter(({ okta }) => okta !== 'login'), USER_NAME_IS_EMAIL, ROLE];
const BASE = '/api/v1/users/scim/v2';

export const sparkpost = defineStory<Scene>({
  name: 'sparkpost',
  title: 'SparkPost: users of an e-mail platform, with roles',
  example: 'sparkpost',
  publicUrl: 'https://api.sparkpost.com',

  async begin(world) {
    await world.joinery('organization', 'create', '--name', 'Acme', '--slug', 'acme');
    return { world } as Scene;
  },

  steps: [
    {
      holds: ['sparkpost.md:14'],
      title: 'Only the plans test, premier and enterprise have provisioning',
      async run({ world }) {
        await world.joinery('organization', 'set', 'acme', '--plan', 'starter', '--sso');
        const said = await world.refused('token', 'create', '--organization', 'acme', '--name', 'okta');
        for (const word of ['starter', 'test', 'premier', 'enterprise']) assert.match(said, new RegExp(word));
        for (const plan of ['test', 'enterprise', 'premier']) {
          await world.joinery('organization', 'set', 'acme', '--plan', plan);
          await world.key('acme', '--name', plan);
        }
        return 'no token for a starter, one for each of the three';
      },
    },
    {
      holds: ['sparkpost.md:15'],
      title: 'Sign-in by SSO has to be on before provisioning',
      async run({ world }) {
        await world.joinery('organization', 'set', 'acme', '--no-sso');
        const said = await world.refused('token', 'create', '--organization', 'acme', '--name', 'okta');
        assert.match(said, /SSO/);
        await world.joinery('organization', 'set', 'acme', '--sso');
        return 'no token before, one after';
      },
    },
    {
      holds: ['sparkpost.md:16', 'sparkpost.md:22', 'sparkpost.md:25'],
      title: 'An administrator makes the token; it is shown once, and a lost one is replaced by another',
      async run(scene) {
        const { world } = scene;
        const lost = await world.key('acme', '--name', 'lost');
        scene.key = await world.key('acme', '--name', 'okta');
        assert.notEqual(lost.token, scene.key.token);
        const listed = await world.joinery('token', 'list', '--organization', 'acme');
        const stored = await world.kept();
        for (const { token } of [lost, scene.key]) {
          assert.ok(!listed.includes(token), 'token list shows a token');
          assert.ok(!stored.includes(token), 'the database has a token in clear');
        }
        const id = /^(\S+) .*\blost\b/m.exec(listed)?.[1] ?? '';
        await world.joinery('token', 'revoke', id);
        await refusedSoon(() => testCredentials(world.okta(lost)));
        // Who has a token has no way to another one.
        const okta = world.okta(scene.key);
        for (const path of ['/tokens', '/Tokens', '/credentials']) {
          assert.equal((await ask(okta, 'POST', path, { name: 'mine' })).status, 404);
        }
        return 'listed by name only, not in the database; the lost one is refused once it is revoked';
      },
    },
    {
      holds: ['sparkpost.md:37', 'sparkpost.md:38', 'sparkpost.md:39', 'sparkpost.md:40', 'sparkpost.md:42'],
      title: 'One path on the host of each region, and on a host for each enterprise tenant',
      async run({ world, key }) {
        assert.equal(key.baseUrl, `https://api.sparkpost.com${BASE}`);
        for (const host of ['api.sparkpost.com', 'api.eu.sparkpost.com', 'acme.api.e.sparkpost.com']) {
          const okta = world.okta(key, { baseUrl: `https://${host}${BASE}` });
          await done(testCredentials(okta));
        }
        const wrong = ['api.sparkpost.example', 'acme.api.sparkpost.com', 'a.b.api.e.sparkpost.com'];
        for (const host of wrong) {
          const { status, body } = await ask(world.okta(key, { baseUrl: `https://${host}${BASE}` }), 'GET', '/Users');
          assert.equal(status, 404, host);
          assert.equal(body.status, '404');
        }
        await world.joinery('organization', 'create', '--name', 'Beta', '--slug', 'beta', '--plan', 'premier', '--sso');
        const beta = await world.key('beta');
        const intruder = world.okta(beta, { baseUrl: `https://acme.api.e.sparkpost.com${BASE}` });
        assert.equal((await ask(intruder, 'GET', '/Users')).status, 401);
        return `three hosts answer; ${wrong.length} others are 404, and another customer's token is 401 on a tenant's host`;
      },
    },
    {
      holds: ['sparkpost.md:36', 'sparkpost.md:44', 'sparkpost.md:45', 'sparkpost.md:46', 'sparkpost.md:49'],
      title: 'The token is pasted and tested, and "To App" is saved',
      async run(scene) {
        scene.okta = scene.world.okta(scene.key, { mappings: TO_APP });
        await done(testCredentials(scene.okta));
        await done(testCredentials(scene.okta));
        const stranger = scene.world.okta({ ...scene.key, token: 'jn-of-somebody-else' });
        await refusedWith(testCredentials(stranger), 'Unauthorized');
        return 'accepted both times; a wrong token is refused';
      },
    },
    {
      holds: ['sparkpost.md:14', 'sparkpost.md:15'],
      title: 'A customer who leaves the plan, or switches SSO off, is told so in Okta',
      async run({ world, okta }) {
        await world.joinery('organization', 'set', 'acme', '--plan', 'starter');
        const plan = await refusedSoon(() => testCredentials(okta));
        assert.match(plan, /^Forbidden\..*\bpremier\b/);
        await world.joinery('organization', 'set', 'acme', '--plan', 'premier', '--no-sso');
        await refusedSoon(() => testCredentials(okta), /SSO/);
        await world.joinery('organization', 'set', 'acme', '--sso');
        await soon(async () => (await testCredentials(okta)) === undefined);
        return plan;
      },
    },
    {
      holds: ['sparkpost.md:8', 'sparkpost.md:29'],
      title: 'Who is assigned is created, with the e-mail address as username',
      async run(scene) {
        const { okta, world } = scene;
        scene.zoe = hire(okta, ['Zoë', 'Berg'], { login: 'zberg', role: 'developer' });
        scene.max = hire(okta, ['Max', 'Moore'], { role: 'admin' });
        await done(assign(okta, scene.zoe));
        await done(assign(okta, scene.max));
        const created = await account(okta, scene.zoe);
        assert.equal(created.userName, 'zoe.berg@acme.example');
        assert.equal(created.active, true);
        const careless = world.okta(scene.key, { mappings: [...MAPPINGS, ROLE] });
        const other = hire(careless, ['Ida', 'Iqbal'], { login: 'iiqbal', email: 'ida@acme.example' });
        const said = await refusedWith(assign(careless, other), 'userName', 'e-mail');
        assert.equal((await accountsOf(okta, 'iiqbal')).length, 0);
        return `two are there; with the format "Okta username": ${said}`;
      },
    },
    {
      holds: ['sparkpost.md:9'],
      title: 'A role that is changed in Okta is changed here',
      async run({ okta, zoe }) {
        assert.deepEqual(rolesOf(await account(okta, zoe)), ['developer']);
        await done(update(okta, zoe, { role: 'reporting' }));
        assert.deepEqual(rolesOf(await account(okta, zoe)), ['reporting']);
        const said = await refusedWith(update(okta, zoe, { role: 'emperor' }), 'emperor', 'developer');
        assert.deepEqual(rolesOf(await account(okta, zoe)), ['reporting']);
        await done(update(okta, zoe, { role: undefined }));
        assert.equal((await account(okta, zoe)).roles, undefined);
        await done(update(okta, zoe, { role: 'developer' }));
        return `given, changed and taken; one that does not exist: ${said}`;
      },
    },
    {
      holds: ['sparkpost.md:10'],
      title: 'Who is deactivated in Okta is removed, and is somebody new when assigned again',
      async run({ okta, world, key, zoe }) {
        const before = zoe.appId;
        await done(deactivate(okta, zoe));
        assert.equal((await ask(okta, 'GET', `/Users/${before}`)).status, 404);
        assert.equal((await accountsOf(okta, zoe.profile.email)).length, 0);
        await done(assign(okta, zoe));
        assert.notEqual(zoe.appId, before);
        // A private app of Okta's has PUT only.
        const wizard = world.okta(key, { flavour: 'aiw', mappings: TO_APP });
        const ivy = hire(wizard, ['Ivy', 'Ito']);
        await done(assign(wizard, ivy));
        await done(unassign(wizard, ivy));
        assert.equal((await ask(wizard, 'GET', `/Users/${ivy.appId}`)).status, 404);
        return 'gone by PATCH and by PUT; 404 and in no look-up; another id afterwards';
      },
    },
    {
      holds: [
        'sparkpost.md:11',
        'sparkpost.md:53',
        'sparkpost.md:56',
        'sparkpost.md:57',
        'sparkpost.md:58',
        'sparkpost.md:61',
      ],
      title: 'Users who are here are imported, matched or as new people, and managed from then on',
      async run({ okta, world }) {
        const nora = existing(['Nora', 'Nilsen'], 'nora.nilsen@acme.example', 'developer');
        const obi = existing(['Obi', 'Okafor'], 'o.okafor@acme.example', 'reporting');
        const pia = existing(['Pia', 'Park'], 'pia.park@acme.example', 'reporting');
        const left = existing(['Left', 'Alone'], 'left.alone@acme.example', 'reporting');
        const file = world.file('users.jsonl', [nora, obi, pia, left].map((user) => JSON.stringify(user)).join('\n'));
        await world.joinery('users', 'import', file, '--organization', 'acme');
        const known = hire(okta, ['Nora', 'Nilsen'], { role: 'developer' });
        const alike = hire(okta, ['Obi', 'Okafor'], { role: 'reporting' });
        const records: Imported[] = [];
        const { problem } = await importUsers(okta, (record) => records.push(record));
        assert.equal(problem, undefined);
        const found = matchUsers(okta, records);
        const by = (userName: string) => found.find((each) => each.userName === userName) ?? assert.fail(userName);
        assert.deepEqual(
          found.map(({ userName, match, person }) => [userName.split('@')[0], match, person]).toSorted(),
          [
            ['left.alone', 'none', undefined],
            ['nora.nilsen', 'exact', known],
            ['o.okafor', 'partial', alike],
            ['pia.park', 'none', undefined],
          ],
        );
        confirm(okta, by(nora.userName), 'existing');
        confirm(okta, by(obi.userName), 'existing');
        const made = confirm(okta, by(pia.userName), 'new');
        assert.equal(made.profile.role, 'reporting');
        for (const person of [known, alike, made]) await done(forceSync(okta, person));
        await done(update(okta, made, { role: 'developer' }));
        assert.deepEqual(rolesOf(await account(okta, made)), ['developer']);
        // Okta's username, of whom it took to be the same person.
        assert.equal((await account(okta, alike)).userName, 'obi.okafor@acme.example');
        const [alone] = await accountsOf(okta, left.userName);
        assert.deepEqual([alone?.externalId, rolesOf(alone)], [undefined, ['reporting']]);
        const calls = await callsOf(okta, () => update(okta, known, { firstName: 'Nora Lee' }));
        assert.equal(calls, 1);
        return '4 found: 1 exact, 1 partial, 2 new; 3 confirmed, synced and edited, 1 left as it was';
      },
    },
    groupRole<Scene>({ organization: 'acme', group: 'SparkPost admins', role: 'admin', mappings: TO_APP }),
    {
      holds: [],
      title: 'The last admin stays, and the next user is served',
      async run({ okta, zoe, max }) {
        await refusedWith(update(okta, max, { role: 'reporting' }), 'Conflict', 'admin');
        const said = await refusedWith(unassign(okta, max), 'Conflict', 'admin');
        const { active, roles } = await account(okta, max);
        assert.deepEqual([active, rolesOf({ roles })], [true, ['admin']]);
        await done(update(okta, zoe, { title: 'Lead' }));
        // With another one, the first may go.
        await done(update(okta, zoe, { role: 'admin' }));
        await done(unassign(okta, max));
        return said;
      },
    },
    massDeactivation<Scene>({ organization: 'acme', deactivated: 'removed' }),
    undone<Scene>({ organization: 'acme', credential: 'okta' }),
  ],
});

/** As the vendor has its own user. */
function existing([givenName, familyName]: readonly [string, string], userName: string, role: string) {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    ...{ userName, name: { givenName, familyName }, active: true },
    emails: [{ value: userName, type: 'work', primary: true }],
    roles: [{ value: role, type: 'base' }],
  };
}

function rolesOf(user: { roles?: readonly { value: string }[] }): string[] {
  return (user.roles ?? []).map(({ value }) => value);
}
