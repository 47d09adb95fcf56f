import { strict as assert } from 'node:assert';
import { confirm } from '../../../src/idp/okta/confirm.ts';
import { type Imported, importGroups, importUsers } from '../../../src/idp/okta/import.ts';
import { matchUsers } from '../../../src/idp/okta/match.ts';
import type { Okta } from '../../../src/idp/okta/okta.ts';
import { forceSync, unassign, update } from '../../../src/idp/okta/users.ts';
import { account, accountsOf, ask, done, hire } from './administrator.ts';
import type { Step } from './story.ts';
import type { World } from './world.ts';

interface Scene {
  readonly world: World;
  readonly okta: Okta;
}

const WHERE = ['--organization', 'acme', '--application', 'workspace'] as const;

/** Who was in the workspace before Okta: CSV, as the product writes its own members. */
const MEMBERS = `userName,name.givenName,name.familyName,emails.work,active
nora.nilsen@acme.example,Nora,Nilsen,nora.nilsen@acme.example,true
o.okafor@acme.example,Obi,Okafor,o.okafor@acme.example,true
pia.park@acme.example,Pia,Park,pia.park@acme.example,true
left.alone@acme.example,Left,Alone,left.alone@acme.example,true
gone.by@acme.example,Gone,By,gone.by@acme.example,false
`;

export const importMembers: Step<Scene> = {
  holds: ['spotdraft.md:20', 'spotdraft.md:22'],
  title: 'Members who are here are imported, matched with people of Okta or made new ones, and managed from then on',
  async run({ world, okta }) {
    await world.joinery('users', 'import', world.file('members.csv', MEMBERS), ...WHERE);
    const [known, alike] = [hire(okta, ['Nora', 'Nilsen']), hire(okta, ['Obi', 'Okafor'])];
    const records = await imported(okta, importUsers);
    const found = matchUsers(okta, records);
    const by = (name: string) => found.find(({ userName }) => userName.startsWith(name)) ?? assert.fail(name);
    // Whom Okta manages already, and who is deactivated, is not in the list.
    assert.deepEqual(found.map(({ userName, match, person }) => [userName.split('@')[0], match, person]).toSorted(), [
      ['left.alone', 'none', undefined],
      ['nora.nilsen', 'exact', known],
      ['o.okafor', 'partial', alike],
      ['pia.park', 'none', undefined],
    ]);
    assert.ok(confirm(okta, by('nora'), 'existing') === known && confirm(okta, by('o.okafor'), 'existing') === alike);
    const made = confirm(okta, by('pia'), 'new');
    assert.deepEqual([made.profile.firstName, made.profile.lastName], ['Pia', 'Park']);
    for (const person of [known, alike, made]) {
      const { appId } = person;
      await done(forceSync(okta, person));
      await done(update(okta, person, { title: 'Counsel' }));
      const { id, externalId, userName, title } = await account(okta, person);
      assert.deepEqual([id, externalId, userName, title], [appId, person.oktaId, person.profile.login, 'Counsel']);
    }
    await done(unassign(okta, made));
    assert.equal((await account(okta, made)).active, false);
    const [alone] = await accountsOf(okta, 'left.alone@acme.example');
    assert.deepEqual([alone?.externalId, alone?.active], [undefined, true]);
    return '1 exact, 1 partial, 2 new; 3 confirmed, synced and edited under their ids, 1 left as it was';
  },
};

export const importTeams: Step<Scene> = {
  holds: ['spotdraft.md:20', 'spotdraft.md:23'],
  title: 'Teams of the workspace are imported as groups, with their members',
  async run({ world, okta }) {
    // Teams that the product makes itself, with a key of its own.
    const product = world.okta(await world.key('acme', '--application', 'workspace', '--name', 'The product itself'));
    const [alone] = await accountsOf(okta, 'left.alone@acme.example');
    const [nora] = await accountsOf(okta, 'nora.nilsen@acme.example');
    const litigation = await makeTeam(product, 'Litigation', [nora.id, alone.id]);
    const archive = await makeTeam(product, 'Archive', []);
    const teams = async (): Promise<unknown[]> =>
      (await imported(okta, importGroups)).map(({ id, resource }) => [id, ...nameAndPeople(okta, resource)]).toSorted();

    // Who is in a team and not assigned in Okta is nobody there.
    assert.deepEqual(
      await teams(),
      [
        [litigation, 'Litigation', ['nora.nilsen@acme.example'], 2],
        [archive, 'Archive', [], 0],
      ].toSorted(),
    );
    const [obi] = await accountsOf(okta, 'obi.okafor@acme.example');
    const joined = { op: 'add', path: 'members', value: [{ value: obi.id }] };
    const left = { op: 'remove', path: `members[value eq "${alone.id}"]` };
    const patched = await ask(product, 'PATCH', `/Groups/${litigation}`, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [joined, left, { op: 'replace', path: 'displayName', value: 'Disputes' }],
    });
    assert.ok(patched.status < 300, patched.text);
    assert.equal((await ask(product, 'DELETE', `/Groups/${archive}`)).status, 204);
    assert.deepEqual(await teams(), [
      [litigation, 'Disputes', ['nora.nilsen@acme.example', 'obi.okafor@acme.example'], 2],
    ]);
    return 'two teams with their people; the next import has the new name and who joined, and not who left';
  },
};

/** All that "Import Now" walks over. */
async function imported(okta: Okta, walk: typeof importUsers): Promise<Imported[]> {
  const records: Imported[] = [];
  const { problem } = await walk(okta, (record) => records.push(record));
  assert.equal(problem, undefined);
  return records;
}

async function makeTeam(product: Okta, displayName: string, members: readonly string[]): Promise<string> {
  const { status, text, body } = await ask(product, 'POST', '/Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName,
    members: members.map((value) => ({ value })),
  });
  assert.equal(status, 201, text);
  return body.id;
}

/** The group in Okta: its name, those of its members whom Okta knows, and how many there are. */
function nameAndPeople({ people }: Okta, group: Imported['resource']): [string, string[], number] {
  const { displayName, members = [] } = group as unknown as Team;
  const known = members.flatMap(({ value }) => people.filter(({ appId }) => appId === value));
  return [displayName, known.map(({ profile }) => profile.login).toSorted(), members.length];
}

interface Team {
  readonly displayName: string;
  readonly members?: readonly { readonly value: string }[];
}
