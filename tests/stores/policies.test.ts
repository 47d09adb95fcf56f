import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Change, StoredRecord, Transaction } from '../../src/directory/index.ts';
import { USER } from '../../src/scim/index.ts';
import { DATABASES } from '../harness/index.ts';
import { AT, CONTEXT, DIRECTORY, LATER, OTHER, of, put, set, updated, user } from '../unit/store/fixture.ts';
import { openTemporary, type Temporary } from './temporary.ts';

describe.each(DATABASES)('on %s', (database) => {
  let temporary: Temporary;
  beforeEach(async () => {
    temporary = await openTemporary(database);
  });
  afterEach(() => temporary.end());

  const inside = <T>(work: (transaction: Transaction) => Promise<T>, directory = DIRECTORY): Promise<T> =>
    temporary.store.write(directory, work);
  const commit = (...changes: readonly Change[]) => inside((transaction) => transaction.commit(set(...changes)));

  describe('an organization and its directories', () => {
    const ACME = { id: 'o1', slug: 'acme', name: 'Acme', created: AT };
    const APP = { id: 'd1', organization: 'o1', application: 'app', created: AT };

    test('have a plan, SSO and rules where these were given, and not where they were not', async () => {
      const { store } = temporary;
      const sold = { ...ACME, id: 'o2', slug: 'sold', plan: 'premier', sso: true };
      const ruled = { ...APP, id: 'd2', organization: 'o2', policy: '{"seats":{"limit":5}}' };
      await store.createOrganization(ACME, [APP]);
      await store.createOrganization(sold, [ruled]);
      expect(await store.organizations()).toStrictEqual([ACME, sold]);
      expect(await store.organizationBySlug('sold')).toStrictEqual(sold);
      expect(await store.directory('o1', 'app')).toStrictEqual(APP);
      expect(await store.directory('o2', 'app')).toStrictEqual(ruled);
      expect(await store.directoryById('d1')).toStrictEqual({ directory: APP, organization: ACME });
      expect(await store.directoryById('d2')).toStrictEqual({ directory: ruled, organization: sold });
    });

    test('are altered in what is named, and nothing else', async () => {
      const { store } = temporary;
      await store.createOrganization(ACME, [APP]);
      await store.createOrganization({ ...ACME, id: 'o2', slug: 'other' }, []);
      const acme = async () => store.organizationBySlug('acme');
      await store.alterOrganization('o1', { plan: 'test' });
      expect(await acme()).toStrictEqual({ ...ACME, plan: 'test' });
      await store.alterOrganization('o1', { sso: true });
      expect(await acme()).toStrictEqual({ ...ACME, plan: 'test', sso: true });
      await store.alterOrganization('o1', {});
      await store.alterOrganization('o1', { plan: null, sso: false });
      expect(await acme()).toStrictEqual(ACME);
      await store.setDirectoryPolicy('d1', '{"deactivation":"remove"}');
      expect((await store.directoryById('d1'))?.directory).toStrictEqual({
        ...APP,
        policy: '{"deactivation":"remove"}',
      });
      await store.setDirectoryPolicy('d1', null);
      expect((await store.directoryById('d1'))?.directory).toStrictEqual(APP);
      expect(await store.organizationBySlug('other')).toStrictEqual({ ...ACME, id: 'o2', slug: 'other' });
    });

    test('altered here or in another process, what was remembered of credentials is looked up again', async () => {
      const { store, another } = temporary;
      await store.createOrganization(ACME, [APP]);
      await expect.poll(() => store.credentialEpoch()).toBeDefined();
      const epochs = [store.credentialEpoch()];
      const other = await another();
      const alterations = [
        () => store.setDirectoryPolicy('d1', '{}'),
        () => store.alterOrganization('o1', { sso: true }),
        () => other.setDirectoryPolicy('d1', null),
        () => other.alterOrganization('o1', { plan: 'test' }),
      ];
      for (const alter of alterations) {
        await alter();
        await expect.poll(() => epochs.includes(store.credentialEpoch())).toBe(false);
        epochs.push(store.credentialEpoch());
      }
    });
  });

  describe('who owns a user', () => {
    const unowned = (userName: string) => {
      const made = user(userName, { externalId: `x-${userName}` });
      const after = { ...made.change.after, unowned: true as const };
      return { ...made, change: { ...made.change, after }, record: { ...made.record, unowned: true as const } };
    };

    /** As every way of looking finds it. */
    async function seen({ id, record }: { id: string; record: StoredRecord }): Promise<(true | undefined)[]> {
      const reader = temporary.store.reader(DIRECTORY);
      const { userName, externalId } = JSON.parse(record.text);
      const page = async (count: number) =>
        (await reader.page(of(USER), { startIndex: 1, count }, CONTEXT)).records.find((one) => one.id === id);
      const found = [
        await reader.record('User', id),
        await page(100),
        ...(await inside(async (transaction) => [
          await transaction.record('User', id),
          await transaction.byName('User', userName),
          await transaction.byExternalId('User', externalId),
        ])),
      ];
      for (const one of found) expect(one).toMatchObject({ id, text: record.text });
      return found.map((one) => one?.unowned);
    }

    test('nobody, where it was made so; a provider, where nothing else was said', async () => {
      const [existing, made] = [unowned('existing'), user('made', { externalId: 'x-made' })];
      await put(temporary.store, DIRECTORY, existing, made);
      expect(new Set(await seen(existing))).toEqual(new Set([true]));
      expect(new Set(await seen(made))).toEqual(new Set([undefined]));
    });

    test('a provider takes it over, and gives it back; its version stays, and history has both', async () => {
      const existing = unowned('existing');
      await put(temporary.store, DIRECTORY, existing);
      await commit({ kind: 'owner', record: existing.record, owned: true });
      expect(new Set(await seen(existing))).toEqual(new Set([undefined]));
      await commit({ kind: 'owner', record: existing.record, owned: false });
      expect(new Set(await seen(existing))).toEqual(new Set([true]));
      expect(await temporary.store.reader(DIRECTORY).record('User', existing.id)).toMatchObject({
        version: 1,
        modified: AT,
      });
      await temporary.database.numbered();
      const history = await temporary.store.changesAfter(DIRECTORY, 1, 10);
      expect(history.map(({ kind, subject, before, after }) => [kind, subject, before, after])).toEqual([
        ['owner', existing.id, '{"owned":false}', '{"owned":true}'],
        ['owner', existing.id, '{"owned":true}', '{"owned":false}'],
      ]);
    });

    test('an update leaves it as it is; with a removal history says that nobody did', async () => {
      const existing = unowned('existing');
      await put(temporary.store, DIRECTORY, existing);
      await commit(updated(USER, existing.record, { title: 'x' }));
      expect(await temporary.store.reader(DIRECTORY).record('User', existing.id)).toMatchObject({ unowned: true });
      await commit({ kind: 'removed', before: existing.record, memberOf: [] });
      await temporary.database.numbered();
      const [removal] = await temporary.store.changesAfter(DIRECTORY, 2, 1);
      expect(JSON.parse(removal?.before ?? '')).toMatchObject({ owned: false, memberOf: [] });
    });

    test('of one who is not there is a defect', async () => {
      const nobody = user('nobody').record;
      await expect(commit({ kind: 'owner', record: nobody, owned: true })).rejects.toThrow(`no record ${nobody.id}`);
    });
  });

  describe('a password', () => {
    test('is kept as its hash, the latest, for its user and directory, and goes with the user', async () => {
      const { store } = temporary;
      const [one, two] = [user('one'), user('two')];
      await put(store, DIRECTORY, one, two);
      await put(store, OTHER, { ...one });
      expect(await store.passwordOf(DIRECTORY, one.id)).toBeUndefined();
      await commit({ kind: 'password', record: one.record, hash: 'scrypt$1' });
      await commit({ kind: 'password', record: one.record, hash: 'scrypt$2' });
      expect(await store.passwordOf(DIRECTORY, one.id)).toBe('scrypt$2');
      expect(await store.passwordOf(DIRECTORY, two.id)).toBeUndefined();
      expect(await store.passwordOf(OTHER, one.id)).toBeUndefined();
      expect(await store.reader(DIRECTORY).record('User', one.id)).toMatchObject({ version: 1 });
      await commit({ kind: 'removed', before: one.record, memberOf: [] });
      expect(await store.passwordOf(DIRECTORY, one.id)).toBeUndefined();
    });

    test('is in no row of history, which says that there was a new one', async () => {
      const one = user('one');
      await put(temporary.store, DIRECTORY, one);
      await commit({ kind: 'password', record: one.record, hash: 'scrypt$secret' });
      await temporary.database.numbered();
      const history = await temporary.store.changesAfter(DIRECTORY, 0, 10);
      expect(history.at(-1)).toMatchObject({ kind: 'password', type: 'User', subject: one.id });
      expect(JSON.stringify(history)).not.toContain('secret');
    });
  });

  test('what a person told the guard of a directory stays until something else is said', async () => {
    const { store } = temporary;
    const within = (directory = DIRECTORY) => inside((transaction) => transaction.guardState(), directory);
    expect(await within()).toEqual({ since: undefined, snoozedUntil: undefined });
    await store.setGuardState(DIRECTORY, { since: AT });
    await store.setGuardState(DIRECTORY, { snoozedUntil: LATER });
    expect(await within()).toEqual({ since: AT, snoozedUntil: LATER });
    expect(await store.guardState(DIRECTORY)).toEqual({ since: AT, snoozedUntil: LATER });
    await store.setGuardState(DIRECTORY, { snoozedUntil: undefined });
    expect(await store.guardState(DIRECTORY)).toEqual({ since: AT, snoozedUntil: undefined });
    expect(await within(OTHER)).toEqual({ since: undefined, snoozedUntil: undefined });
  });

  test('T-TEN-08 nothing of it is asked without a directory', async () => {
    const { store } = temporary;
    const asked = [
      () => store.userCounts(''),
      () => store.passwordOf('', 'u'),
      () => store.guardState(''),
      () => store.setGuardState('', {}),
      () => store.holds('', { states: ['open'], after: undefined, limit: 1 }),
    ];
    for (const ask of asked) await expect(ask()).rejects.toThrow('a directory is needed');
  });
});
