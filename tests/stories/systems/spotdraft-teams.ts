import { strict as assert } from 'node:assert';
import type { PushedGroup } from '../../../src/idp/okta/group.ts';
import { memberDelta, pushGroup, pushNow, renameGroup, unlink } from '../../../src/idp/okta/groups.ts';
import type { Okta } from '../../../src/idp/okta/okta.ts';
import { oktaId } from '../../../src/idp/okta/people.ts';
import type { Person } from '../../../src/idp/okta/person.ts';
import { assign } from '../../../src/idp/okta/users.ts';
import { account, ask, done, hire } from './administrator.ts';
import type { Step } from './story.ts';
import type { Key, World } from './world.ts';

interface Scene {
  readonly world: World;
  readonly key: Key;
  readonly okta: Okta;
}

export const pushTeams: Step<Scene> = {
  holds: ['spotdraft.md:20', 'spotdraft.md:24'],
  title: 'A group is pushed with its members, follows every change of it, and is renamed and removed as a team',
  async run({ world, key, okta }) {
    const crew = ['Ada', 'Ben', 'Cleo'].map((name) => hire(okta, [name, 'Crew']));
    for (const person of crew) await done(assign(okta, person));
    // A private app of Okta's has PUT only.
    const wizard = world.okta(key, { flavour: 'aiw' });
    for (const by of [okta, wizard]) await follow(by, crew);
    await meet(okta, crew);
    return 'by PATCH and by PUT; one that was here is linked, overwritten by Push Now, and stays when it is left';
  },
};

async function follow(okta: Okta, crew: readonly Person[]): Promise<void> {
  const [ada, ben, cleo] = crew as readonly [Person, Person, Person];
  const legal = groupOf(okta, 'Legal', [ada, ben]);
  await done(pushGroup(okta, legal));
  const id = legal.appId;
  await isTeam(okta, legal, 'Legal', [ada, ben]);
  await done(memberDelta(okta, legal, { add: [cleo], remove: [ada] }));
  await isTeam(okta, legal, 'Legal', [ben, cleo]);
  for (const [person, teams] of [
    [ada, []],
    [cleo, ['Legal']],
  ] as const) {
    const { groups = [] } = await account(okta, person);
    assert.deepEqual(
      groups.map(({ display }: { display: string }) => display),
      teams,
    );
  }

  // Somebody else takes one out and lets another one in: Push Now is what Okta has.
  const value = [{ value: ada.appId }];
  const beside = await ask(okta, 'PATCH', `/Groups/${id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path: 'members', value }],
  });
  assert.ok(beside.status < 300, beside.text);
  await isTeam(okta, legal, 'Legal', [ada]);
  await done(pushNow(okta, legal));
  await isTeam(okta, legal, 'Legal', [ben, cleo]);

  await done(renameGroup(okta, legal, 'Legal & Risk'));
  assert.equal(legal.appId, id);
  await isTeam(okta, legal, 'Legal & Risk', [ben, cleo]);
  assert.deepEqual([await named(okta, 'Legal'), await named(okta, 'legal & risk')], [[], [id]]);

  await done(memberDelta(okta, legal, { add: [], remove: [ben, cleo] }));
  await isTeam(okta, legal, 'Legal & Risk', []);
  await done(memberDelta(okta, legal, { add: [ben], remove: [] }));
  await done(unlink(okta, legal, 'delete'));
  assert.equal((await ask(okta, 'GET', `/Groups/${id}`)).status, 404);
  assert.deepEqual(await named(okta, 'Legal & Risk'), []);
  for (const person of crew) {
    const { active, groups } = await account(okta, person);
    assert.deepEqual([active, groups], [true, undefined]);
  }
}

/** Of a team that was here under the name: Okta looks it up, links it, and leaves its members in it until Push Now. */
async function meet(okta: Okta, crew: readonly Person[]): Promise<void> {
  const [ada, ben, cleo] = crew as readonly [Person, Person, Person];
  const made = await ask(okta, 'POST', '/Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: 'Sales',
    members: [{ value: ada.appId }],
  });
  const sales = groupOf(okta, 'Sales', [ben, cleo]);
  await done(pushGroup(okta, sales));
  assert.equal(sales.appId, made.body.id);
  await isTeam(okta, sales, 'Sales', [ada, ben, cleo]);
  await done(pushNow(okta, sales));
  await isTeam(okta, sales, 'Sales', [ben, cleo]);
  await done(unlink(okta, sales, 'leave'));
  assert.deepEqual(await named(okta, 'Sales'), [made.body.id]);
}

function groupOf({ groups, random }: Okta, name: string, members: readonly Person[]): PushedGroup {
  const others = new Set<string>();
  const group = { oktaId: oktaId('00g', random), name, members: new Set(members), others, appId: undefined };
  groups.push(group);
  return group;
}

async function isTeam(okta: Okta, { appId }: PushedGroup, name: string, people: readonly Person[]): Promise<void> {
  const { status, text, body } = await ask(okta, 'GET', `/Groups/${appId}`);
  assert.equal(status, 200, text);
  const ids = (body.members ?? []).map(({ value }: { value: string }) => value);
  const expected = people.map((person) => person.appId);
  assert.deepEqual([body.displayName, ids.toSorted()], [name, expected.toSorted()]);
}

/** The ids of the teams of a name: none or one. */
async function named(okta: Okta, name: string): Promise<string[]> {
  const filter = encodeURIComponent(`displayName eq ${JSON.stringify(name)}`);
  const { body } = await ask(okta, 'GET', `/Groups?filter=${filter}`);
  return body.Resources.map(({ id }: { id: string }) => id);
}
