import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Credential } from '../../src/access/index.ts';
import { UniqueKeyTaken } from '../../src/directory/index.ts';
import { DATABASES } from '../harness/index.ts';
import { AT, LATER } from '../unit/store/fixture.ts';
import { openTemporary, type Temporary } from './temporary.ts';

describe.each(DATABASES)('on %s', (database) => {
  let temporary: Temporary;
  beforeEach(async () => {
    temporary = await openTemporary(database);
  });
  afterEach(() => temporary.end());

  const ACME = { id: 'o1', slug: 'acme', name: 'Acme', created: AT };
  const APP = { id: 'd1', organization: 'o1', application: 'app', created: AT };
  const BOARD = { id: 'd2', organization: 'o1', application: 'board', created: AT };
  const credential = (id: string, given: Partial<Credential> = {}): Credential => ({
    id,
    directory: 'd1',
    name: 'Okta production',
    hash: `hash of ${id}`,
    scope: 'provision',
    created: AT,
    expires: undefined,
    revoked: undefined,
    lastUsed: undefined,
    ...given,
  });

  test('an organization is made with its directories, or not at all', async () => {
    const { store } = temporary;
    await store.createOrganization(ACME, [APP]);
    const other = { ...ACME, id: 'o2', slug: 'other' };
    await expect(store.createOrganization({ ...ACME, id: 'o2' }, [])).rejects.toBeInstanceOf(UniqueKeyTaken);
    await expect(store.createOrganization(other, [{ ...APP, organization: 'o2' }])).rejects.toBeInstanceOf(
      UniqueKeyTaken,
    );
    expect(await store.organizations()).toEqual([ACME]);
    expect(await store.organizationBySlug('acme')).toEqual(ACME);
    expect(await store.organizationBySlug('other')).toBeUndefined();
    await store.addDirectory(BOARD);
    await expect(store.addDirectory({ ...BOARD, id: 'd3' })).rejects.toBeInstanceOf(UniqueKeyTaken);
    expect(await store.directory('o1', 'board')).toEqual(BOARD);
    expect(await store.directory('o1', 'nothing')).toBeUndefined();
    expect(await store.directoryById('d1')).toEqual({ directory: APP, organization: ACME });
    expect(await store.directoryById('d9')).toBeUndefined();
  });

  test('a directory belongs to an organization, a credential to a directory', async () => {
    const { store } = temporary;
    await expect(store.addDirectory(APP)).rejects.toThrow(/foreign key/i);
    await expect(store.insertCredential(credential('c1'))).rejects.toThrow(/foreign key/i);
  });

  test('a credential is found by its hash, listed by its organization, revoked once and there only', async () => {
    const { store } = temporary;
    await store.createOrganization(ACME, [APP, BOARD]);
    await store.createOrganization({ ...ACME, id: 'o2', slug: 'other' }, []);
    const [one, two] = [credential('c1'), credential('c2', { directory: 'd2', scope: 'read', expires: LATER })];
    await store.insertCredential(one);
    await store.insertCredential(two);
    await expect(store.insertCredential({ ...one, id: 'c3' })).rejects.toBeInstanceOf(UniqueKeyTaken);
    const owner = { id: 'o1', slug: 'acme' };
    expect(await store.credentialByHash(two.hash)).toEqual(two);
    expect(await store.credentialByHash('HASH OF c2')).toBeUndefined();
    expect(await store.credentials('o1')).toEqual([
      { ...one, application: 'app', owner },
      { ...two, application: 'board', owner },
    ]);
    expect(await store.credentials()).toEqual(await store.credentials('o1'));
    expect(await store.credentialById('c2')).toEqual({ ...two, application: 'board', owner });
    expect(await store.credentialById('c9')).toBeUndefined();
    expect(await store.credentials('o2')).toEqual([]);
    expect(await store.revokeCredential('o2', 'c1', LATER)).toBe(false);
    expect(await store.revokeCredential('o1', 'c1', LATER)).toBe(true);
    expect(await store.revokeCredential('o1', 'c1', AT)).toBe(false);
    expect(await store.credentialByHash(one.hash)).toEqual({ ...one, revoked: LATER });
    await store.touchCredential('c2', LATER);
    expect(await store.credentialByHash(two.hash)).toEqual({ ...two, lastUsed: LATER });
  });

  test('the epoch moves when a credential was revoked, here or in another process, and not when one was made', async () => {
    const { store, another } = temporary;
    await store.createOrganization(ACME, [APP]);
    await expect.poll(() => store.credentialEpoch()).toBeDefined();
    const epochs = [store.credentialEpoch()];
    await store.write('d1', async (transaction) => transaction.clearFailures('User', () => ['x']));
    await store.touchCredential('c1', AT);
    expect(store.credentialEpoch()).toBe(epochs[0]);
    await store.insertCredential(credential('c1'));
    await store.insertCredential(credential('c2'));
    expect(store.credentialEpoch()).toBe(epochs[0]);
    await store.revokeCredential('o1', 'c1', AT);
    epochs.push(store.credentialEpoch());
    const other = await another();
    await other.revokeCredential('o1', 'c2', AT);
    await expect.poll(() => epochs.includes(store.credentialEpoch())).toBe(false);
    expect(new Set(epochs).size).toBe(epochs.length);
  });
});
