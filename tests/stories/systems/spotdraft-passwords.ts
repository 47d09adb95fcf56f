import { strict as assert } from 'node:assert';
import type { Okta } from '../../../src/idp/okta/okta.ts';
import { assign, deactivate, setPassword, update } from '../../../src/idp/okta/users.ts';
import { account, ask, done, hire } from './administrator.ts';
import { soon } from './soon.ts';
import type { Step } from './story.ts';
import type { Key, World } from './world.ts';

interface Scene {
  readonly world: World;
  readonly key: Key;
  readonly okta: Okta;
}

const WHERE = ['--organization', 'acme', '--application', 'workspace'] as const;
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
/** One after the other: at the create, by PATCH, by PUT, and by a request beside Okta's own. */
const PASSWORDS = [
  'Created-With-Basalt-71',
  'Patched-To-Ketchup-72',
  'Replaced-By-Lantern-73',
  'Asked-For-Umbrella-74',
];
const [CREATED = '', PATCHED = '', REPLACED = '', LAST = ''] = PASSWORDS;

export const syncPasswords: Step<Scene> = {
  holds: ['spotdraft.md:20', 'spotdraft.md:25'],
  title: 'A password of Okta works here until the next one does, and is nowhere to be read',
  async run({ world, key, okta }) {
    const provider = await ask(okta, 'GET', '/ServiceProviderConfig');
    assert.equal(provider.body.changePassword.supported, true);
    const vera = hire(okta, ['Vera', 'Vogel']);
    const user = ['--user', vera.profile.login] as const;
    const verifies = (password: string): Promise<boolean> => world.verifies(password, ...WHERE, ...user);
    const isNow = async (password: string, before: string): Promise<void> => {
      assert.deepEqual(await Promise.all([verifies(password), verifies(before)]), [true, false]);
    };

    await done(assign(okta, vera, CREATED));
    assert.equal(await verifies(CREATED), true);
    const { meta: _, ...shown } = await account(okta, vera);
    await done(setPassword(okta, vera, PATCHED));
    await isNow(PATCHED, CREATED);
    // A private app of Okta's has PUT only.
    await done(setPassword(world.okta(key, { flavour: 'aiw' }), vera, REPLACED));
    await isNow(REPLACED, PATCHED);
    await done(update(okta, vera, { title: 'Clerk' }));
    await done(deactivate(okta, vera));
    assert.equal(await verifies(REPLACED), false);
    await done(assign(okta, vera));
    const patch = { schemas: [PATCH], Operations: [{ op: 'replace', value: { password: LAST } }] };
    const last = await ask(okta, 'PATCH', `/Users/${vera.appId}`, patch);
    assert.ok(last.status < 300 && !last.text.includes(LAST));
    await isNow(LAST, REPLACED);

    const { meta: __, title, ...after } = await account(okta, vera);
    assert.deepEqual([after, title], [shown, 'Clerk']);
    const journal = (): Promise<string> => world.joinery('journal', 'list', ...WHERE, '--limit', '100', '--json');
    await soon(async () => (await journal()).includes(String(last.headers['x-request-id'])));
    const [listed, history, show] = await Promise.all([
      journal(),
      world.joinery('history', ...WHERE, ...user, '--json'),
      world.joinery('users', 'show', ...WHERE, ...user, '--json'),
    ]);
    const told = {
      'the journal': listed,
      history,
      'users show': show,
      'the log': world.logged(),
      'the database': await world.kept(),
    };
    for (const [where, text] of Object.entries(told)) {
      // What is looked through has her in it.
      assert.ok(text.includes(vera.appId ?? ''), `${where} does not know her`);
      for (const password of PASSWORDS) assert.ok(!text.includes(password), `${where} has a password`);
    }
    return `at the create, by PATCH and by PUT; none in ${Object.keys(told).join(', ')}`;
  },
};
