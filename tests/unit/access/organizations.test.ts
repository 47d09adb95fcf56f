import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  alterOrganization,
  createCredential,
  createOrganization,
  listCredentials,
  type OrganizationAltered,
  revokeCredential,
} from '../../../src/access/index.ts';
import type { Requirements } from '../../../src/directory/index.ts';
import { openStore, type Store } from '../../../src/store/index.ts';

let folder: string;
let store: Store;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'joinery-access-'));
  store = await openStore({ url: `sqlite:${join(folder, 'joinery.db')}` });
});

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const create = (name: string, slug?: string) => createOrganization({ name, slug }, { store, applications: ['app'] });

describe('an organization', () => {
  test('gets a directory in each application', async () => {
    const made = await createOrganization({ name: 'Twofold' }, { store, applications: ['app', 'board'] });
    if (made.kind === 'refused') throw new Error(made.detail);
    const directories = [
      await store.directory(made.organization.id, 'app'),
      await store.directory(made.organization.id, 'board'),
    ];
    expect(new Set(directories.map((directory) => directory?.id)).size).toBe(2);
  });

  test.each([
    ['Acme Ltd.', 'acme-ltd'],
    ['  Böb & Co.  ', 'bob-co'],
    ['R2-D2', 'r2-d2'],
    ['__proto__', 'proto'],
    ['x'.repeat(100), 'x'.repeat(63)],
  ])('named %j has the slug %j when none is given', async (name, slug) => {
    expect(await create(name)).toMatchObject({ kind: 'made', organization: { slug } });
  });

  test.each(['hasownproperty', 'constructor', 'tostring'])(
    'T-PP-04 may have the slug %s, as any other word',
    async (slug) => {
      expect(await create('Odd', slug)).toMatchObject({ kind: 'made' });
      expect(await store.organizationBySlug(slug)).toMatchObject({ slug });
      expect(await store.organizationBySlug(`${slug}x`)).toBeUndefined();
    },
  );

  test.each([
    ['upper case', 'Acme'],
    ['an underscore', 'ac_me'],
    ['two hyphens', 'ac--me'],
    ['a hyphen at the start', '-acme'],
    ['a hyphen at the end', 'acme-'],
    ['dots', '..'],
    ['a dot', 'a.b'],
    ['a slash', 'a/b'],
    ['a space', 'a b'],
    ['a letter that only looks like one of ours', '\u0430cme'],
    ['a full-width letter', '\uff41cme'],
    ['a line break', 'acme\n'],
    ['a NUL', 'acme\0'],
    ['nothing', ''],
    ['64 characters', 'x'.repeat(64)],
    ['__proto__', '__proto__'],
    ['a reserved word', 'admin'],
    ['another reserved word', 'scim'],
  ])('T-TEN-05 is refused with a slug that has %s', async (_, slug) => {
    expect(await create('Name', slug)).toMatchObject({ kind: 'refused', detail: expect.any(String) });
    expect((await store.organizations()).some((one) => one.slug === slug)).toBe(false);
  });

  test('T-TEN-05 is refused with the slug of another', async () => {
    expect((await create('First', 'taken')).kind).toBe('made');
    expect(await create('Second', 'taken')).toMatchObject({
      kind: 'refused',
      detail: expect.stringContaining('taken'),
    });
  });

  test.each(['', '   ', 'a\nb', 'a\0', 'x'.repeat(201)])('is refused with the name %j', async (name) => {
    expect((await create(name, 'fine')).kind).toBe('refused');
  });

  test('never has a slug that Okta refuses in a base URL, or that a URL would change', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 12 }), async (slug) => {
        const made = await create('Any', slug);
        if (made.kind === 'made') {
          expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
          expect(new URL(`https://example.com/${slug}`).pathname).toBe(`/${slug}`);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('what an organization has', () => {
  test('is said when it is made, and later; what is not said stays', async () => {
    const made = await createOrganization({ name: 'Has', plan: 'pro', sso: true }, { store, applications: [] });
    expect(made).toMatchObject({ organization: { plan: 'pro', sso: true } });
    const altered = await alterOrganization('has', { plan: 'team_2.x-y' }, store);
    expect(altered).toMatchObject({ organization: { plan: 'team_2.x-y', sso: true } });
    await alterOrganization('has', { plan: null, sso: false }, store);
    const bare = await store.organizationBySlug('has');
    expect([bare?.plan, bare?.sso ?? false]).toEqual([undefined, false]);
  });

  test.each(['', 'Pro', 'a b', '-a', 'a\n', 'x'.repeat(64)])('%j is no plan', async (plan) => {
    expect((await alterOrganization('has', { plan }, store)).kind).toBe('refused');
    expect((await createOrganization({ name: 'No plan', plan }, { store, applications: [] })).kind).toBe('refused');
  });

  test('cannot be said of who is not there', async () => {
    expect(await alterOrganization('nobody', { sso: true }, store)).toMatchObject({ kind: 'refused' });
  });

  test('does not include a name that a host has already', async () => {
    const means = { store, applications: [], taken: new Set(['eu']) };
    expect(await createOrganization({ name: 'EU' }, means)).toMatchObject({ kind: 'refused' });
  });
});

describe('a credential', () => {
  const wanted = {
    organization: 'keys',
    application: undefined,
    name: 'one',
    scope: 'provision',
    expires: undefined,
  } as const;
  const applications = new Map([['app', {}]]);

  beforeAll(async () => {
    await create('Keys', 'keys');
  });

  test('is listed without its token and its hash, and revoked once', async () => {
    const made = await createCredential(wanted, { store, applications });
    if (made.kind === 'refused') throw new Error(made.detail);
    const listed = await listCredentials('keys', store);
    expect(listed).toMatchObject({
      kind: 'listed',
      credentials: [{ name: 'one', application: 'app', organization: 'keys' }],
    });
    expect(JSON.stringify(listed)).not.toMatch(new RegExp(`${made.token}|hash|directory`));
    expect(await revokeCredential(made.credential.id, store)).toMatchObject({ kind: 'revoked' });
    expect(await revokeCredential(made.credential.id, store)).toMatchObject({ kind: 'refused' });
  });

  test.each([
    ['an organization that is not there', { organization: 'nobody' }],
    ['an application that is not there', { application: 'nothing' }],
    ['no name', { name: ' ' }],
    ['a name with a line break', { name: 'a\nb' }],
    ['a moment that is past', { expires: '2020-01-01T00:00:00.000Z' }],
  ])('is refused for %s', async (_, change) => {
    expect(await createCredential({ ...wanted, ...change }, { store, applications })).toMatchObject({
      kind: 'refused',
    });
  });

  test('must name its application where there are several', async () => {
    const several = {
      store,
      applications: new Map([
        ['app', {}],
        ['board', {}],
      ]),
    };
    expect(await createCredential(wanted, several)).toMatchObject({
      kind: 'refused',
      detail: expect.stringContaining('app, board'),
    });
    // The organization was made before "board" was declared: its directory is added now.
    expect((await createCredential({ ...wanted, application: 'board' }, several)).kind).toBe('made');
    expect((await createCredential({ ...wanted, application: 'board' }, several)).kind).toBe('made');
  });

  test.each<[Requirements, OrganizationAltered, string]>([
    [{ plans: ['pro', 'enterprise'] }, {}, 'on the plan pro or enterprise, and lacking is on none'],
    [
      { plans: ['pro'] },
      { plan: 'free' },
      'and lacking is on free. When its plan has changed: organization set lacking --plan',
    ],
    [{ sso: true }, { plan: null }, 'whose people sign in by SSO'],
    [{ plans: ['pro'], sso: true }, { plan: 'pro' }, 'organization set lacking --sso'],
  ])('is refused where the application asks for %j, until the organization has it', async (requires, has, sentence) => {
    await create('Lacking', 'lacking');
    expect((await alterOrganization('lacking', has, store)).kind).toBe('made');
    const means = { store, applications: new Map([['app', requires]]) };
    const lacking = { ...wanted, organization: 'lacking' };
    expect(await createCredential(lacking, means)).toMatchObject({ detail: expect.stringContaining(sentence) });
    await alterOrganization('lacking', { plan: requires.plans?.[0], sso: requires.sso }, store);
    expect((await createCredential(lacking, means)).kind).toBe('made');
    await alterOrganization('lacking', { plan: null, sso: false }, store);
  });

  test('that is not there cannot be revoked', async () => {
    expect(await revokeCredential('none', store)).toMatchObject({ kind: 'refused' });
  });
});
